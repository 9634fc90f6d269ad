import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { exportBundle, ExportRefused } from '../../src/bundle/export-bundle.ts';
import { importBundle, type ImportedFile } from '../../src/bundle/import-bundle.ts';
import { BundleRefused } from '../../src/bundle/problems.ts';
import { type BundleTables, Folders, GRAND_BEND, rowVersions } from '../support/bundles.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { zipOf } from '../support/zips.ts';

const TODAY = '2026-11-23';
const MASTER = 'High School Catalog/ALG-1';
const CLASS = '25590100102Trad220ALG112011-2021-2022-Fall-Semester';

const folders = new Folders();
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await importBundle(database.db, GRAND_BEND, { today: TODAY });
});

afterAll(async () => {
  await folders.removeAll();
  await database.drop();
});

const importTables = async (tables: BundleTables): Promise<readonly ImportedFile[]> => {
  const { files } = await importBundle(database.db, await folders.write(tables), { today: TODAY });
  return files;
};

/** The problems of a refused bundle, after a look that nothing was written. */
async function problemsOf(source: string): Promise<BundleRefused['problems']> {
  const before = await rowVersions(database.db);
  const refusal = await importBundle(database.db, source, { today: TODAY }).catch(
    (error: unknown) => error,
  );
  expect(await rowVersions(database.db)).toStrictEqual(before);
  if (!(refusal instanceof BundleRefused)) throw new Error('the bundle was taken');
  return refusal.problems;
}

const refused = async (tables: BundleTables): Promise<BundleRefused['problems']> =>
  problemsOf(await folders.write(tables));

const rowsOf = async (query: string): Promise<unknown[]> =>
  (await sql.raw(query).execute(database.db)).rows;

