import { sql } from 'kysely';
import {
  type BundleFile,
  byText,
  cell,
  extensionColumns,
  from,
  may,
  must,
  out,
  outDecimal,
  staged,
} from '../bundle-file.ts';
import * as cells from '../cell-types.ts';
import { GRADABLE, GRADING_SCALE, ownerReferences, SCORE_GROUP } from '../domains.ts';
import {
  byOwner,
  LEVEL,
  OWNER,
  ownerOut,
  removeFromOwner,
  rowsWithOwner,
  UPPER_LEVEL,
  withOwner,
} from './owner-rows.ts';

const cmAlignments: BundleFile = {
  name: 'cmAlignments',
  columns: extensionColumns(
    UPPER_LEVEL,
    OWNER,
    must('gradable', cells.listedId),
    may('scoreGroup', cells.id),
    may('credit', cells.decimal(7, 3)),
    may('creditType', cells.text(500)),
    may('termGpaWeight', cells.decimal(7, 3)),
    may('creditOverflowOverride', cells.text(500)),
    may('terms', cells.termList),
    may('postOnly', cells.boolean),
    may('showOnPortal', cells.boolean),
    may('seq', cells.position),
  ),
  key: ['level', 'owner', 'gradable'],
  references: [
    ...ownerReferences(['master', 'course']),
    { column: 'gradable', to: GRADABLE },
    { column: 'scoreGroup', to: SCORE_GROUP },
  ],
  writes: [
    {
      table: 'task_alignment',
      mode: 'upsert',
      from: withOwner('cmAlignments'),
      key: { scope_id: sql`o.scope_id`, gradable_id: staged('gradable') },
      values: {
        scope_kind: from(['level'], sql`s.level::scope_kind`),
        score_group_id: cell('scoreGroup'),
        credit: cell('credit'),
        credit_type: cell('creditType'),
        term_gpa_weight: cell('termGpaWeight'),
        credit_overflow_override: cell('creditOverflowOverride'),
        terms: from(['terms'], sql`coalesce(s.terms, '{}')`),
        post_only: cell('postOnly', false),
        show_on_portal: cell('showOnPortal', true),
        seq: from(['seq'], sql`coalesce(s.seq, 0::smallint)`),
      },
    },
  ],
  removals: removeFromOwner('cmAlignments', 'task_alignment', sql`t.gradable_id = s.gradable`),
  export: {
    from: rowsWithOwner('task_alignment'),
    columns: {
      ...ownerOut,
      gradable: out('t.gradable_id'),
      scoreGroup: out('t.score_group_id'),
      credit: outDecimal('t.credit'),
      creditType: out('t.credit_type'),
      termGpaWeight: outDecimal('t.term_gpa_weight'),
      creditOverflowOverride: out('t.credit_overflow_override'),
      terms: sql`(select string_agg(x::text, ',' order by x) from unnest(t.terms) x)`,
      postOnly: out('t.post_only'),
      showOnPortal: out('t.show_on_portal'),
      seq: out('t.seq'),
    },
    orderBy: [...byOwner, byText('t.gradable_id')],
  },
};

const METHODS = ['power_law', 'highest', 'mode_last_3', 'mode_last_5', 'most_recent'] as const;

