import { sql } from 'kysely';
import {
  type BundleFile,
  byText,
  cell,
  extensionColumns,
  from,
  type ImportContext,
  may,
  must,
  out,
  outMoment,
  staged,
} from '../bundle-file.ts';
import * as cells from '../cell-types.ts';
import { CATEGORY, COURSE, MASTER, ownerReferences, OWNERS } from '../domains.ts';
import { LEVEL, OWNER, removeFromOwner, withOwner } from './owner-rows.ts';

const DATA_TYPES = [
  'course_info',
  'grading_tasks_standards',
  'grade_calc_options',
  'composite_grades',
  'composite_weights',
  'categories',
  'assessments',
  'cross_site',
] as const;

const DIGEST = sql`sha256(convert_to(s.base::jsonb::text, 'UTF8'))`;

/** Bases are content addressed: equal ones are one row, whoever has them. */
async function storeBases({ tx }: ImportContext): Promise<void> {
  await sql`
    insert into payload_version (digest, payload)
    select distinct on (${DIGEST}) ${DIGEST}, s.base::jsonb from "stage_cmLinks" s
    where not s.removed and not exists (select 1 from payload_version v where v.digest = ${DIGEST})
    order by 1
    on conflict (digest) do nothing`.execute(tx);
}

/**
 * The row a link speaks of. All but categories are found by their natural key; a category's link is
 * lineage, so the file names its row, or else the pushed name does (R06). A weight's row is its
 * composite's. A row deleted behind our back stays the id it was (S02).
 */
const rowId = sql`coalesce(case s."dataType"
  when 'grading_tasks_standards' then (select r.id from task_alignment r
    where r.scope_id = o.scope_id and s."itemKey" = 'task:' || r.gradable_id)
  when 'grade_calc_options' then (select r.id from calc_option r
    where r.scope_id = o.scope_id and s."itemKey" = 'calc:' || r.gradable_id || ':' || r.term_seq)
  when 'composite_grades' then (select r.id from composite r where r.scope_id = o.scope_id
    and s."itemKey" = 'comp:' || r.parent_gradable_id || ':' || r.parent_term_seq)
  when 'composite_weights' then (select r.id from composite r where r.scope_id = o.scope_id
    and starts_with(s."itemKey", 'compw:' || r.parent_gradable_id || ':' || r.parent_term_seq || '>'))
  when 'categories' then (select r.id from category r where r.scope_id = o.scope_id
    and r.source_id = coalesce(s."row", (select n.source_id from category n
      where n.scope_id = o.scope_id and n.name = s.base::jsonb ->> 'name')))
  when 'assessments' then (select r.id from assessment_alignment r
    where r.scope_id = o.scope_id and s."itemKey" = 'assess:' || r.test_id)
  end, l.row_id)`;

/** Without the column it is the course's master, or the section's course. */
function upstream(has: ImportContext['has']): ReturnType<typeof from> {
  return from(
    ['level', 'upstream'],
    has('cmLinks', 'upstream') ? sql`up.scope_id` : sql`coalesce(dm.id, dc.id)`,
  );
}

const KEY_PATTERNS = sql`case s."dataType"
  when 'course_info' then '^attr:.'
  when 'grading_tasks_standards' then '^task:.'
  when 'grade_calc_options' then '^calc:.+:[0-9]+$'
  when 'composite_grades' then '^comp:.+:[0-9]+$'
  when 'composite_weights' then '^compw:.+:[0-9]+>.+:[0-9]+$'
  when 'categories' then '^(cat|local):.'
  when 'assessments' then '^assess:.'
  else '^xsite$' end`;

const cmLinks: BundleFile = {
  name: 'cmLinks',
  columns: extensionColumns(
    { ...LEVEL, type: cells.oneOf(['course', 'section']) },
    OWNER,
    must('dataType', cells.oneOf(DATA_TYPES, 'data_type')),
    must('itemKey', cells.text(1200)),
    must('state', cells.oneOf(['linked', 'broken', 'residual'], 'link_state')),
    must('base', cells.jsonObject),
    may('reason', cells.text(2000)),
    may('upstream', cells.id),
    may('row', cells.id),
    may('pushedAt', cells.moment),
    may('residualSince', cells.moment),
  ),
  key: ['level', 'owner', 'dataType', 'itemKey'],
  references: [
    ...ownerReferences(['course', 'section']),
    { column: 'upstream', to: MASTER, when: sql`s.level = 'course'` },
    { column: 'upstream', to: COURSE, when: sql`s.level = 'section'` },
    { column: 'row', to: CATEGORY },
  ],
  checks: [
    {
      column: 'itemKey',
      bad: sql`s."itemKey" !~ (${KEY_PATTERNS})`,
      expected: 'an item key of its data type, such as `task:<gradable>`',
    },
    {
      column: 'row',
      bad: sql`s."row" is not null and s."dataType" <> 'categories'`,
      expected: 'an empty cell: only categories are named by their row',
    },
  ],
  before: storeBases,
  writes: (has) => [
    {
      table: 'sync_link',
      mode: 'upsert',
      from: sql`${withOwner('cmLinks')}
        join setup_scope x on x.id = o.scope_id
        join payload_version v on v.digest = ${DIGEST}
        left join course c on c.id = x.course_id
        left join setup_scope dm on dm.course_master_id = c.course_master_id
        left join section e on e.id = x.section_id
        left join setup_scope dc on dc.course_id = e.course_id
        left join ${OWNERS} up on up.owner = s.upstream
          and up.level = case s.level when 'course' then 'master' else 'course' end
        left join sync_link l on l.scope_id = o.scope_id and l.data_type = s."dataType"
          and l.item_key = s."itemKey"`,
      key: {
        scope_id: sql`o.scope_id`,
        data_type: staged('dataType'),
        item_key: staged('itemKey'),
      },
      values: {
        upstream_scope_id: upstream(has),
        row_id: from(['itemKey'], rowId),
        version_id: from(['base'], sql`v.id`),
        state: cell('state'),
        reason: cell('reason'),
        pushed_at: from(['pushedAt'], sql`coalesce(s."pushedAt", l.pushed_at, now())`),
        residual_since: cell('residualSince'),
      },
    },
  ],
  removals: removeFromOwner(
    'cmLinks',
    'sync_link',
    sql`t.data_type = s."dataType" and t.item_key = s."itemKey"`,
  ),
  export: {
    from: sql`sync_link t join ${OWNERS} o on o.scope_id = t.scope_id
      join payload_version v on v.id = t.version_id
      left join ${OWNERS} up on up.scope_id = t.upstream_scope_id
      left join category r on t.data_type = 'categories' and r.id = t.row_id
        and r.scope_id = t.scope_id`,
    columns: {
      level: out('o.level'),
      owner: out('o.owner'),
      dataType: out('t.data_type'),
      itemKey: out('t.item_key'),
      state: out('t.state'),
      base: out('v.payload'),
      reason: out('t.reason'),
      upstream: out('up.owner'),
      row: out('r.source_id'),
      pushedAt: outMoment('t.pushed_at'),
      residualSince: outMoment('t.residual_since'),
    },
    orderBy: [byText('o.level'), byText('o.owner'), sql`t.data_type`, byText('t.item_key')],
  },
};

/** What was last pushed to each item. */
export const LINKS: readonly BundleFile[] = [cmLinks];
