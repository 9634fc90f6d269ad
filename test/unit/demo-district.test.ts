import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { type DemoDistrict, writeDemoDistrict } from '../../playground/demo-district/generate.ts';
import { type Outcome } from '../../src/domain/outcome.ts';

type Row = Readonly<Record<string, string>>;
type Bundle = ReadonlyMap<string, readonly Row[]>;

const GRAND_BEND = path.join(import.meta.dirname, '../../data/grand-bend');
const KEYS: Readonly<Record<string, readonly string[]>> = {
  manifest: ['propertyName'],
  cmCalendars: ['calendar'],
  cmCatalogs: ['catalog'],
  cmCatalogSchools: ['catalog', 'orgSourcedId', 'schoolYear'],
  cmCatalogLocks: ['catalog', 'dataType', 'attribute'],
  cmAttributes: ['code'],
  cmMasters: ['catalog', 'number'],
  cmCourses: ['courseSourcedId'],
  cmSections: ['classSourcedId'],
  cmGradables: ['gradable'],
  cmScoreGroups: ['scoreGroup', 'score'],
  cmGradingScales: ['gradingScale'],
  cmAlignments: ['level', 'owner', 'gradable'],
  cmCalcOptions: ['level', 'owner', 'gradable', 'term'],
  cmComposites: ['level', 'owner', 'parentGradable', 'parentTerm', 'childGradable', 'childTerm'],
  cmCategories: ['category'],
  cmAssessments: ['level', 'owner', 'test'],
  cmAssignments: ['lineItemSourcedId'],
  cmPostedGrades: ['classSourcedId', 'gradable', 'term', 'studentSourcedId'],
  cmTestScores: ['test', 'studentSourcedId', 'classSourcedId'],
  cmCrossSiteMaps: ['servingClassSourcedId', 'homeCourseSourcedId'],
  cmLinks: ['level', 'owner', 'dataType', 'itemKey'],
};
/** [file, column, file and column that know every value of it]; a cell may hold a list. */
const REFERENCES: readonly (readonly [string, string, string, string])[] = [
  ['orgs', 'parentSourcedId', 'orgs', 'sourcedId'],
  ['courses', 'orgSourcedId', 'orgs', 'sourcedId'],
  ['courses', 'schoolYearSourcedId', 'academicSessions', 'sourcedId'],
  ['classes', 'termSourcedIds', 'academicSessions', 'sourcedId'],
  ['classes', 'courseSourcedId', 'courses', 'sourcedId'],
  ['enrollments', 'userSourcedId', 'users', 'sourcedId'],
  ['enrollments', 'classSourcedId', 'classes', 'sourcedId'],
  ['lineItems', 'classSourcedId', 'classes', 'sourcedId'],
  ['results', 'lineItemSourcedId', 'lineItems', 'sourcedId'],
  ['results', 'studentSourcedId', 'users', 'sourcedId'],
  ['cmCourses', 'calendar', 'cmCalendars', 'calendar'],
  ['cmCourses', 'mirrorOfCourseSourcedId', 'courses', 'sourcedId'],
  ['cmSections', 'teacher', 'users', 'sourcedId'],
  ['cmPostedGrades', 'studentSourcedId', 'users', 'sourcedId'],
  ['cmTestScores', 'studentSourcedId', 'users', 'sourcedId'],
  ['cmCrossSiteMaps', 'servingClassSourcedId', 'classes', 'sourcedId'],
  ['cmCrossSiteMaps', 'homeCourseSourcedId', 'courses', 'sourcedId'],
  ['cmAlignments', 'gradable', 'cmGradables', 'gradable'],
  ['cmAlignments', 'scoreGroup', 'cmScoreGroups', 'scoreGroup'],
  ['cmCalcOptions', 'gradable', 'cmGradables', 'gradable'],
  ['cmCalcOptions', 'gradingScale', 'cmGradingScales', 'gradingScale'],
  ['cmComposites', 'parentGradable', 'cmGradables', 'gradable'],
  ['cmComposites', 'childGradable', 'cmGradables', 'gradable'],
  ['cmCategories', 'gradables', 'cmGradables', 'gradable'],
  ['cmAssignments', 'gradables', 'cmGradables', 'gradable'],
  ['cmAssignments', 'lineItemSourcedId', 'lineItems', 'sourcedId'],
  ['cmPostedGrades', 'gradable', 'cmGradables', 'gradable'],
  ['cmAssessments', 'standard', 'cmGradables', 'gradable'],
];

const folders: string[] = [];

async function generate(seed = 2026): Promise<{ folder: string; made: DemoDistrict }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'demo-district-'));
  folders.push(folder);
  return { folder, made: await writeDemoDistrict(folder, { schools: 6, seed }) };
}

async function readBundle(folder: string): Promise<Bundle> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.csv'));
  const entries = names.map(async (name): Promise<[string, Row[]]> => {
    const text = await readFile(path.join(folder, name), 'utf8');
    return [name.replace('.csv', ''), parse<Row>(text, { columns: true })];
  });
  return new Map(await Promise.all(entries));
}

