import { type RawBuilder, sql } from 'kysely';
import { type Tx } from '../plan/staging.ts';
import { type BatchScope, pending } from './scope.ts';
import { restoreStoredRows } from './undo.ts';

/**
 * Writes the batch's items: deletions first, composites before tasks (G14), then updates, then
 * inserts, then the links. A statement per data type and kind, whatever the number of courses.
 */
export async function writeItems(
  tx: Tx,
  batch: BatchScope & { readonly isUndo: boolean },
): Promise<void> {
  await sql`set constraints all deferred`.execute(tx);
  await deleteRows(tx, batch);
  await writeCourses(tx, batch);
  await writeTasks(tx, batch);
  await writeComposites(tx, batch);
  await writeWeights(tx, batch);
  await writeCalcOptions(tx, batch);
  await writeCategories(tx, batch);
  await writeAssessments(tx, batch);
  if (batch.isUndo) await restoreStoredRows(tx, batch);
  await sql`set constraints all immediate`.execute(tx);
}

async function deleteRows(tx: Tx, batch: BatchScope): Promise<void> {
  for (const [type, table] of [
    ['composite_grades', 'composite'],
    ['grade_calc_options', 'calc_option'],
    ['categories', 'category'],
    ['assessments', 'assessment_alignment'],
    ['grading_tasks_standards', 'task_alignment'],
  ] as const) {
    await sql`
      delete from ${sql.table(table)} r using push_item i
      where ${pending(batch)} and i.op = 'delete' and i.data_type = ${sql.lit(type)}
        and r.id = i.row_id`.execute(tx);
  }
}

/** The attributes of one course or section that get a value, and those that are cleared. */
const ATTRIBUTES = sql`jsonb_object_agg(i.k1, i.after -> 'value') as attrs,
  coalesce(array_agg(i.k1) filter (where i.after -> 'value' = 'null'), '{}') as cleared`;

async function writeCourses(tx: Tx, batch: BatchScope): Promise<void> {
  await sql`
    update course c set
      number = coalesce(w.attrs ->> 'number', c.number), name = coalesce(w.attrs ->> 'name', c.name),
      attrs = (c.attrs || jsonb_strip_nulls(w.attrs - 'number' - 'name')) - w.cleared
    from (
      select i.course_id, ${ATTRIBUTES} from push_item i
      where ${pending(batch)} and i.op = 'update' and i.level = 'course'
        and i.data_type = 'course_info' and i.item_key like 'attr:%'
      group by 1
    ) w where w.course_id = c.id`.execute(tx);
  await sql`
    update course c set course_master_id = s.course_master_id
    from push_item i left join setup_scope s on s.id = i.upstream_scope_id
    where ${pending(batch)} and i.op = 'update' and i.item_key = 'link' and c.id = i.course_id`.execute(
    tx,
  );
  await sql`
    update section s set attr_overrides = (s.attr_overrides || jsonb_strip_nulls(w.attrs)) - w.cleared
    from (
      select i.section_id, ${ATTRIBUTES} from push_item i
      where ${pending(batch)} and i.op = 'update' and i.level = 'section'
        and i.data_type = 'course_info' group by 1
    ) w where w.section_id = s.id`.execute(tx);
  await sql`
    update course c set cross_site_enabled = (i.after ->> 'enabled')::boolean from push_item i
    where ${pending(batch)} and i.op = 'update' and i.level = 'course' and i.data_type = 'cross_site'
      and c.id = i.course_id`.execute(tx);
  await sql`
    update section s set cross_site_enabled = (i.after ->> 'enabled')::boolean,
      cross_site_offered = (i.after ->> 'offered')::boolean
    from push_item i
    where ${pending(batch)} and i.op = 'update' and i.level = 'section' and i.data_type = 'cross_site'
      and s.id = i.section_id`.execute(tx);
}

/** A row that comes back has the id that it had (G23). */
function idOf(table: string): RawBuilder<number> {
  return sql`coalesce(i.row_id, nextval(pg_get_serial_sequence(${sql.lit(table)}, 'id')))`;
}

const TASK_VALUES = sql`jsonb_to_record(i.after) as p("scoreGroup" text, credit numeric,
  "creditType" text, "termGpaWeight" numeric, "creditOverflowOverride" text, terms smallint[],
  "postOnly" boolean, "showOnPortal" boolean, seq smallint)`;

async function writeTasks(tx: Tx, batch: BatchScope): Promise<void> {
  const columns = sql`score_group_id, credit, credit_type, term_gpa_weight, credit_overflow_override,
    terms, post_only, show_on_portal, seq`;
  const values = sql`p."scoreGroup", p.credit, p."creditType", p."termGpaWeight",
    p."creditOverflowOverride", p.terms, p."postOnly", p."showOnPortal", p.seq`;
  await sql`
    update task_alignment r set (${columns}) = (select ${values} from ${TASK_VALUES})
    from push_item i
    where ${pending(batch)} and i.op = 'update' and i.data_type = 'grading_tasks_standards'
      and r.id = i.row_id`.execute(tx);
  await sql`
    with added as (
      insert into task_alignment (id, scope_id, scope_kind, gradable_id, ${columns})
      select ${idOf('task_alignment')}, i.scope_id, 'course', i.k1, ${values}
      from push_item i cross join ${TASK_VALUES}
      where ${pending(batch)} and i.op = 'insert' and i.data_type = 'grading_tasks_standards'
      returning id, scope_id, gradable_id
    )
    update push_item i set row_id = a.id from added a
    where ${pending(batch)} and i.op = 'insert' and i.data_type = 'grading_tasks_standards'
      and i.scope_id = a.scope_id and i.k1 = a.gradable_id`.execute(tx);
}

