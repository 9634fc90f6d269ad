import { describe, expect, it } from '@jest/globals';
import { type PushWish } from '../../support/high-school.ts';
import { useWorld } from '../../support/world.ts';

const XSITE: PushWish = { types: ['course_info'], crossSite: true };
const flag = (on: boolean): Promise<void> =>
  world.run(`update course_master set cross_site_enabled = ${on} where id = 1`);

const world = useWorld({
  pushed: { toSections: true },
  fixture: [
    `insert into school (id, source_id, name) values (2, 'vb', 'Van Buren High')`,
    `insert into calendar (id, source_id, school_id, school_year_id, name) values
      (2, 'vb/2024', 2, 1, 'Van Buren'), (3, 'vb/2024s', 2, 1, 'Van Buren Summer')`,
    `insert into course (id, source_id, calendar_id, course_master_id, number, name) values
      (11, 'v1010', 2, 1, '1010', 'Algebra I'), (12, 'v2010', 2, 2, '2010', 'Biology'), (13, 'vs', 3, 1, '1010', 'Algebra I')`,
    `insert into section (id, source_id, course_id, number) values (11, 'vs1', 11, '1')`,
  ],
});

const flaggedCourse = { cross_site_enabled: [false, true] };
const flaggedSection = { cross_site_enabled: [false, true], cross_site_offered: [false, true] };

describe.each(['push_locked', 'overwrite'] as const)(
  'Given the cross-site flag of a master, mode %s',
  (mode) => {
    it('without the option nothing of it moves, even with Course Info selected (X02)', async () => {
      await flag(true);
      expect((await world.push({ mode, toSections: true })).changed).toEqual({});
    });

    it('with the option the course, its sections and their offer follow, without pushing to sections (X01, X03, M03, M24)', async () => {
      await flag(true);
      const pushed = await world.push({ ...XSITE, mode });
      expect(pushed.item('1010', 'xsite')).toMatchObject({ outcome: 'UPDATED' });
      expect(pushed.item('1010', 'xsite', '2')).toMatchObject({ outcome: 'UPDATED' });
      expect(pushed.changed).toEqual({
        1010: flaggedCourse,
        '1010/1': flaggedSection,
        '1010/2': flaggedSection,
      });
      expect((await world.push({ ...XSITE, mode })).writes).toBe(0);
      await flag(false);
      expect((await world.push({ ...XSITE, mode })).changed).toEqual({
        1010: { cross_site_enabled: [true, false] },
        '1010/1': { cross_site_enabled: [true, false] },
        '1010/2': { cross_site_enabled: [true, false] },
      });
    });

    it('moves whatever the catalog locks: no lock is needed, and a flag set by hand follows the master again (X05)', async () => {
      await world.run(`delete from catalog_type_lock`);
      await world.run(`delete from catalog_attribute_lock`);
      await flag(true);
      await world.run(`update course set cross_site_enabled = true where id = 2`);
      const pushed = await world.push({ ...XSITE, mode });
      expect(pushed.changed).toEqual({
        1010: flaggedCourse,
        '1010/1': flaggedSection,
        '1010/2': flaggedSection,
        2010: { cross_site_enabled: [true, false] },
      });
    });

    it('reports one line per school without the switch, naming the school, and writes the others (X04)', async () => {
      await flag(true);
      const pushed = await world.push({ ...XSITE, mode, calendars: [1, 2, 3] });
      expect(pushed.items.filter((item) => item.key.startsWith('xsite:'))).toMatchObject([
        { key: 'xsite:vb', outcome: 'SKIPPED_DEPENDENCY', reason: 'school_cross_site_off' },
      ]);
      expect(pushed.changed).toMatchObject({ 1010: flaggedCourse });
      expect(
        Object.entries(pushed.changed).filter(
          ([name, change]) =>
            name.startsWith('Van Buren') && 'cross_site_enabled' in Object(change),
        ),
      ).toEqual([]);
    });

    it("names the district's switch, once per school, when the district does not take part (X04)", async () => {
      await flag(true);
      await world.run(`update district set cross_site_participation = 'disable'`);
      const pushed = await world.push({ ...XSITE, mode, calendars: [1, 2] });
      expect(pushed.items.filter((item) => item.key.startsWith('xsite'))).toMatchObject([
        { key: 'xsite:hh', outcome: 'SKIPPED_DEPENDENCY', reason: 'district_cross_site_off' },
        { key: 'xsite:vb', outcome: 'SKIPPED_DEPENDENCY', reason: 'district_cross_site_off' },
      ]);
      expect(pushed.changed).not.toHaveProperty(['1010']);
    });

    it.each([
      [
        'is mapped',
        `insert into cross_site_map (serving_section_id, home_course_id, status) values (1, 2, 'mapped')`,
      ],
      [
        'has cross-site students',
        `with m as (insert into cross_site_map (serving_section_id, home_course_id, status)
         values (1, 2, 'closed') returning id)
       insert into roster (source_id, section_id, person_id, role, via_cross_site_map_id)
         select 'r1', 1, 'st1', 'student', id from m`,
      ],
    ])('does not un-flag a section that %s (X06)', async (_how, statement) => {
      await flag(true);
      await world.push(XSITE);
      await world.run(statement);
      await flag(false);
      const pushed = await world.push({ ...XSITE, mode });
      expect(pushed.item('1010', 'xsite', '1')).toMatchObject({
        outcome: 'RETAINED_PROTECTED',
        reason: 'cross_site_mapped',
      });
      expect(pushed.changed).toEqual({
        1010: { cross_site_enabled: [true, false] },
        '1010/2': { cross_site_enabled: [true, false] },
      });
      const again = await world.push({ ...XSITE, mode });
      expect(again.item('1010', 'xsite', '1')).toMatchObject({ outcome: 'RETAINED_PROTECTED' });
      expect(again.writes).toBe(0);
    });

    it("leaves a school's offer, mappings and rosters as they are (X11)", async () => {
      await flag(true);
      await world.push(XSITE);
      await world.run(`update section set cross_site_offered = false where id = 1`);
      for (const enabled of [false, true]) {
        await flag(enabled);
        await world.push({ ...XSITE, mode });
        expect(await world.row('1010/1')).toMatchObject({
          cross_site_enabled: enabled,
          cross_site_offered: false,
        });
      }
      await world.run(
        `insert into cross_site_map (serving_section_id, home_course_id, home_period, status) values (1, 2, '3', 'mapped')`,
      );
      await world.run(
        `insert into roster (source_id, section_id, person_id, role, via_cross_site_map_id)
       select 'r1', 1, 'st1', 'student', id from cross_site_map`,
      );
      await world.set('master 1010', { state_code: 'M2' });
      expect((await world.push({ ...XSITE, mode, toSections: true })).changed).toEqual({
        1010: { state_code: ['M1', 'M2'] },
      });
    });
  },
);