async function digest(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(folder)).toSorted()) {
    hash.update(name).update(await readFile(path.join(folder, name)));
  }
  return hash.digest('hex');
}

function rowsOf(bundle: Bundle, file: string): readonly Row[] {
  return bundle.get(file) ?? [];
}

function cells(bundle: Bundle, file: string, column: string): string[] {
  return rowsOf(bundle, file).map((row) => row[column] ?? '');
}

function joined(row: Row, columns: readonly string[]): string {
  return columns.map((column) => row[column] ?? '').join('/');
}

let demo: { folder: string; made: DemoDistrict };
let bundle: Bundle;
let grandBend: Bundle;

beforeAll(async () => {
  demo = await generate();
  bundle = await readBundle(demo.folder);
  grandBend = await readBundle(GRAND_BEND);
});

afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
});

describe('Demo district: the bundle', () => {
  it('is the same bytes for the same options, and others for another seed', async () => {
    const [again, other] = [await generate(), await generate(7)];
    expect(await digest(again.folder)).toBe(await digest(demo.folder));
    expect(await digest(other.folder)).not.toBe(await digest(demo.folder));
  });

  it('refuses a district too small for its stories', async () => {
    await expect(writeDemoDistrict(demo.folder, { schools: 5 })).rejects.toThrow(RangeError);
  });

  it('has every key once in every file', () => {
    for (const [file, rows] of bundle) {
      const keys = rows.map((row) => joined(row, KEYS[file] ?? ['sourcedId']));
      expect({ file, keys: new Set(keys).size }).toEqual({ file, keys: rows.length });
    }
  });

  it('has course numbers once a calendar, section numbers once a course, category names once an owner', () => {
    const calendars = new Map(
      rowsOf(bundle, 'cmCourses').map((row) => [row['courseSourcedId'], row['calendar']]),
    );
    const lists = [
      rowsOf(bundle, 'courses').map(
        (row) => `${calendars.get(row['sourcedId']) ?? ''}/${row['courseCode'] ?? ''}`,
      ),
      rowsOf(bundle, 'classes').map((row) => joined(row, ['courseSourcedId', 'classCode'])),
      rowsOf(bundle, 'cmCategories').map((row) => joined(row, ['owner', 'name'])),
    ];
    for (const list of lists) expect(new Set(list).size).toBe(list.length);
  });

  it('shares no identity with Grand Bend, so that both fit one database', () => {
    const identities: readonly (readonly [string, string])[] = [
      ['orgs', 'sourcedId'],
      ['academicSessions', 'sourcedId'],
      ['academicSessions', 'schoolYear'],
      ['courses', 'sourcedId'],
      ['classes', 'sourcedId'],
      ['lineItems', 'sourcedId'],
      ['results', 'sourcedId'],
      ['results', 'studentSourcedId'],
      ['cmCatalogs', 'catalog'],
      ['cmGradables', 'gradable'],
      ['cmScoreGroups', 'scoreGroup'],
      ['cmGradingScales', 'gradingScale'],
      ['cmAssessments', 'test'],
      ['cmCategories', 'category'],
    ];
    for (const [file, column] of identities) {
      const theirs = new Set(cells(grandBend, file, column));
      expect(theirs.size).toBeGreaterThan(0);
      expect(cells(bundle, file, column).filter((value) => theirs.has(value))).toEqual([]);
    }
  });
});

describe('Demo district: references', () => {
  it.each(REFERENCES)('%s.%s names only what %s.%s has', (...reference) => {
    const [file, column, target, key] = reference;
    const known = new Set(cells(bundle, target, key));
    const named = cells(bundle, file, column)
      .flatMap((cell) => cell.split(','))
      .filter((value) => value !== '');
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((value) => !known.has(value))).toEqual([]);
  });

  it('names categories that exist and belong to the section of the assignment', () => {
    const owners = new Map(
      rowsOf(bundle, 'cmCategories').map((row) => [row['category'] ?? '', row['owner']]),
    );
    const places = new Map(
      rowsOf(bundle, 'lineItems').map((row) => [row['sourcedId'] ?? '', row['classSourcedId']]),
    );
    const misplaced = rowsOf(bundle, 'cmAssignments').filter(
      ({ category = '', lineItemSourcedId = '' }) =>
        category !== '' && owners.get(category) !== places.get(lineItemSourcedId),
    );
    expect(misplaced).toEqual([]);
  });

  it('names only owners and masters that exist', () => {
    const masters = rowsOf(bundle, 'cmMasters').map((row) => joined(row, ['catalog', 'number']));
    const owners = new Map([
      ['master', new Set(masters)],
      ['course', new Set(cells(bundle, 'courses', 'sourcedId'))],
      ['section', new Set(cells(bundle, 'classes', 'sourcedId'))],
    ]);
    for (const [file, key] of Object.entries(KEYS)) {
      if (!key.includes('owner') && file !== 'cmCategories') continue;
      const lost = rowsOf(bundle, file).filter(
        ({ level = '', owner = '' }) => owners.get(level)?.has(owner) !== true,
      );
      expect(lost).toEqual([]);
    }
    const linked = rowsOf(bundle, 'cmCourses').filter((row) => row['masterNumber'] !== '');
    const named = linked.map((row) => joined(row, ['catalog', 'masterNumber']));
    expect(named.filter((master) => owners.get('master')?.has(master) !== true)).toEqual([]);
  });
});