async function writeComposites(tx: Tx, batch: BatchScope): Promise<void> {
  await sql`
    insert into composite (id, scope_id, parent_gradable_id, parent_term_seq)
    select i.row_id, i.scope_id, i.k1, i.k2 from push_item i
    where ${pending(batch)} and i.op = 'insert' and i.data_type = 'composite_grades'`.execute(tx);
  await sql`
    delete from composite_child x using push_item i
    where ${pending(batch)} and i.op = 'update' and i.data_type = 'composite_grades'
      and x.composite_id = i.row_id
      and not i.after -> 'children' ? (x.child_gradable_id || ':' || x.child_term_seq)`.execute(tx);
  await sql`
    insert into composite_child (composite_id, child_gradable_id, child_term_seq, weight)
    select i.row_id, regexp_replace(w.key, ':[^:]*$', ''),
      substring(w.key from '[^:]*$')::smallint, w.value::numeric
    from push_item i cross join jsonb_each_text(i.detail -> 'weights') w
    where ${pending(batch)} and i.op in ('insert', 'update') and i.data_type = 'composite_grades'
      and jsonb_typeof(i.detail -> 'weights') = 'object'`.execute(tx);
}

async function writeWeights(tx: Tx, batch: BatchScope): Promise<void> {
  await sql`
    update composite_child x set weight = (i.after ->> 'weight')::numeric from push_item i
    where ${pending(batch)} and i.op = 'update' and i.data_type = 'composite_weights'
      and x.composite_id = i.row_id and x.child_gradable_id = i.k1 and x.child_term_seq = i.k2`.execute(
    tx,
  );
}

async function writeCalcOptions(tx: Tx, batch: BatchScope): Promise<void> {
  const record = sql`jsonb_to_record(i.after) as p("calcType" calc_type, "gradingScale" text,
    "weightCategories" boolean, "useScorePercent" boolean, "limitLastN" smallint,
    "cumulativeFromTerm" smallint, "proficiencyMethod" text, "readOnly" boolean)`;
  const columns = sql`calc_type, grading_scale_id, weight_categories, use_score_percent, limit_last_n,
    cumulative_from_term, proficiency_method, read_only`;
  const values = sql`p."calcType", p."gradingScale", p."weightCategories", p."useScorePercent",
    p."limitLastN", p."cumulativeFromTerm", p."proficiencyMethod"`;
  await sql`
    update calc_option r set (${columns}) = (
      select ${values}, coalesce(p."readOnly", r.read_only) from ${record})
    from push_item i
    where ${pending(batch)} and i.op = 'update' and i.data_type = 'grade_calc_options'
      and r.id = i.row_id`.execute(tx);
  await sql`
    with added as (
      insert into calc_option (id, scope_id, gradable_id, term_seq, ${columns})
      select ${idOf('calc_option')}, i.scope_id, i.k1, i.k2, ${values}, coalesce(p."readOnly", false)
      from push_item i cross join ${record}
      where ${pending(batch)} and i.op = 'insert' and i.data_type = 'grade_calc_options'
      returning id, scope_id, gradable_id, term_seq
    )
    update push_item i set row_id = a.id from added a
    where ${pending(batch)} and i.op = 'insert' and i.data_type = 'grade_calc_options'
      and i.scope_id = a.scope_id and i.k1 = a.gradable_id and i.k2 = a.term_seq`.execute(tx);
}

async function writeCategories(tx: Tx, batch: BatchScope): Promise<void> {
  const record = sql`jsonb_to_record(i.after) as p(name text, weight numeric, seq smallint,
    "excludeFromCalc" boolean, "dropLowest" smallint, "defaultPoints" numeric, gradables text[])`;
  const columns = sql`name, weight, seq, exclude_from_calc, drop_lowest, default_points, gradable_ids`;
  const values = sql`p.name, p.weight, p.seq, p."excludeFromCalc", p."dropLowest", p."defaultPoints",
    p.gradables`;
  await sql`
    update category r set (${columns}) = (select ${values} from ${record}) from push_item i
    where ${pending(batch)} and i.op = 'update' and i.data_type = 'categories' and r.id = i.row_id`.execute(
    tx,
  );
  await sql`
    insert into category (id, source_id, scope_id, ${columns})
    select i.row_id, i.detail ->> 'sourceId', i.scope_id, ${values}
    from push_item i cross join ${record}
    where ${pending(batch)} and i.op = 'insert' and i.data_type = 'categories'`.execute(tx);
}

async function writeAssessments(tx: Tx, batch: BatchScope): Promise<void> {
  await sql`
    update assessment_alignment r set standard_id = i.after ->> 'standard',
      copies_forward = (i.after ->> 'copiesForward')::boolean
    from push_item i
    where ${pending(batch)} and i.op = 'update' and i.data_type = 'assessments' and r.id = i.row_id`.execute(
    tx,
  );
  await sql`
    with added as (
      insert into assessment_alignment (id, scope_id, scope_kind, test_id, standard_id, copies_forward)
      select ${idOf('assessment_alignment')}, i.scope_id, 'course', i.k1, i.after ->> 'standard',
        (i.after ->> 'copiesForward')::boolean
      from push_item i
      where ${pending(batch)} and i.op = 'insert' and i.data_type = 'assessments'
      returning id, scope_id, test_id
    )
    update push_item i set row_id = a.id from added a
    where ${pending(batch)} and i.op = 'insert' and i.data_type = 'assessments'
      and i.scope_id = a.scope_id and i.k1 = a.test_id`.execute(tx);
}