const cmCalcOptions: BundleFile = {
  name: 'cmCalcOptions',
  columns: extensionColumns(
    LEVEL,
    OWNER,
    must('gradable', cells.listedId),
    must('term', cells.term),
    must(
      'calcType',
      cells.oneOf(['none', 'in_progress', 'proficiency_estimate', 'composite'], 'calc_type'),
    ),
    may('gradingScale', cells.id),
    may('weightCategories', cells.boolean),
    may('useScorePercent', cells.boolean),
    may('limitLastN', cells.smallCount),
    may('cumulativeFromTerm', cells.term),
    may('proficiencyMethod', cells.oneOf(METHODS)),
    may('readOnly', cells.boolean),
  ),
  key: ['level', 'owner', 'gradable', 'term'],
  references: [
    ...ownerReferences(),
    { column: 'gradable', to: GRADABLE },
    { column: 'gradingScale', to: GRADING_SCALE },
  ],
  checks: [
    {
      column: 'proficiencyMethod',
      bad: sql`(s."calcType" = 'proficiency_estimate') <> (s."proficiencyMethod" is not null)`,
      expected: 'a method for `proficiency_estimate`, and an empty cell otherwise',
    },
  ],
  writes: [
    {
      table: 'calc_option',
      mode: 'upsert',
      from: withOwner('cmCalcOptions'),
      key: {
        scope_id: sql`o.scope_id`,
        gradable_id: staged('gradable'),
        term_seq: staged('term'),
      },
      values: {
        calc_type: cell('calcType'),
        grading_scale_id: cell('gradingScale'),
        weight_categories: cell('weightCategories', false),
        use_score_percent: cell('useScorePercent', false),
        limit_last_n: cell('limitLastN'),
        cumulative_from_term: cell('cumulativeFromTerm'),
        proficiency_method: cell('proficiencyMethod'),
        read_only: cell('readOnly', false),
      },
    },
  ],
  removals: removeFromOwner(
    'cmCalcOptions',
    'calc_option',
    sql`t.gradable_id = s.gradable and t.term_seq = s.term`,
  ),
  export: {
    from: rowsWithOwner('calc_option'),
    columns: {
      ...ownerOut,
      gradable: out('t.gradable_id'),
      term: out('t.term_seq'),
      calcType: out('t.calc_type'),
      gradingScale: out('t.grading_scale_id'),
      weightCategories: out('t.weight_categories'),
      useScorePercent: out('t.use_score_percent'),
      limitLastN: out('t.limit_last_n'),
      cumulativeFromTerm: out('t.cumulative_from_term'),
      proficiencyMethod: out('t.proficiency_method'),
      readOnly: out('t.read_only'),
    },
    orderBy: [...byOwner, byText('t.gradable_id'), sql`t.term_seq`],
  },
};

const cmAssessments: BundleFile = {
  name: 'cmAssessments',
  columns: extensionColumns(
    UPPER_LEVEL,
    OWNER,
    must('test', cells.id),
    may('testName', cells.text(500)),
    may('teacherScored', cells.boolean),
    may('standard', cells.listedId),
    may('copiesForward', cells.boolean),
  ),
  key: ['level', 'owner', 'test'],
  references: [...ownerReferences(['master', 'course']), { column: 'standard', to: GRADABLE }],
  checks: [
    {
      column: 'testName',
      // A join, because there is a row per course and test.
      join: sql`join (select distinct on (test) test, "testName", "teacherScored"
        from "stage_cmAssessments" where not removed order by test, line) o on o.test = s.test`,
      bad: sql`(s."testName", s."teacherScored") is distinct from (o."testName", o."teacherScored")`,
      expected: "the name and `teacherScored` of the test's first row",
    },
  ],
  writes: [
    {
      table: 'test',
      mode: 'upsert',
      from: sql`(select distinct on (test) * from "stage_cmAssessments" where not removed
        order by test, line) s`,
      key: { id: staged('test') },
      values: {
        name: from(['testName'], sql`coalesce(s."testName", s.test)`),
        teacher_scored: cell('teacherScored', false),
      },
      counted: false,
    },
    {
      table: 'assessment_alignment',
      mode: 'upsert',
      from: withOwner('cmAssessments'),
      key: { scope_id: sql`o.scope_id`, test_id: staged('test') },
      values: {
        scope_kind: from(['level'], sql`s.level::scope_kind`),
        standard_id: cell('standard'),
        copies_forward: cell('copiesForward', false),
      },
    },
  ],
  removals: removeFromOwner('cmAssessments', 'assessment_alignment', sql`t.test_id = s.test`),
  export: {
    from: sql`${rowsWithOwner('assessment_alignment')} join test x on x.id = t.test_id`,
    columns: {
      ...ownerOut,
      test: out('t.test_id'),
      testName: out('x.name'),
      teacherScored: out('x.teacher_scored'),
      standard: out('t.standard_id'),
      copiesForward: out('t.copies_forward'),
    },
    orderBy: [...byOwner, byText('t.test_id')],
  },
};

/** What masters, courses and sections are graded on, and how. */
export const SETUP: readonly BundleFile[] = [cmAlignments, cmCalcOptions, cmAssessments];