describe('Given Grand Bend, when a later bundle changes it', () => {
  it.each<[what: string, BundleTables, readonly [query: string, row: unknown]]>([
    [
      'an alignment',
      {
        cmAlignments: [
          ['level', 'owner', 'gradable', 'credit', 'terms'],
          ['master', MASTER, 'six-weeks', '0.5', '1,2'],
        ],
      },
      [
        `select credit, terms from task_alignment t join setup_scope s on s.id = t.scope_id
        join course_master m on m.id = s.course_master_id
        where m.number = 'ALG-1' and t.gradable_id = 'six-weeks'`,
        { credit: 0.5, terms: [1, 2] },
      ],
    ],
    [
      'a calc option',
      {
        cmCalcOptions: [
          ['level', 'owner', 'gradable', 'term', 'calcType', 'limitLastN'],
          ['master', MASTER, 'six-weeks', '1', 'none', '3'],
        ],
      },
      [
        `select calc_type, limit_last_n, grading_scale_id from calc_option t
        join setup_scope s on s.id = t.scope_id join course_master m on m.id = s.course_master_id
        where m.number = 'ALG-1' and t.gradable_id = 'six-weeks' and t.term_seq = 1`,
        { calc_type: 'none', limit_last_n: 3, grading_scale_id: 'scale-100' },
      ],
    ],
    [
      'a composite weight',
      {
        cmComposites: [
          [
            'level',
            'owner',
            'parentGradable',
            'parentTerm',
            'childGradable',
            'childTerm',
            'weight',
          ],
          ['master', MASTER, 'semester', '3', 'six-weeks', '1', '40.5'],
        ],
      },
      [
        `select h.weight from composite_child h join composite t on t.id = h.composite_id
        join setup_scope s on s.id = t.scope_id join course_master m on m.id = s.course_master_id
        where m.number = 'ALG-1' and t.parent_term_seq = 3 and h.child_term_seq = 1
          and h.child_gradable_id = 'six-weeks'`,
        { weight: 40.5 },
      ],
    ],
    [
      'a category',
      {
        cmCategories: [
          ['category', 'level', 'owner', 'name', 'weight'],
          [`${MASTER}/Tests`, 'master', MASTER, 'Exams', '60'],
        ],
      },
      [
        `select name, weight, gradable_ids from category where source_id = '${MASTER}/Tests'`,
        { name: 'Exams', weight: 60, gradable_ids: ['six-weeks'] },
      ],
    ],
    [
      'a score',
      {
        results: [
          ['sourcedId', 'lineItemSourcedId', 'studentSourcedId', 'score', 'late'],
          ['res-1', '8907100001', '604822', '80', 'true'],
        ],
      },
      [
        `select value, flags from score where source_id = 'res-1'`,
        { value: '80', flags: ['late'] },
      ],
    ],
  ])('updates %s, and nothing beside what the file names', async (_what, tables, [query, row]) => {
    const [file] = await importTables(tables);
    expect(file).toMatchObject({ rows: 1, created: 0, updated: 1, removed: 0 });
    expect(await rowsOf(query)).toEqual([row]);
    const [again] = await importTables(tables);
    expect(again).toMatchObject({ created: 0, updated: 0, removed: 0 });
  });

  it('removes a row with status tobedeleted', async () => {
    const [file] = await importTables({
      cmCalcOptions: [
        ['level', 'owner', 'gradable', 'term', 'calcType', 'status'],
        ['master', MASTER, 'six-weeks', '2', '', 'tobedeleted'],
      ],
    });
    expect(file).toMatchObject({ created: 0, updated: 0, removed: 1 });
  });

  it('refuses to remove what student work hangs on, naming each such row, and removes none', async () => {
    const problems = await refused({
      lineItems: [
        ['sourcedId', 'title', 'classSourcedId', 'status'],
        ['8907100001', '', '', 'tobedeleted'],
      ],
      cmCategories: [
        ['category', 'level', 'owner', 'name', 'status'],
        [`${MASTER}/Homework`, 'master', MASTER, '', 'tobedeleted'],
        [`${CLASS}/Homework`, 'section', CLASS, '', 'tobedeleted'],
      ],
    });
    expect(problems).toContainEqual({
      file: 'lineItems.csv',
      line: 2,
      column: 'sourcedId',
      value: '8907100001',
      expected: 'a row that nothing hangs on, but it has scores',
    });
    expect(problems).toContainEqual(
      expect.objectContaining({ file: 'cmCategories.csv', line: 3, column: 'category' }),
    );
    expect(problems).toHaveLength(2);
  });

  it('takes two imports at once one after the other', async () => {
    const bundle = await folders.write({
      cmCatalogs: [['catalog'], ['Night School Catalog']],
    });
    const results = await Promise.all(
      [1, 2].map(() => importBundle(database.db, bundle, { today: TODAY })),
    );
    expect(results.map(({ files }) => files[0]?.created).toSorted()).toEqual([0, 1]);
  });
});

