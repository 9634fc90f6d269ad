import { beforeEach, describe, expect, it } from '@jest/globals';
import { ALL, useFixture41 } from '../../support/fixture-41.ts';

const world = useFixture41();
const OVERWRITE = { ...ALL, calendars: [1], mode: 'overwrite' } as const;

/** An assignment on Lab in section 1; `columns` and `values` say more about it. */
const assignment = (columns = '', values = ''): string => `
  with a as (insert into assignment (source_id, section_id, name${columns})
    values ('a', 1, 'Lab 1'${values}) returning id)
  insert into assignment_gradable select id, 'lab' from a`;
const score = (columns: string, values: string): string =>
  `insert into score (source_id, assignment_id, student_id${columns}) select 's', id, 'st1'${values} from assignment`;
const grade = (columns: string, values: string): string =>
  `insert into posted_grade (section_id, gradable_id, term_seq, student_id, ${columns}) values (1, 'lab', 1, 'st1', ${values})`;

describe("Given a course's own task Lab without counterpart at the master, when it is overwritten", () => {
  beforeEach(() => world.add('1010', 'task:lab'));

  it.each([
    ['an assignment', assignment()],
    ['a posted grade', grade('score', `'A'`)],
    ['a comment on a posted grade', grade('comment', `'absent'`)],
  ])('%s is enough to keep it: the union of all readings protects (P01)', async (_, statement) => {
    await world.run(statement);
    expect((await world.push(OVERWRITE)).changed).toEqual({});
  });

  it.each([
    ['an inactive one', assignment(', active', ', false')],
    ['one without a due date', assignment()],
    ['one due outside of every term', assignment(', due_on', `, '2031-01-01'`)],
    ['one without a score', assignment(', due_on', `, '2023-09-01'`)],
  ])('%s counts as an assignment (P02)', async (_, statement) => {
    await world.run(statement);
    const pushed = await world.push(OVERWRITE);
    expect(pushed.item('1010', 'task:lab')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      assignments: 1,
      scores: 0,
    });
  });

  it('an assignment that the teacher deleted does not count (P02)', async () => {
    await world.run(assignment(', deleted_at', ', now()'));
    expect((await world.push(OVERWRITE)).changed).toEqual({ '1010 task:lab': 'deleted' });
  });

  it.each([
    { what: 'a value', columns: ', value', values: `, '17'`, scores: 1 },
    { what: 'the flag missing', columns: ', flags', values: `, '{missing}'`, scores: 1 },
    { what: 'the flag late', columns: ', flags', values: `, '{late}'`, scores: 1 },
    { what: 'the flag exempt', columns: ', flags', values: `, '{exempt}'`, scores: 1 },
    { what: 'the flag dropped', columns: ', flags', values: `, '{dropped}'`, scores: 1 },
    { what: 'neither value nor flag', columns: '', values: '', scores: 0 },
    { what: 'a blank value', columns: ', value', values: `, '  '`, scores: 0 },
  ])('a score with $what counts $scores times (P03)', async ({ columns, values, scores }) => {
    await world.run(assignment());
    await world.run(score(columns, values));
    expect((await world.push(OVERWRITE)).item('1010', 'task:lab')).toMatchObject({ scores });
  });

  it.each([
    { what: 'a score', statement: grade('score', `'A'`), counts: { grades: 1, comments: 0 } },
    { what: 'a percent', statement: grade('percent', '91'), counts: { grades: 1, comments: 0 } },
    {
      what: 'a comment alone',
      statement: grade('comment', `'x'`),
      counts: { grades: 0, comments: 1 },
    },
  ])('a posted grade with $what protects (P04)', async ({ statement, counts }) => {
    await world.run(statement);
    expect((await world.push(OVERWRITE)).item('1010', 'task:lab')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      ...counts,
    });
  });

  it('a posted grade without score, percent or comment does not (P04)', async () => {
    await world.run(grade('comment, score', `'  ', ' '`));
    expect((await world.push(OVERWRITE)).changed).toEqual({ '1010 task:lab': 'deleted' });
  });

  it('the comment on a score counts apart from its value (P04)', async () => {
    await world.run(assignment());
    await world.run(score(', comment', `, 'see me'`));
    expect((await world.push(OVERWRITE)).item('1010', 'task:lab')).toMatchObject({
      scores: 0,
      comments: 1,
    });
  });

  it('work of a student who left the section counts (P05)', async () => {
    await world.run(
      `insert into roster (source_id, section_id, person_id, role, start_on, end_on)
       values ('r', 1, 'st1', 'student', '2023-08-01', '2023-08-20')`,
    );
    await world.run(grade('score', `'A'`));
    expect((await world.push(OVERWRITE)).changed).toEqual({});
  });
});

