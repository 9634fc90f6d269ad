import { sql } from 'kysely';
import {
  type BundleFile,
  byText,
  cell,
  extensionColumns,
  from,
  kept,
  may,
  metadata,
  must,
  oneRosterColumns,
  out,
  outDecimal,
  outKept,
  outMoment,
  removeByKey,
  type Sql,
  stage,
  staged,
} from '../bundle-file.ts';
import * as cells from '../cell-types.ts';
import { ASSIGNMENT, GRADABLE, SECTION, TEST } from '../domains.ts';

const resultColumns = oneRosterColumns(
  must('lineItemSourcedId', cells.id),
  must('studentSourcedId', cells.id),
  ...kept('scoreScaleSourcedId'),
  may('scoreStatus', cells.text(200)),
  may('score', cells.text(1000)),
  ...kept('scoreDate'),
  may('comment', cells.text()),
  may('textScore', cells.text(1000), 'both'),
  ...kept('classSourcedId', 'inProgress'),
  may('incomplete', cells.boolean),
  may('late', cells.boolean),
  may('missing', cells.boolean),
);

const flags = sql`array_remove(array[
  case when s."scoreStatus" = 'exempt' then 'exempt' end, case when s.incomplete then 'incomplete' end,
  case when s.late then 'late' end, case when s.missing then 'missing' end], null)`;
const flag = (name: 'incomplete' | 'late' | 'missing'): Sql =>
  sql`case when ${sql.lit(name)} = any(t.flags) then 'true' end`;

// What the columns of the score cannot tell: another status than exempt, a score equal to its text.
const resultBag = sql`s.source || jsonb_strip_nulls(jsonb_build_object(
  'scoreStatus', nullif(s."scoreStatus", 'exempt'),
  'score', case when s.score = s."textScore" then s.score end))`;

const results: BundleFile = {
  name: 'results',
  columns: resultColumns,
  key: ['sourcedId'],
  open: 'metadata.',
  references: [{ column: 'lineItemSourcedId', to: ASSIGNMENT }],
  checks: [
    {
      column: 'studentSourcedId',
      bad: sql`exists (select 1 from stage_results o where not o.removed and o.line < s.line
        and (o."lineItemSourcedId", o."studentSourcedId") = (s."lineItemSourcedId", s."studentSourcedId"))`,
      expected: 'a student with one result for the line item',
    },
  ],
  writes: [
    {
      table: 'score',
      mode: 'upsert',
      from: sql`${stage('results')} s join assignment a on a.source_id = s."lineItemSourcedId"`,
      key: { source_id: staged('sourcedId') },
      values: {
        assignment_id: from(['lineItemSourcedId'], sql`a.id`),
        student_id: cell('studentSourcedId'),
        value: from(['score', 'textScore'], sql`coalesce(s.score, s."textScore")`),
        flags: from(['scoreStatus', 'incomplete', 'late', 'missing'], flags),
        comment: cell('comment'),
      },
      bags: { source: { value: resultBag, keys: 'kept' } },
    },
  ],
  removals: removeByKey('results', 'score', sql`t.source_id = s."sourcedId"`),
  export: {
    from: sql`score t join assignment a on a.id = t.assignment_id`,
    columns: {
      sourcedId: out('t.source_id'),
      status: sql`'active'`,
      lineItemSourcedId: out('a.source_id'),
      studentSourcedId: out('t.student_id'),
      scoreStatus: sql`case when 'exempt' = any(t.flags) then 'exempt'
        else t.source ->> 'scoreStatus' end`,
      score: sql`coalesce(t.source ->> 'score',
        case when t.value is distinct from t.source ->> 'textScore' then t.value end)`,
      comment: out('t.comment'),
      textScore: sql`t.source ->> 'textScore'`,
      incomplete: flag('incomplete'),
      late: flag('late'),
      missing: flag('missing'),
      ...outKept(resultColumns, 't.source'),
    },
    orderBy: [byText('t.source_id')],
    open: metadata('score', 't.source'),
  },
};

