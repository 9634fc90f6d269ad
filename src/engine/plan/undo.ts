import { sql } from 'kysely';
import { holdWhatCannotGoBack, TOUCHED_LINK } from '../apply/undo.ts';
import { holdStaleItems } from '../apply/verify.ts';
import { RULES } from './rules.ts';
import { type Tx } from './staging.ts';

export interface UndoToPlan {
  readonly planId: number;
  readonly undoesRunId: number;
}

/**
 * Plans an undo: every item that the run wrote is taken back, its batches in the opposite order (G23).
 * What was changed since, and what student work hangs on now, is left as it is and listed with what
 * is there; nothing else is touched.
 */
export async function planUndo(tx: Tx, undo: UndoToPlan): Promise<void> {
  await takeBackItems(tx, undo);
  await sql`analyze push_item`.execute(tx);
  const scope = { planId: undo.planId, courses: 'all' } as const;
  await holdStaleItems(tx, scope);
  await holdWhatCannotGoBack(tx, scope);
  await listHeldItems(tx, undo.planId);
  await recordCourses(tx, undo);
  await recordBatches(tx, undo);
}

/** The link is still as the run left it, or the run left none, or did not touch it. */
const LINK_AS_LEFT = sql`coalesce(case
  when o.link_after is not null then l.run_id = q.id and l.state = o.link_after
    and l.row_id is not distinct from o.row_id
    and (select v.payload from payload_version v where v.id = l.version_id) = o.after
  when ${TOUCHED_LINK} then l.scope_id is null
  else true end, false)`;

/** `before` and `after` change places; what else a row needs to come back its image keeps. */
async function takeBackItems(tx: Tx, { planId, undoesRunId }: UndoToPlan): Promise<void> {
  const rules = Object.entries(RULES)
    .filter(([rule]) => rule.startsWith('G23-'))
    .map(([rule, { outcome, reason }]) => ({ rule, outcome, reason }));
  await sql`
    insert into push_item (plan_id, calendar_id, course_id, section_id, level, data_type, item_key,
      item_label, rule, outcome, reason, op, scope_id, upstream_scope_id, row_id, k1, k2, k3, k4, before,
      after, link_after, link_before, detail, undoes_item_id, result, held_reason, found)
    select ${planId}, o.calendar_id, o.course_id, o.section_id, o.level, o.data_type, o.item_key,
      o.item_label, r.rule, r.outcome, r.reason, u.op, o.scope_id,
      case o.item_key when 'link' then (select m.id from setup_scope m
        where m.course_master_id = (o.row_before ->> 'master')::bigint) else o.upstream_scope_id end,
      o.row_id, o.k1, o.k2, o.k3, o.k4, o.after, o.before,
      case when ${TOUCHED_LINK} then (o.link_before ->> 'state')::link_state end,
      case when l.scope_id is not null then to_jsonb(l) end,
      jsonb_strip_nulls(jsonb_build_object('sourceId', o.detail -> 'sourceId',
        'weights', case o.data_type when 'composite_grades' then o.row_before -> 'weights' end)),
      o.id, case when ${LINK_AS_LEFT} then 'planned' else 'held' end,
      case when not ${LINK_AS_LEFT} then 'changed_since_plan' end,
      case when not ${LINK_AS_LEFT} then jsonb_build_object('link', l.state) end
    from push_run q
    join push_item o on o.plan_id = q.plan_id and o.result = 'applied' and o.op <> 'none'
    cross join lateral (select case o.op when 'insert' then 'delete' when 'delete' then 'insert'
      when 'link' then case when o.link_before is null then 'unlink' else 'link' end
      when 'unlink' then 'link' else 'update' end as op) u
    join jsonb_to_recordset(${JSON.stringify(rules)}::jsonb) as r(rule text, outcome text, reason text)
      on r.rule = 'G23-' || u.op
    left join sync_link l on l.scope_id = o.scope_id and l.data_type = o.data_type
      and l.item_key = o.item_key
    where q.id = ${undoesRunId}
    order by o.id desc`.execute(tx);
}

/** What cannot go back is a line of the plan with what is there now (P12). */
async function listHeldItems(tx: Tx, planId: number): Promise<void> {
  const { 'G23-edited': edited, 'G23-used': used } = RULES;
  const isUsed = sql`coalesce(i.found ? 'studentWork' or i.found ? 'mapped', false)`;
  await sql`
    update push_item i set result = 'planned', held_reason = null, op = 'none',
      rule = case when ${isUsed} then 'G23-used' else 'G23-edited' end,
      outcome = case when ${isUsed} then ${used.outcome} else ${edited.outcome} end,
      reason = case when ${isUsed} then ${used.reason} else ${edited.reason} end,
      base = i.before, before = i.found, after = i.found, master = i.after, link_after = null,
      assignments = coalesce((i.found -> 'studentWork' ->> 'assignments')::int, 0),
      scores = coalesce((i.found -> 'studentWork' ->> 'scores')::int, 0),
      grades = coalesce((i.found -> 'studentWork' ->> 'grades')::int, 0),
      comments = coalesce((i.found -> 'studentWork' ->> 'comments')::int, 0)
    where i.plan_id = ${planId} and i.result = 'held'`.execute(tx);
}

async function recordCourses(tx: Tx, { planId, undoesRunId }: UndoToPlan): Promise<void> {
  await sql`
    insert into push_plan_course (plan_id, course_id, calendar_id, verdict, master_scope_id, course_scope_id)
    select ${planId}, c.course_id, c.calendar_id, 'undo', c.master_scope_id, c.course_scope_id
    from push_run q join push_plan_course c on c.plan_id = q.plan_id
    where q.id = ${undoesRunId} and exists (select 1 from push_item i
      where i.plan_id = ${planId} and i.course_id = c.course_id)`.execute(tx);
  await sql`
    insert into push_plan_count (plan_id, calendar_id, level, data_type, outcome, reason, items)
    select ${planId}, calendar_id, level, data_type, outcome, reason, count(*)::int
    from push_item where plan_id = ${planId}
    group by calendar_id, level, data_type, outcome, reason`.execute(tx);
}

async function recordBatches(tx: Tx, { planId, undoesRunId }: UndoToPlan): Promise<void> {
  await sql`
    insert into push_batch (plan_id, job_id, seq, courses, items)
    select ${planId}, j.id, row_number() over (order by b.seq desc), b.courses, w.items
    from push_plan p
    join push_run q on q.id = ${undoesRunId}
    join push_batch b on b.plan_id = q.plan_id
    join push_job pushed on pushed.id = b.job_id
    join push_job j on j.run_id = p.run_id and j.calendar_id = pushed.calendar_id
    cross join lateral (select count(*)::int as items from push_item i
      where i.plan_id = ${planId} and i.course_id = any(b.courses) and i.op <> 'none') w
    where p.id = ${planId} and w.items > 0`.execute(tx);
}
