import { describe, expect, it } from '@jest/globals';
import { type Person } from '../../src/domain/ports.ts';
import { DATA_TYPES } from '../../src/domain/push-options.ts';
import { type SetupReportRequest } from '../../src/domain/setup-report.ts';
import { setupReports } from '../../src/runs/setup-reports.ts';
import { ALL, useFixture41 } from '../support/fixture-41.ts';
import { readCsv } from '../support/report-figures.ts';
import { readWorkbook } from '../support/workbook.ts';

const world = useFixture41();
const READ = { read: true, write: false, add: false, delete: false };
const person: Person = {
  ...{ id: 1, slackTeamId: 'T1', slackUserId: 'U1', name: 'Alice' },
  rights: {
    tools: { residual_data_report: READ, awaiting_push_report: READ, course_audit_report: READ },
    modifiableCalendars: new Set(),
    visibleCalendars: new Set([1, 2, 3, 4]),
  },
};

type Line = Readonly<Record<string, string>>;

async function make(change: Partial<SetupReportRequest> = {}): Promise<Line[]> {
  const { files } = await setupReports(world.school.db).make({
    ...{ person, report: 'residual', schoolYearId: 1, catalogId: 1, calendarIds: [] },
    ...{ dataTypes: DATA_TYPES, withRemovals: false, withLinked: false },
    ...change,
  });
  return readCsv(files.find(({ fileName }) => fileName.endsWith('.csv'))?.body ?? Buffer.of());
}

const itemsOf = (lines: readonly Line[]): string[] =>
  lines.map((line) => `${line['Course Number']} ${line['Data Type']}: ${line['Item']}`);

describe('The Residual Data Report', () => {
  it('Given Lab made at the course with an assignment and Notes with nothing, then Lab is listed with its section and Notes only among what goes; realigned, it goes too (A08)', async () => {
    await world.add('2010', 'task:lab', {});
    await world.add('2010', 'task:notes', {});
    await world.assign('2010/1', 'lab', { due: '2023-09-01' });
    expect(await make()).toEqual([
      expect.objectContaining({
        Year: '23-24',
        Calendar: '23-24 Harrison High',
        'Course Number': '2010',
        'Course Master Number': '2010',
        Level: 'Course',
        'Data Type': 'Grading Tasks/Standards',
        Item: 'Lab',
        'Managed By': 'Course',
        'Residual Since': '',
        Assignments: '1',
        'Sections With Data': 'section 1: 1 assignment',
        'Last Activity Date': '2023-09-01',
        Action: 'Realign or delete the assignments and grades, then push in Overwrite mode.',
      }),
    ]);
    const all = await make({ withRemovals: true });
    expect(all.map(({ Item, Action }) => [Item, Action])).toEqual([
      ['Lab', expect.stringContaining('Realign')],
      ['Notes', 'Nothing to do: the next overwrite of this type removes it.'],
    ]);
    await world.run(`update assignment_gradable set gradable_id = 'quarter'`);
    expect(await make()).toEqual([]);
    const overwrite = await world.push({ ...ALL, mode: 'overwrite' });
    expect(overwrite.item('2010', 'task:lab')).toMatchObject({ outcome: 'DELETED' });
  });

  it('finds what no push has marked: rows left behind by other tools, at courses and sections (R09)', async () => {
    await world.remove('master 1010', 'assess:eoc');
    await world.run(
      `insert into test_score (test_id, student_id, section_id) values ('eoc', 'st1', 1)`,
    );
    await world.add('1010/2', 'cat:Own work', {});
    await world.assign('1010/2', 'quarter', { category: 'Own work', due: '2023-10-02' });
    const lines = await make();
    expect(itemsOf(lines)).toEqual([
      '1010 Assessments: End of Course',
      '1010 Categories: Own work',
    ]);
    expect(lines[1]).toMatchObject({
      Level: 'Section',
      Section: '2',
      'Managed By': 'Teacher',
      'Sections With Data': 'section 2: 1 assignment',
    });
    await world.push({ ...ALL, mode: 'overwrite' });
    const [marked] = await make({ dataTypes: ['assessments'] });
    expect(marked).toMatchObject({ Scores: '<10' });
    expect(marked?.['From Run']).not.toBe('');
  });

  it('leaves everything as it was, the numbers of runs included', async () => {
    const state = `select (select last_value from push_run_id_seq) as runs,
      (select count(*) from push_run) as rows, (select count(*) from push_item) as items`;
    const before = await world.school.rows(state);
    await make({ withRemovals: true });
    expect(await world.school.rows(state)).toEqual(before);
  });

  it('lists calendars with a right only, no type the catalog does not lock, and the kinds asked for', async () => {
    await world.add('2010', 'task:lab', {});
    await world.assign('2010/1', 'lab');
    expect(await make({ dataTypes: ['categories'] })).toEqual([]);
    await world.run(`update catalog_type_lock set mode = 'unlocked'
      where data_type = 'grading_tasks_standards'`);
    expect(await make()).toEqual([]);
    await world.run(`update catalog_type_lock set mode = 'hard'`);
    const seesVanBuren = { ...person.rights, visibleCalendars: new Set([2]) };
    expect(await make({ person: { ...person, rights: seesVanBuren } })).toEqual([]);
    await expect(
      make({ person: { ...person, rights: seesVanBuren }, calendarIds: [1] }),
    ).rejects.toThrow('You have a right on none of these calendars.');
    const none = {
      tools: {},
      modifiableCalendars: new Set<number>(),
      visibleCalendars: new Set([1]),
    };
    await expect(make({ person: { ...person, rights: none } })).rejects.toThrow(
      'You lack: Read on Residual Data Report.',
    );
  });

  it('neutralises cells in both formats, and holds no student and no score (A30)', async () => {
    await world.add('1010/1', 'cat:=HYPERLINK("x")', {});
    await world.assign('1010/1', 'quarter', { category: '=HYPERLINK("x")', comment: 'Well done' });
    const { files } = await setupReports(world.school.db).make({
      ...{ person, report: 'residual', schoolYearId: 1, catalogId: 1, calendarIds: [1] },
      ...{ dataTypes: DATA_TYPES, withRemovals: true, withLinked: false },
    });
    expect(files.map(({ fileName }) => fileName)).toEqual([
      'residual-high-school-catalog-23-24.csv',
      'residual-high-school-catalog-23-24.xlsx',
    ]);
    const [csv, xlsx] = files;
    const text = csv?.body.toString('utf8') ?? '';
    expect(text).toContain(`"'=HYPERLINK(""x"")"`);
    expect(text).not.toMatch(/st1|Well done/);
    const sheets = await readWorkbook(xlsx?.body ?? Buffer.of());
    expect(JSON.stringify(sheets)).toContain(`'=HYPERLINK`);
  });
});