const cmPostedGrades: BundleFile = {
  name: 'cmPostedGrades',
  columns: extensionColumns(
    must('classSourcedId', cells.id),
    must('gradable', cells.listedId),
    must('term', cells.term),
    must('studentSourcedId', cells.id),
    may('score', cells.text(1000)),
    may('percent', cells.decimal(7, 3)),
    may('comment', cells.text()),
    may('postedAt', cells.moment),
  ),
  key: ['classSourcedId', 'gradable', 'term', 'studentSourcedId'],
  references: [
    { column: 'classSourcedId', to: SECTION },
    { column: 'gradable', to: GRADABLE },
  ],
  writes: [
    {
      table: 'posted_grade',
      mode: 'upsert',
      from: sql`${stage('cmPostedGrades')} s join section e on e.source_id = s."classSourcedId"
        left join posted_grade g on g.section_id = e.id and g.gradable_id = s.gradable
          and g.term_seq = s.term and g.student_id = s."studentSourcedId"`,
      key: {
        section_id: sql`e.id`,
        gradable_id: staged('gradable'),
        term_seq: staged('term'),
        student_id: staged('studentSourcedId'),
      },
      values: {
        score: cell('score'),
        percent: cell('percent'),
        comment: cell('comment'),
        posted_at: from(['postedAt'], sql`coalesce(s."postedAt", g.posted_at, now())`),
      },
    },
  ],
  removals: (rows) => [
    sql`delete from posted_grade t using "stage_cmPostedGrades" s, section e
      where ${rows} and e.source_id = s."classSourcedId" and t.section_id = e.id
        and t.gradable_id = s.gradable and t.term_seq = s.term and t.student_id = s."studentSourcedId"`,
  ],
  export: {
    from: sql`posted_grade t join section e on e.id = t.section_id`,
    columns: {
      classSourcedId: out('e.source_id'),
      gradable: out('t.gradable_id'),
      term: out('t.term_seq'),
      studentSourcedId: out('t.student_id'),
      score: out('t.score'),
      percent: outDecimal('t.percent'),
      comment: out('t.comment'),
      postedAt: outMoment('t.posted_at'),
    },
    orderBy: [
      byText('e.source_id'),
      byText('t.gradable_id'),
      sql`t.term_seq`,
      byText('t.student_id'),
    ],
  },
};

const cmTestScores: BundleFile = {
  name: 'cmTestScores',
  columns: extensionColumns(
    must('test', cells.id),
    must('studentSourcedId', cells.id),
    must('classSourcedId', cells.id),
    may('result', cells.text(1000)),
  ),
  key: ['test', 'studentSourcedId', 'classSourcedId'],
  references: [
    { column: 'test', to: TEST },
    { column: 'classSourcedId', to: SECTION },
  ],
  writes: [
    {
      table: 'test_score',
      mode: 'upsert',
      from: sql`${stage('cmTestScores')} s join section e on e.source_id = s."classSourcedId"`,
      key: {
        test_id: staged('test'),
        student_id: staged('studentSourcedId'),
        section_id: sql`e.id`,
      },
      values: { result: cell('result') },
    },
  ],
  removals: (rows) => [
    sql`delete from test_score t using "stage_cmTestScores" s, section e
      where ${rows} and e.source_id = s."classSourcedId" and t.section_id = e.id
        and t.test_id = s.test and t.student_id = s."studentSourcedId"`,
  ],
  export: {
    from: sql`test_score t join section e on e.id = t.section_id`,
    columns: {
      test: out('t.test_id'),
      studentSourcedId: out('t.student_id'),
      classSourcedId: out('e.source_id'),
      result: out('t.result'),
    },
    orderBy: [byText('t.test_id'), byText('t.student_id'), byText('e.source_id')],
  },
};

/** What students got: scores, posted grades and test scores. */
export const RESULTS: readonly BundleFile[] = [results, cmPostedGrades, cmTestScores];