describe('Given a faulty bundle, when it is imported, then nothing is written and each fault is named', () => {
  const GRADABLES = ['gradable', 'kind', 'name'];

  it.each<[string, BundleTables, object]>([
    [
      'a column that is missing',
      {
        cmGradables: [
          ['gradable', 'kind'],
          ['x', 'task'],
        ],
      },
      { file: 'cmGradables.csv', line: 1, column: 'name', value: null, expected: 'this column' },
    ],
    [
      'a column that is unknown',
      {
        cmGradables: [
          [...GRADABLES, 'colour'],
          ['x', 'task', 'X', 'red'],
        ],
      },
      { line: 1, column: 'colour', value: 'colour', expected: 'a column of cmGradables.csv' },
    ],
    [
      'a reference to nothing',
      {
        cmAlignments: [
          ['level', 'owner', 'gradable'],
          ['master', 'No Catalog/1', 'six-weeks'],
        ],
      },
      { file: 'cmAlignments.csv', line: 2, column: 'owner', value: 'No Catalog/1' },
    ],
    [
      'an id twice',
      { cmGradables: [GRADABLES, ['x', 'task', 'X'], ['y', 'task', 'Y'], ['x', 'task', 'Z']] },
      { line: 4, column: 'gradable', value: 'x', expected: expect.stringContaining('line 2') },
    ],
    [
      'a number that is none',
      {
        cmAlignments: [
          ['level', 'owner', 'gradable', 'credit'],
          ['master', MASTER, 'semester', '1,5'],
        ],
      },
      { line: 2, column: 'credit', value: '1,5', expected: expect.stringContaining('a number') },
    ],
    [
      'a required cell that is empty',
      { cmGradables: [GRADABLES, ['x', 'task', '']] },
      { line: 2, column: 'name', value: null, expected: expect.stringContaining('not empty') },
    ],
    [
      'a row with too few cells',
      { cmGradables: [GRADABLES, ['x', 'task']] },
      { line: 2, column: null, value: '2 cells', expected: '3 cells, as many as the header has' },
    ],
    [
      'a test with two names',
      {
        cmAssessments: [
          ['level', 'owner', 'test', 'testName'],
          ['master', MASTER, 't1', 'Midterm'],
          ['master', 'High School Catalog/ALG-2', 't1', 'Final'],
        ],
      },
      {
        line: 3,
        column: 'testName',
        value: 'Final',
        expected: expect.stringContaining('first row'),
      },
    ],
    [
      'an attribute that does not exist',
      {
        cmMasters: [
          ['catalog', 'number', 'name', 'attr:mood'],
          ['High School Catalog', 'ALG-1', 'Algebra I', 'good'],
        ],
      },
      { line: 1, column: 'attr:mood', expected: 'the code of a course attribute' },
    ],
  ])('%s', async (_what, tables, problem) => {
    expect(await refused(tables)).toContainEqual(expect.objectContaining(problem));
  });

  it('lists every fault of every file, not only the first', async () => {
    const problems = await refused({
      cmGradables: [GRADABLES, ['x', 'chore', 'X'], ['y', 'task', '']],
      cmCategories: [
        ['category', 'level', 'owner', 'name', 'weight'],
        ['c', 'master', 'Nobody/1', 'C', 'heavy'],
      ],
    });
    expect(problems.map(({ file, line, column }) => [file, line, column])).toEqual([
      ['cmGradables.csv', 2, 'kind'],
      ['cmGradables.csv', 3, 'name'],
      ['cmCategories.csv', 2, 'weight'],
      ['cmCategories.csv', 2, 'owner'],
    ]);
  });

  it('a quote that is never closed, and bytes that are not UTF-8', async () => {
    const folder = await folders.make();
    await writeFile(path.join(folder, 'cmCatalogs.csv'), 'catalog\r\n"Never closed\r\nMore');
    await writeFile(
      path.join(folder, 'cmGradingScales.csv'),
      Buffer.from('gradingScale,name\na,\xff', 'latin1'),
    );
    expect(await problemsOf(folder)).toEqual([
      expect.objectContaining({
        file: 'cmCatalogs.csv',
        line: 2,
        expected: 'RFC 4180 CSV in UTF-8 (a quote is never closed)',
      }),
      expect.objectContaining({
        file: 'cmGradingScales.csv',
        expected: 'RFC 4180 CSV in UTF-8 (bytes that are not UTF-8)',
      }),
    ]);
  });

  it('a file that is neither folder nor zip, and one that is not there', async () => {
    const file = path.join(await folders.make(), 'bundle.txt');
    await writeFile(file, 'hello');
    for (const source of [file, `${file}.gone`]) {
      expect(await problemsOf(source)).toEqual([
        expect.objectContaining({ line: null, expected: 'a folder or a .zip file' }),
      ]);
    }
  });
});