describe('The Awaiting Push Report', () => {
  const awaiting = (change: Partial<SetupReportRequest> = {}): Promise<Line[]> =>
    make({ report: 'awaiting-push', ...change });

  it('Given changes at the masters, then it lists each of grading setup; after a push only what was not delivered, with the reason (A29)', async () => {
    await world.edit('master 2010', 'task:quarter', { credit: 0.75 });
    await world.edit('1010', 'task:quarter', { credit: 9 });
    await world.edit('master 1010', 'task:quarter', { credit: 0.8 });
    await world.set('master 2010', { state_code: 'NEW' });
    const before = await awaiting({ calendarIds: [1] });
    expect(
      before.map((line) => [line['Course Number'], line['Change'], line['Reason Not Pushed']]),
    ).toEqual([
      ['1010', 'Changed', 'Desynced'],
      ['2010', 'Changed', 'Not pushed since the change'],
    ]);
    expect(before[1]).toMatchObject({
      'Data Type': 'Grading Tasks/Standards',
      Item: 'Quarter',
      Field: 'Credit',
      'Course Value': '0.5',
      'Master Value': '0.75',
    });
    await world.push(ALL);
    expect((await awaiting({ calendarIds: [1] })).map((line) => line['Reason Not Pushed'])).toEqual(
      ['Desynced'],
    );
  });

  it('tells why: kind or calendar not selected, Ignore Master Push (A29, A02)', async () => {
    await world.edit('master 2010', 'cat:Homework', { weight: 70 });
    await world.run(`update course set ignore_master_push = true where number = '3010'`);
    await world.push({ ...ALL, calendars: [1], types: ['assessments'] });
    const lines = await awaiting();
    expect(
      lines.map((line) => [line['Calendar'], line['Course Number'], line['Reason Not Pushed']]),
    ).toEqual([
      ['23-24 Harrison High', '2010', 'Kind of data not selected in the last push'],
      ['23-24 Harrison High', '3010', 'Ignore Master Push'],
      ['23-24 Van Buren High', '2010', 'Calendar not selected in the last push'],
      ['23-24 Van Buren High', '3010', 'Ignore Master Push'],
    ]);
  });
});

describe('Master Changed At', () => {
  const now = async (): Promise<string> => {
    const [row] = await world.school.rows<{ now: Date }>(`select clock_timestamp() as now`);
    return row?.now.toISOString() ?? '';
  };
  type Span = readonly [from: string, to: string];
  const during = async (change: () => Promise<void>): Promise<Span> => {
    const from = await now();
    await change();
    return [from, await now()];
  };
  const changedAt = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await make({ report: 'awaiting-push', calendarIds: [1] })).map((line) => [
        `${line['Course Number']} ${line['Item']} ${line['Change']}`,
        line['Master Changed At'] ?? '',
      ]),
    );

  it('Given items changed, removed and added at masters by SQL one after the other, then each tells its own last change; rows written as they were, and a push, are none (5.6)', async () => {
    await world.edit('1010', 'cat:Homework', { weight: 5 });
    await world.run(`update course set ignore_master_push = true where number = '3010'`);
    const changed = [
      await during(() => world.edit('master 2010', 'cat:Homework', { weight: 70 })),
      await during(() => world.remove('master 2010', 'comp:final:4')),
      await during(() => world.add('master 2010', 'task:lab', {})),
      await during(() => world.edit('master 3010', 'calc:quarter:1', { use_score_percent: true })),
    ];
    await world.run(`update category set weight = weight`);
    const lines = await changedAt();
    const expected: readonly (readonly [string, Span | undefined])[] = [
      ['2010 Homework Changed', changed[0]],
      ['2010 Final, term 4 Removed', changed[1]],
      ['2010 Final, term 4: Quarter, term 1 Removed', changed[1]],
      ['2010 Lab Added', changed[2]],
      ['3010 Whole course ', changed[3]],
    ];
    for (const [line, [from, to] = ['', '']] of expected) {
      const at = lines[line] ?? '';
      expect([line, from <= at && at <= to]).toEqual([line, true]);
    }
    await world.push(ALL);
    expect(await changedAt()).toMatchObject({
      '3010 Whole course ': lines['3010 Whole course '],
    });
  });

  it('Given masters that nobody changed since before that was noted, then it is blank', async () => {
    await world.run(`delete from master_change`);
    await world.edit('1010', 'cat:Homework', { weight: 5 });
    expect(await changedAt()).toEqual({ '1010 Homework Changed': '' });
  });
});

