import { beforeEach, describe, expect, it } from '@jest/globals';
import { ALL, useFixture41, VAN_BUREN } from '../../support/fixture-41.ts';

const MIRROR = `${VAN_BUREN} 1010X`;
const world = useFixture41([
  `insert into course (id, source_id, calendar_id, course_master_id, number, name, cross_site_role, mirror_of_course_id)
    values (20, 'mirror', 2, 1, '1010X', 'Algebra', 'home_mirror', 1)`,
]);

describe('Given a master for cross-site enrollment', () => {
  beforeEach(async () => {
    await world.run(`update course_master set cross_site_enabled = true where id = 1`);
  });

  it('without the option no flag moves, although Course Info is selected (A17, X02)', async () => {
    const pushed = await world.push(ALL);
    expect(pushed.changed).toEqual({});
  });

  it('with it courses and sections are flagged; a mirror gets no grading type (A17, X03, X07)', async () => {
    await world.edit('master 1010', 'task:quarter', { credit: 1 });
    const pushed = await world.push({ ...ALL, crossSite: true });
    const flagged = { cross_site_enabled: [false, true], cross_site_offered: [false, true] };
    expect(pushed.changed).toMatchObject({
      '1010': { cross_site_enabled: [false, true] },
      '1010/1': flagged,
      [`${VAN_BUREN} 1010/2`]: flagged,
    });
    expect(Object.keys(pushed.changed).filter((name) => name.startsWith('2010'))).toEqual([]);
    expect(
      pushed.items.filter((item) => item.course === MIRROR && item.outcome === 'SKIPPED_MIRROR'),
    ).toHaveLength(6);
    expect(Object.keys(pushed.changed).filter((name) => name.startsWith(`${MIRROR} `))).toEqual([]);
  });

  it('unflagged again, a mapped section keeps its flag, the others lose theirs (A17, X06)', async () => {
    await world.push({ ...ALL, crossSite: true });
    await world.run(
      `insert into cross_site_map (serving_section_id, home_course_id, status) values (1, 20, 'mapped')`,
    );
    await world.run(`update course_master set cross_site_enabled = false where id = 1`);
    const pushed = await world.push({ ...ALL, crossSite: true });
    expect(pushed.item('1010', 'xsite', '1')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      reason: 'cross_site_mapped',
    });
    expect(pushed.changed).not.toHaveProperty('1010/1');
    expect(pushed.changed).toMatchObject({ '1010/2': { cross_site_enabled: [true, false] } });
    expect(await world.row('1010/1')).toMatchObject({ cross_site_enabled: true });
  });
});

describe("Given a teacher's category Projects with assignments", () => {
  it('a pushed Projects takes the name, the teacher\'s becomes "Projects (1)", and the change of the weight total is told (A18, C01, C05)', async () => {
    await world.add('1010/1', 'cat:Projects', { weight: 40 });
    await world.assign('1010/1', 'quarter', { category: 'Projects', due: '2023-09-01' });
    await world.add('master 1010', 'cat:Projects', { weight: 20 });
    const pushed = await world.push(ALL);
    expect(pushed.changed).toMatchObject({
      '1010/1 cat:own Projects': { name: ['Projects', 'Projects (1)'] },
      '1010/1 cat:Projects': { added: { name: 'Projects', weight: 20 } },
    });
    const renamed = pushed.items.filter((item) => item.outcome === 'RENAMED_LOCAL');
    expect(renamed).toMatchObject([
      { section: '1', detail: { weightTotal: { before: 140, after: 160 } } },
    ]);
  });
});
