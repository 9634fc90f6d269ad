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
  removeByKey,
  stage,
  staged,
} from '../bundle-file.ts';
import * as cells from '../cell-types.ts';
import { GRADABLE } from '../domains.ts';

const cmGradables: BundleFile = {
  name: 'cmGradables',
  columns: extensionColumns(
    must('gradable', cells.listedId),
    must('kind', cells.oneOf(['task', 'standard'], 'gradable_kind')),
    may('code', cells.text(200)),
    must('name', cells.text(500)),
    may('parent', cells.listedId),
  ),
  key: ['gradable'],
  references: [{ column: 'parent', to: GRADABLE }],
  writes: [
    {
      table: 'gradable',
      mode: 'upsert',
      from: sql`${stage('cmGradables')} s`,
      key: { id: staged('gradable') },
      values: {
        kind: cell('kind'),
        code: cell('code'),
        name: cell('name'),
        parent_id: cell('parent'),
      },
    },
  ],
  checksAfter: [
    {
      column: 'gradable',
      ofRemoved: true,
      bad: sql`exists (select 1 from category c where s.gradable = any(c.gradable_ids)
        and not exists (select 1 from "stage_cmCategories" x where x.removed and x.category = c.source_id))`,
      expected: 'a gradable that no category applies to',
    },
  ],
  removals: removeByKey('cmGradables', 'gradable', sql`t.id = s.gradable`),
  export: {
    from: sql`gradable t`,
    columns: {
      gradable: out('t.id'),
      kind: out('t.kind'),
      code: out('t.code'),
      name: out('t.name'),
      parent: out('t.parent_id'),
    },
    orderBy: [byText('t.id')],
  },
};

const cmScoreGroups: BundleFile = {
  name: 'cmScoreGroups',
  columns: extensionColumns(
    must('scoreGroup', cells.id),
    must('score', cells.id),
    must('kind', cells.oneOf(['score_group', 'rubric'])),
    may('minPercent', cells.decimal(6, 3)),
    may('gpaValue', cells.decimal(6, 3)),
  ),
  key: ['scoreGroup', 'score'],
  checks: [
    {
      column: 'kind',
      bad: sql`s.kind <> (select o.kind from "stage_cmScoreGroups" o
        where o."scoreGroup" = s."scoreGroup" and not o.removed order by o.line limit 1)`,
      expected: "the kind of the group's first row",
    },
  ],
  writes: [
    {
      table: 'score_group',
      mode: 'upsert',
      from: sql`(select distinct on ("scoreGroup") * from "stage_cmScoreGroups"
        where not removed order by "scoreGroup", line) s`,
      key: { id: staged('scoreGroup') },
      values: { kind: cell('kind') },
      counted: false,
    },
    {
      table: 'score_group_item',
      mode: 'upsert',
      from: sql`${stage('cmScoreGroups')} s`,
      key: { score_group_id: staged('scoreGroup'), score: staged('score') },
      values: { min_percent: cell('minPercent'), gpa_value: cell('gpaValue') },
    },
  ],
  removals: (rows) => [
    sql`delete from score_group_item t using "stage_cmScoreGroups" s
      where ${rows} and (t.score_group_id, t.score) = (s."scoreGroup", s.score)`,
    sql`delete from score_group t using "stage_cmScoreGroups" s where ${rows} and t.id = s."scoreGroup"
      and not exists (select 1 from score_group_item i where i.score_group_id = t.id)`,
  ],
  export: {
    from: sql`score_group_item t join score_group g on g.id = t.score_group_id`,
    columns: {
      scoreGroup: out('t.score_group_id'),
      score: out('t.score'),
      kind: out('g.kind'),
      minPercent: outDecimal('t.min_percent'),
      gpaValue: outDecimal('t.gpa_value'),
    },
    orderBy: [byText('t.score_group_id'), byText('t.score')],
  },
};

const cmGradingScales: BundleFile = {
  name: 'cmGradingScales',
  columns: extensionColumns(must('gradingScale', cells.id), must('name', cells.text(500))),
  key: ['gradingScale'],
  writes: [
    {
      table: 'grading_scale',
      mode: 'upsert',
      from: sql`${stage('cmGradingScales')} s`,
      key: { id: staged('gradingScale') },
      values: { name: cell('name') },
    },
  ],
  removals: removeByKey('cmGradingScales', 'grading_scale', sql`t.id = s."gradingScale"`),
  export: {
    from: sql`grading_scale t`,
    columns: { gradingScale: out('t.id'), name: out('t.name') },
    orderBy: [byText('t.id')],
  },
};

/** Tests that no master or course is aligned to any more; the others come with cmAssessments. */
const cmTests: BundleFile = {
  name: 'cmTests',
  columns: extensionColumns(
    must('test', cells.id),
    may('testName', cells.text(500)),
    may('teacherScored', cells.boolean),
  ),
  key: ['test'],
  writes: [
    {
      table: 'test',
      mode: 'upsert',
      from: sql`${stage('cmTests')} s`,
      key: { id: staged('test') },
      values: {
        name: from(['testName'], sql`coalesce(s."testName", s.test)`),
        teacher_scored: cell('teacherScored', false),
      },
    },
  ],
  removals: removeByKey('cmTests', 'test', sql`t.id = s.test`),
  export: {
    from: sql`(select * from test x
      where not exists (select 1 from assessment_alignment a where a.test_id = x.id)) t`,
    columns: {
      test: out('t.id'),
      testName: out('t.name'),
      teacherScored: out('t.teacher_scored'),
    },
    orderBy: [byText('t.id')],
  },
};

/** What grading setup refers to: tasks and standards, scores, scales and tests. */
export const GRADING: readonly BundleFile[] = [
  cmGradables,
  cmScoreGroups,
  cmGradingScales,
  cmTests,
];