describe('Given files as spreadsheets write them, when they are imported', () => {
  it('reads a byte order mark, both line ends, quotes, commas and line breaks in cells', async () => {
    const folder = await folders.make();
    await writeFile(
      path.join(folder, 'cmGradables.csv'),
      '\uFEFFgradable,kind,name\r\n"g,1",task,"x"\n'.replace('"g,1"', 'g1') +
        'g2,standard,"Says ""read, write"",\r\ntwice"\r\n\r\n',
    );
    await importBundle(database.db, folder, { today: TODAY });
    expect(
      await rowsOf(`select id, name from gradable where id in ('g1', 'g2') order by id`),
    ).toEqual([
      { id: 'g1', name: 'x' },
      { id: 'g2', name: 'Says "read, write",\r\ntwice' },
    ]);
  });

  it('warns of a file that is not of a bundle, and never reads who the students are', async () => {
    const folder = await folders.write({ notes: [['a']], demographics: [['name'], ['Ann']] });
    const { warnings } = await importBundle(database.db, folder, { today: TODAY });
    expect(warnings).toEqual([
      'demographics.csv is about people and is never read.',
      'notes.csv is not a file of a bundle and was not read.',
    ]);
  });
});

describe('Given a zip, when it is imported', () => {
  const SCALES = Buffer.from('gradingScale,name\r\nzip-scale,From a zip\r\n');

  it('reads the files, also when they stand in a folder inside', async () => {
    const zip = path.join(await folders.make(), 'bundle.zip');
    await writeFile(
      zip,
      await zipOf({ 'district/cmGradingScales.csv': SCALES, 'district/read me.txt': SCALES }),
    );
    const { files, warnings } = await importBundle(database.db, zip, { today: TODAY });
    expect(files).toEqual([expect.objectContaining({ name: 'cmGradingScales', created: 1 })]);
    expect(warnings).toEqual(['read me.txt is not a CSV file and was not read.']);
  });

  it('refuses a zip with a path that leaves it, and writes no file anywhere', async () => {
    const zip = path.join(await folders.make(), 'slip.zip');
    const honest = await zipOf({ 'aa/cmGradingScales.csv': SCALES });
    // The writer refuses such names, so the name is changed afterwards.
    await writeFile(
      zip,
      Buffer.from(honest.toString('latin1').replaceAll('aa/cm', '../cm'), 'latin1'),
    );
    expect(await problemsOf(zip)).toEqual([
      expect.objectContaining({ file: 'slip.zip', expected: 'a zip file that is not damaged' }),
    ]);
  });

  it('refuses a file that unpacks to far more than it takes', async () => {
    const zip = path.join(await folders.make(), 'bomb.zip');
    const bomb = Buffer.alloc(60_000_000, 'gradingScale,name\r\n');
    await writeFile(zip, await zipOf({ 'cmGradingScales.csv': bomb }));
    expect(await problemsOf(zip)).toEqual([
      expect.objectContaining({
        file: 'cmGradingScales.csv',
        expected: 'a file that unpacks to at most 200 times its size',
      }),
    ]);
  });

  it('refuses the same file twice, a damaged zip and a zip that is none', async () => {
    const folder = await folders.make();
    const [twice, cut, none] = ['twice', 'cut', 'none'].map((name) =>
      path.join(folder, `${name}.zip`),
    );
    const good = await zipOf({ 'a/cmGradingScales.csv': SCALES, 'b/cmGradingScales.csv': SCALES });
    await writeFile(twice ?? '', good);
    await writeFile(cut ?? '', good.subarray(0, good.length - 30));
    await writeFile(none ?? '', 'no zip');
    expect(await problemsOf(twice ?? '')).toEqual([
      expect.objectContaining({ expected: 'each file once in the zip' }),
    ]);
    for (const zip of [cut, none]) {
      expect(await problemsOf(zip ?? '')).toEqual([
        expect.objectContaining({ expected: 'a folder or a .zip file' }),
      ]);
    }
  });
});

describe('Given a folder that is not empty, when the district is exported into it', () => {
  it('writes nothing and says so', async () => {
    const folder = await folders.write({ mine: [['keep'], ['me']] });
    await expect(exportBundle(database.db, folder)).rejects.toThrow(ExportRefused);
    expect(await readFile(path.join(folder, 'mine.csv'), 'utf8')).toContain('me');
  });
});