describe('Given evidence in one section and one term', () => {
  it('a task counts all sections together; a calc option its own term, at a section its own section (P06)', async () => {
    for (const place of ['1010', '1010/1', '1010/2'])
      for (const term of [1, 2]) await world.add(place, `calc:semester:${term}`);
    await world.assign('1010/1', 'semester', { due: '2023-09-01' });
    const pushed = await world.push(OVERWRITE);
    expect(pushed.item('1010', 'calc:semester:1')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      assignments: 1,
    });
    expect(pushed.changed).toEqual({
      '1010 calc:semester:2': 'deleted',
      '1010/1 calc:semester:2': 'deleted',
      '1010/2 calc:semester:2': 'deleted',
      '1010/2 calc:semester:1': { read_only: [false, true] },
    });
  });

  it('work without a date counts for every term (P06)', async () => {
    for (const term of [1, 2]) await world.add('1010', `calc:semester:${term}`);
    await world.assign('1010/1', 'semester');
    const pushed = await world.push({ ...OVERWRITE, toSections: false });
    for (const term of [1, 2])
      expect(pushed.item('1010', `calc:semester:${term}`)).toMatchObject({
        outcome: 'RETAINED_PROTECTED',
        assignments: 1,
      });
    expect(pushed.changed).toEqual({});
  });
});

describe('Given local setup of each type with the student work that protects it, and its like without', () => {
  it.each([
    {
      type: 'task',
      kept: '1010 task:lab',
      deleted: '1010 task:notes',
      work: grade('score', `'A'`),
    },
    {
      type: 'calc option',
      kept: '1010 calc:semester:1',
      deleted: '1010 calc:semester:2',
      work: grade('score', `'A'`).replace('lab', 'semester'),
    },
    {
      type: 'composite, by a posted grade on its parent in that term',
      kept: '1010 comp:semester:1',
      deleted: '1010 comp:semester:2',
      work: grade('percent', '80').replace('lab', 'semester'),
    },
    {
      type: 'category, by an assignment in it',
      kept: '1010/1 cat:Mine',
      deleted: '1010/1 cat:Empty',
      work: `insert into assignment (source_id, section_id, name, category_id)
        select 'm', 1, 'A 1', id from category where name = 'Mine'`,
    },
    {
      type: 'assessment, by a test score through a section of the course',
      kept: '1010 assess:unit',
      deleted: '1010 assess:quiz',
      work: `insert into test_score (test_id, student_id, section_id) values ('unit', 'st1', 2)`,
    },
  ])('overwrite keeps the $type, and deletes the other (P07)', async ({ kept, deleted, work }) => {
    await world.run(`insert into test (id, name) values ('quiz', 'Quiz')`);
    for (const name of [kept, deleted]) {
      const [place = '', key = ''] = name.split(/ (.*)/);
      await world.add(place, key);
    }
    await world.run(work);
    const pushed = await world.push(OVERWRITE);
    const gone = Object.entries(pushed.changed).filter(([, change]) => change === 'deleted');
    expect(gone).toEqual([[deleted.replace('cat:', 'cat:own '), 'deleted']]);
  });

  it('nothing protects an attribute (P07)', async () => {
    await world.set('1010', { state_code: 'X' });
    await world.post('1010/1', 'quarter:1');
    expect((await world.push(OVERWRITE)).changed).toEqual({ '1010': { state_code: ['X', 'M1'] } });
  });
});
