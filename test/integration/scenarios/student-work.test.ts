import { describe, expect, it } from '@jest/globals';
import { ALL, useFixture41 } from '../../support/fixture-41.ts';

const world = useFixture41();
const OVERWRITE = { ...ALL, mode: 'overwrite' } as const;
const STUDENT_WORK = [
  'assignment',
  'assignment_gradable',
  'score',
  'posted_grade',
  'test_score',
  'roster',
].map((table) => `table ${table}`);

describe('Given assignments, scores, posted grades, comments and test scores on setup that comes and goes', () => {
  it('every one of them is the same after any push, in both modes (A14, P11)', async () => {
    await world.add('1010', 'task:lab');
    for (const gradable of ['quarter', 'lab', 'semester'])
      await world.assign('1010/1', gradable, {
        category: 'Tests',
        due: '2023-09-01',
        comment: 'well done',
      });
    await world.post('1010/1', 'final:4', { percent: 91.5, comment: 'steady' });
    await world.post('1010/2', 'quarter:1');
    await world.takeTest('1010/1', 'eoc');
    await world.run(
      `insert into roster (source_id, section_id, person_id, role) values ('r1', 1, 'st1', 'student')`,
    );
    for (const key of ['comp:final:4', 'task:quarter', 'task:final', 'cat:Tests', 'assess:eoc'])
      await world.remove('master 1010', key);
    await world.add('1010/1', 'cat:Mine');
    for (const wish of [ALL, OVERWRITE, ALL]) {
      const pushed = await world.push({ ...wish, crossSite: true });
      expect(Object.keys(pushed.changed).filter((name) => STUDENT_WORK.includes(name))).toEqual([]);
    }
    expect(await world.row('1010/1 cat:Tests')).toBeDefined();
    expect(await world.row('1010 task:quarter')).toBeDefined();
    expect(await world.row('1010 assess:eoc')).toBeDefined();
  });
});

describe("Given a course's own task with one piece of student work", () => {
  const assignment = `with a as (insert into assignment (source_id, section_id, name, active)
    values ('a', 1, 'Lab 1', false) returning id)
    insert into assignment_gradable select id, 'lab' from a`;
  it.each([
    {
      work: 'a bare assignment, inactive and without a date',
      statements: [assignment],
      counts: { assignments: 1 },
    },
    {
      work: 'a score with a flag and no value',
      statements: [
        assignment,
        `insert into score (source_id, assignment_id, student_id, flags) select 's', id, 'st1', '{missing}' from assignment`,
      ],
      counts: { assignments: 1, scores: 1, comments: 0 },
    },
    {
      work: 'a posted grade that is only a comment',
      statements: [
        `insert into posted_grade (section_id, gradable_id, term_seq, student_id, comment) values (1, 'lab', 1, 'st1', 'absent')`,
      ],
      counts: { assignments: 0, grades: 0, comments: 1 },
    },
    {
      work: 'the grade of a student who left',
      statements: [
        `insert into roster (source_id, section_id, person_id, role, end_on) values ('r', 1, 'st9', 'student', '2023-09-01')`,
        `insert into posted_grade (section_id, gradable_id, term_seq, student_id, score) values (1, 'lab', 1, 'st9', 'A')`,
      ],
      counts: { assignments: 0, grades: 1, comments: 0 },
    },
  ])('an overwrite keeps it for $work alone (A15)', async ({ statements, counts }) => {
    await world.add('1010', 'task:lab');
    await world.add('1010', 'task:notes');
    for (const statement of statements) await world.run(statement);
    const pushed = await world.push(OVERWRITE);
    expect(pushed.item('1010', 'task:lab')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      reason: 'student_work',
      ...counts,
    });
    expect(pushed.changed).toEqual({ '1010 task:notes': 'deleted' });
  });
});