describe('Demo district: stories', () => {
  it('stages every outcome that data can cause in a locked push', () => {
    const staged = new Set(demo.made.stories.map(({ locked }) => locked));
    const wanted: readonly Outcome[] = [
      'INSERTED',
      'UPDATED',
      'DELETED',
      'RELINKED',
      'RENAMED_LOCAL',
      'SET_NO_CALCULATION',
      'RETAINED_LOCAL',
      'RETAINED_PROTECTED',
      'KEPT_SOFT_LOCK',
      'WITHHELD',
      'SKIPPED_UNLOCKED',
      'SKIPPED_IGNORED',
      'SKIPPED_MIRROR',
      'SKIPPED_DEPENDENCY',
      'FAILED_DESYNCED',
    ];
    expect(wanted.filter((outcome) => !staged.has(outcome))).toEqual([]);
  });

  it('stages what only an overwrite does: it relinks, deletes, and keeps what is used', () => {
    const pairs = demo.made.stories.map(
      ({ locked, overwrite }) => `${locked ?? 'nothing'} > ${overwrite ?? 'nothing'}`,
    );
    expect(pairs).toEqual(
      expect.arrayContaining([
        'FAILED_DESYNCED > RELINKED',
        'FAILED_DESYNCED > INSERTED',
        'RETAINED_LOCAL > RELINKED',
        'RETAINED_LOCAL > RETAINED_PROTECTED',
        'RETAINED_LOCAL > UPDATED',
        'KEPT_SOFT_LOCK > UPDATED',
        'RENAMED_LOCAL > RELINKED',
        'nothing > DELETED',
        'nothing > RETAINED_PROTECTED',
      ]),
    );
  });

  it('cites a rule for each story, at a course and section that exist', () => {
    const courses = new Set(cells(bundle, 'courses', 'sourcedId'));
    const classes = new Set(cells(bundle, 'classes', 'sourcedId'));
    for (const { story, course, section } of demo.made.stories) {
      expect(story).toMatch(/^[A-Z]\d{1,2}(, [A-Z]\d{1,2})*: \S/);
      expect(courses.has(course)).toBe(true);
      expect(section === null || classes.has(section)).toBe(true);
    }
  });

  it('has a link of the last push under what was pushed, and none under what is new or made here', () => {
    const links = new Set(
      rowsOf(bundle, 'cmLinks').map((row) => joined(row, ['owner', 'dataType', 'itemKey'])),
    );
    const linkless = new Set<Outcome | null>(['INSERTED', 'RETAINED_LOCAL', 'RENAMED_LOCAL']);
    const wrong = demo.made.stories
      // Skipped items and those that only an overwrite touches may be either.
      .filter(({ locked }) => locked !== null && !locked.startsWith('SKIPPED'))
      .filter(({ course, section, dataType, itemKey, locked }) => {
        const isLinked = links.has([section ?? course, dataType, itemKey].join('/'));
        return isLinked === linkless.has(locked);
      });
    expect(wrong).toEqual([]);
  });

  it('stages each kind of evidence by itself (A15)', () => {
    const grades = rowsOf(bundle, 'cmPostedGrades');
    expect(rowsOf(bundle, 'results')).toContainEqual(
      expect.objectContaining({ score: '', missing: 'true', comment: '' }),
    );
    expect(
      grades.some((row) => joined(row, ['score', 'percent']) === '/' && row['comment'] !== ''),
    ).toBe(true);
    expect(grades).toContainEqual(expect.objectContaining({ score: '', percent: '71.5' }));
    expect(cells(bundle, 'lineItems', 'dueDate')).toContain('');
    expect(cells(bundle, 'cmAssignments', 'active')).toContain('false');
    expect(cells(bundle, 'enrollments', 'endDate')).toContain('2026-10-30');
  });

  it('carries names that hurt: formulas, mentions, quotes, other scripts, 255 characters (A30)', () => {
    const titles = cells(bundle, 'courses', 'title');
    expect(titles).toEqual(
      expect.arrayContaining([
        `=cmd()|' /C calc'!A0`,
        '<!channel> Studies',
        '@here',
        '+1 Math',
        '-2',
        `The "Great Books", quoted, and 'more'`,
        'Español avanzado: ¿qué pasó?',
        '日本語・文学と文化',
        'العربية للمبتدئين',
      ]),
    );
    expect(Math.max(...titles.map((title) => title.length))).toBe(255);
  });

  it('links what was pushed, in all three states, also for a course that lost its master (S10)', () => {
    expect(new Set(cells(bundle, 'cmLinks', 'state'))).toEqual(
      new Set(['linked', 'broken', 'residual']),
    );
    expect(rowsOf(bundle, 'cmCourses')).toContainEqual(
      expect.objectContaining({ courseSourcedId: 'lk-bhs-2027-1050', masterNumber: '' }),
    );
    expect(cells(bundle, 'cmLinks', 'owner')).toContain('lk-bhs-2027-1050');
  });
});
