import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findArtifact } from '../../src/db/queries/artifacts.ts';
import { DATA_TYPE_LABELS } from '../../src/domain/push-options.ts';
import { type ArtifactFormat, type ArtifactKind } from '../../src/domain/push-run.ts';
import { writePlanFile, writeReports } from '../../src/runs/write-reports.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { buildPushDistrict, type PushDistrict } from '../support/push-district.ts';
import {
  figuresOfCsv,
  figuresOfDatabase,
  figuresOfView,
  figuresOfXlsx,
  readCsv,
} from '../support/report-figures.ts';
import { readWorkbook } from '../support/workbook.ts';

let database: TestDatabase;
let district: PushDistrict;
let runId: number;

const fileOf = async (kind: ArtifactKind, format: ArtifactFormat): Promise<Buffer> => {
  const file = await findArtifact(district.db, { runId, kind, format });
  if (file === undefined) throw new Error(`run ${runId} has no ${kind} as ${format}`);
  return file.body;
};

// A district that was pushed once; then master, schools, a script and the catalog go separate ways.
const SEPARATE_WAYS = [
  `update course set name = '=cmd()' where id = 1`,
  `update course_master set attrs = attrs || '{"gpa_weight": 2}' where id = 1`,
  `update course set ignore_master_push = true where id = 11`,
  `update catalog_type_lock set mode = 'unlocked' where data_type = 'assessments'`,
  `update course set number = '2020' where id = 2`,
  `insert into course (id, source_id, calendar_id, number, name) values (77, 'own', 1, '2010', 'Own Biology')`,
  `update course_master set number = '2011' where id = 2`,
];

beforeAll(async () => {
  database = await createTestDatabase();
  district = await buildPushDistrict(database.db);
  await district.execute(await district.submit());
  for (const statement of SEPARATE_WAYS) await district.run(statement);
  runId = await district.submit();
  await district.execute(runId, { writeReports });
});

afterAll(async () => {
  await database.drop();
});

describe('Given a push with mixed outcomes', () => {
  it('has the same figures in the thread, in both files and in the database', async () => {
    const view = await district.view(runId);
    const database = await figuresOfDatabase(district.db, runId, DATA_TYPE_LABELS);
    expect(Object.keys(database)).toEqual(
      expect.arrayContaining([
        'Assessments: Skipped: not locked in the catalog',
        'Course Info: Failed: desynced',
        'Course Info: Skipped: Ignore Master Push',
      ]),
    );
    expect(figuresOfView(view, DATA_TYPE_LABELS)).toEqual(database);
    expect(figuresOfCsv(await fileOf('push_report', 'csv'))).toEqual(database);
    expect(await figuresOfXlsx(await fileOf('push_report', 'xlsx'))).toEqual(database);
    const lines = Object.values(database).reduce((sum, items) => sum + items, 0);
    expect(view.artifacts.filter(({ kind }) => kind === 'push_report')).toEqual([
      expect.objectContaining({ format: 'csv', rows: lines }),
      expect.objectContaining({ format: 'xlsx', rows: lines }),
    ]);
  });

  it('logs every written item in both files, and nothing else', async () => {
    const [written] = await district.rows<{ items: number }>(
      `select count(distinct (i.course_id, i.item_label)) as items from push_item i
        join push_run r on r.plan_id = i.plan_id
        where r.id = ${runId} and i.result = 'applied' and i.op <> 'none'`,
    );
    const rows = readCsv(await fileOf('change_log', 'csv'));
    const items = rows.map((row) =>
      JSON.stringify([row['Calendar'], row['Course Number'], row['Item']]),
    );
    expect(new Set(items).size).toBe(written?.items);
    const [, table] = await readWorkbook(await fileOf('change_log', 'xlsx'));
    expect(table?.rows).toHaveLength(rows.length + 1);
  });

  it('neutralises a name that a spreadsheet would evaluate, in both files (A30)', async () => {
    const [row] = readCsv(await fileOf('push_report', 'csv')).filter(
      (line) => line['Outcome'] === 'Failed: desynced',
    );
    expect(row?.['Course Name']).toBe("'=cmd()");
    const sheets = await readWorkbook(await fileOf('push_report', 'xlsx'));
    const cells = sheets.flatMap(({ rows }) => rows.flat()).map((cell) => cell?.value);
    expect(cells).toContain("'=cmd()");
    expect(cells).not.toContain('=cmd()');
  });
});

describe('Given a planned run, when its plan is written for the approver (5.4)', () => {
  it('has a head and a line for every item, in both files', async () => {
    await writePlanFile(district.db, runId);
    const rows = readCsv(await fileOf('plan', 'csv'));
    const head: Record<string, string> = Object.fromEntries(
      rows
        .filter((row) => row['Outcome'] === 'Summary')
        .map((row) => [row['Item'] ?? '', row['After'] ?? '']),
    );
    expect(head).toMatchObject({
      Deletions: '0',
      'Courses with Ignore Master Push': '1',
      'Courses desynced': '1',
      'The year is the active one': 'Yes',
      'Summer calendars': '0',
    });
    const [summary] = await readWorkbook(await fileOf('plan', 'xlsx'));
    expect(
      Object.fromEntries(
        (summary?.rows ?? []).map(([measure, value]) => [measure?.value, String(value?.value)]),
      ),
    ).toMatchObject(head);
    const [planned] = await district.rows<{ items: number }>(
      `select p.items from push_run r join push_plan p on p.id = r.plan_id where r.id = ${runId}`,
    );
    expect(summary?.rows).toContainEqual([
      { type: 'text', value: 'Items' },
      { type: 'number', value: planned?.items },
    ]);
  });
});