describe('The Course Awaiting Push Report', () => {
  const awaiting = (change: Partial<SetupReportRequest> = {}): Promise<Line[]> =>
    make({ report: 'course-awaiting-push', ...change });

  it('Given a change at a course and one at its master, then it lists the sections that wait for the course alone, until Push All Courses (5.7, E09)', async () => {
    expect(await awaiting()).toEqual([]);
    await world.edit('1010', 'cat:Homework', { weight: 70 });
    await world.edit('master 2010', 'cat:Homework', { weight: 80 });
    const lines = await awaiting();
    expect(lines.map((line) => [line['Course Number'], line['Section']])).toEqual([
      ['1010', '1'],
      ['1010', '2'],
    ]);
    expect(lines[0]).toMatchObject({
      Calendar: '23-24 Harrison High',
      'Data Type': 'Categories',
      Item: 'Homework',
      Change: 'Changed',
      Field: 'Weight',
      'Course Value': '70',
      'Reason Not Pushed': 'Not pushed since the change',
    });
    expect(Object.keys(lines[0] ?? {})).not.toContain('Master Value');
    expect(await awaiting({ dataTypes: ['grade_calc_options'] })).toEqual([]);
    await world.push({ kind: 'push_all_courses', calendars: [2] });
    expect((await awaiting()).map((line) => line['Reason Not Pushed'])).toEqual([
      'Calendar not selected in the last push',
      'Calendar not selected in the last push',
    ]);
    await world.push({ kind: 'push_all_courses', calendars: [1] });
    expect(await awaiting()).toEqual([]);
  });
});

describe('The Course Audit Report', () => {
  it('lists a course that was never linked although a master has its number, and on demand every linked one (G09, 5.8)', async () => {
    await world.run(
      `insert into course_master (id, catalog_id, number, name) values (90, 1, '9000', 'Free')`,
    );
    await world.run(
      `insert into course (id, source_id, calendar_id, number, name) values
        (90, 'free', 1, '9000', 'Free Course'), (91, 'own', 1, '9001', 'Own Course')`,
    );
    expect(await make({ report: 'audit' })).toEqual([
      expect.objectContaining({
        'Course Number': '9000',
        'Course Master Name': 'Free',
        Status: 'Not Linked',
        Item: 'Whole course',
        Cause: 'Never linked; a course master has its number.',
      }),
    ]);
    await world.edit('1010', 'task:quarter', { credit: 9 });
    const all = await make({ report: 'audit', withLinked: true, calendarIds: [1] });
    expect(all.map((line) => [line['Course Number'], line['Status']])).toEqual([
      ['1010', 'Desynced'],
      ['2010', 'Linked'],
      ['3010', 'Linked'],
      ['9000', 'Not Linked'],
    ]);
  });

  it.each([
    [
      'a value changed',
      `update task_alignment set score_group_id = 'B' where gradable_id = 'quarter'
        and scope_id = (select id from setup_scope where course_id = 1)`,
      { Item: 'Quarter', 'Course Value': 'B', 'Last Pushed Value': 'A', 'Master Value': 'A' },
    ],
    [
      'a row deleted',
      `delete from task_alignment where gradable_id = 'semester'
        and scope_id = (select id from setup_scope where course_id = 1)`,
      { Item: 'Semester', 'Course Value': '(none)', Cause: 'The pushed item was deleted here.' },
    ],
    [
      'the link to the master cleared',
      `update course set course_master_id = null where id = 1`,
      { Item: 'Whole course' },
    ],
  ])('Given %s by SQL, then the course is listed as desynced (A06)', async (_, statement, line) => {
    expect(await make({ report: 'audit' })).toEqual([]);
    await world.run(statement);
    expect(await make({ report: 'audit' })).toEqual([
      expect.objectContaining({
        Catalog: 'High School Catalog',
        Calendar: '23-24 Harrison High',
        'Course Number': '1010',
        'Course Master Name': 'Algebra I',
        Status: 'Desynced',
        Sections: '2',
        ...line,
      }),
    ]);
  });
});
