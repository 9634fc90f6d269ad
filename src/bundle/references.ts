import { sql } from 'kysely';
import { type ProblemList } from './problems.ts';
import { type BundleTx } from './stage.ts';

/** file, column, the SQL that knows the ids, what a person should have written. */
const REFERENCES = [
  [
    'courses',
    'orgSourcedId',
    `select source_id from school`,
    'the sourcedId of a school in orgs.csv',
  ],
  [
    'courses',
    'schoolYearSourcedId',
    `select source_id from academic_session where type = 'schoolYear'`,
    'the sourcedId of a schoolYear in academicSessions.csv',
  ],
  ['classes', 'courseSourcedId', `select source_id from course`, 'the sourcedId of a course'],
  ['lineItems', 'classSourcedId', `select source_id from section`, 'the sourcedId of a class'],
  [
    'results',
    'lineItemSourcedId',
    `select source_id from assignment`,
    'the sourcedId of a line item',
  ],
  ['cmCourses', 'courseSourcedId', `select source_id from course`, 'the sourcedId of a course'],
  ['cmSections', 'classSourcedId', `select source_id from section`, 'the sourcedId of a class'],
  ['cmCatalogLocks', 'catalog', `select name from course_catalog`, 'a catalog of cmCatalogs.csv'],
  ['cmCatalogLocks', 'attribute', `select code from course_attribute`, 'the code of an attribute'],
  ['cmCatalogSchools', 'catalog', `select name from course_catalog`, 'a catalog of cmCatalogs.csv'],
  ['cmMasters', 'catalog', `select name from course_catalog`, 'a catalog of cmCatalogs.csv'],
  ['cmAlignments', 'gradable', `select id from gradable`, 'a gradable of cmGradables.csv'],
  [
    'cmAlignments',
    'scoreGroup',
    `select id from score_group`,
    'a score group of cmScoreGroups.csv',
  ],
  ['cmCalcOptions', 'gradable', `select id from gradable`, 'a gradable of cmGradables.csv'],
  [
    'cmCalcOptions',
    'gradingScale',
    `select id from grading_scale`,
    'a scale of cmGradingScales.csv',
  ],
  ['cmComposites', 'parentGradable', `select id from gradable`, 'a gradable of cmGradables.csv'],
  ['cmComposites', 'childGradable', `select id from gradable`, 'a gradable of cmGradables.csv'],
  ['cmAssignments', 'lineItemSourcedId', `select source_id from assignment`, 'a line item'],
  ['cmAssignments', 'category', `select source_id from category`, 'a category of cmCategories.csv'],
  ['cmPostedGrades', 'classSourcedId', `select source_id from section`, 'the sourcedId of a class'],
  ['cmPostedGrades', 'gradable', `select id from gradable`, 'a gradable of cmGradables.csv'],
  ['cmTestScores', 'classSourcedId', `select source_id from section`, 'the sourcedId of a class'],
  ['cmTestScores', 'test', `select id from test`, 'a test of cmAssessments.csv'],
] as const;

const OWNED = [
  'cmAlignments',
  'cmCalcOptions',
  'cmComposites',
  'cmCategories',
  'cmAssessments',
  'cmLinks',
];

/** Adds a problem for every cell that names something that is nowhere. */
export async function checkReferences(tx: BundleTx, problems: ProblemList): Promise<void> {
  for (const [file, column, known, expected] of REFERENCES) {
    const { rows } = await sql<{ line: number; value: string }>`
      select line, body ->> ${column} as value from bundle_row
      where file = ${file} and body ->> ${column} is not null
        and not (body ->> ${column}) in (${sql.raw(known)})
      order by line limit 1001`.execute(tx);
    for (const { line, value } of rows)
      problems.add({ file: `${file}.csv`, line, column, value, expected });
  }
  const { rows } = await sql<{ file: string; line: number; value: string }>`
    select r.file, r.line, r.body ->> 'owner' as value from bundle_row r
    where r.file = any(${OWNED}::text[]) and not exists (select 1 from bundle_owner o
      where o.level = r.body ->> 'level' and o.owner = r.body ->> 'owner')
    order by r.file, r.line limit 1001`.execute(tx);
  for (const { file, line, value } of rows) {
    const at = { file: `${file}.csv`, line, column: 'owner', value };
    problems.add({
      ...at,
      expected: 'an owner of that level: <catalog>/<number>, a course or a class',
    });
  }
}
