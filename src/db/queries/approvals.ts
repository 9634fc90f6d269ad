import { type RawBuilder, sql } from 'kysely';
import { type ApprovalView, type Decision, type NamedPerson } from '../../domain/approval.ts';
import { type PushMode, type RunKind } from '../../domain/push-options.ts';
import { type RunState } from '../../domain/push-run.ts';
import { type Db } from '../database.ts';

/** Until when run `r` can be answered: an approval comes before the scheduled time or never (T09). */
export const ANSWER_UNTIL: RawBuilder<Date | null> = sql`least(r.answer_by, case
  when r.state = 'awaiting_approval' and not r.run_now then r.scheduled_for end)`;

/** A run as those who answer it find it. */
export interface AskedRun {
  readonly id: number;
  readonly state: RunState;
  readonly mode: PushMode;
  readonly kind: RunKind;
  readonly requestedBy: number;
  readonly catalog: string;
  readonly isActiveYear: boolean;
  readonly planId: number | null;
  readonly planHash: string | null;
  readonly quorum: number | null;
  readonly comment: string | null;
  readonly epoch: number;
  readonly calendarIds: readonly number[];
  /** The time for an answer is over. */
  readonly isOver: boolean;
  /** The scheduled time has come, so that the run would start at once. */
  readonly isDue: boolean;
}

/** Locks a run until the transaction ends, so that one answer wins. */
export async function lockRun(tx: Db, runId: number): Promise<AskedRun | undefined> {
  const { rows } = await sql<AskedRun>`
    select r.id, r.state, r.mode, r.kind, r.requested_by as "requestedBy", c.name as catalog,
      y.is_active as "isActiveYear", r.plan_id as "planId", p.hash as "planHash", r.quorum, r.comment,
      r.epoch, array(select calendar_id from push_job where run_id = r.id) as "calendarIds",
      coalesce(${ANSWER_UNTIL} <= now(), false) as "isOver", r.scheduled_for <= now() as "isDue"
    from push_run r
    join course_catalog c on c.id = r.catalog_id
    join school_year y on y.id = r.school_year_id
    left join push_plan p on p.id = r.plan_id
    where r.id = ${runId} for update of r`.execute(tx);
  return rows[0];
}

/** The requester's yes: the run goes into the queue, due at its time or at once. */
export async function queueRun(tx: Db, runId: number, wish: { now: boolean }): Promise<void> {
  await sql`update push_run set state = 'queued', confirmed_at = coalesce(confirmed_at, now()),
      run_now = run_now or ${wish.now}, answer_by = null, reminders_sent = 0, enqueued_at = now(),
      scheduled_for = case when ${wish.now} then least(scheduled_for, now()) else scheduled_for end
    where id = ${runId}`.execute(tx);
  await sql`update push_job set status = 'queued' where run_id = ${runId}`.execute(tx);
}

/** Asks for approval of the run's present plan. */
export async function askApproval(
  tx: Db,
  runId: number,
  wish: { quorum: number; answerHours: number; now: boolean; reason: string },
): Promise<void> {
  await sql`update push_run set state = 'awaiting_approval', comment = ${wish.reason},
      confirmed_at = coalesce(confirmed_at, now()), asked_for_approval_at = now(),
      quorum = ${wish.quorum}, reminders_sent = 0,
      answer_by = now() + make_interval(hours => ${wish.answerHours}),
      run_now = run_now or ${wish.now},
      scheduled_for = case when ${wish.now} then least(scheduled_for, now()) else scheduled_for end
    where id = ${runId}`.execute(tx);
  await sql`update push_job set status = 'awaiting_approval' where run_id = ${runId}`.execute(tx);
}

/** Writes a decision down. @returns its id, or undefined when this person has decided on this plan before */
export async function recordDecision(
  tx: Db,
  decision: {
    run: AskedRun & { planId: number; planHash: string };
    approverId: number;
    decision: 'approve' | 'reject';
    reason: string | null;
  },
): Promise<number | undefined> {
  const { run } = decision;
  const row = await tx
    .insertInto('push_approval')
    .values({
      run_id: run.id,
      requested_by: run.requestedBy,
      plan_id: run.planId,
      plan_hash: run.planHash,
      approver_id: decision.approverId,
      decision: decision.decision,
      reason: decision.reason,
    })
    .onConflict((conflict) => conflict.columns(['run_id', 'plan_id', 'approver_id']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

/** Whether the person has decided on the plan. */
export async function hasDecided(
  tx: Db,
  by: { planId: number; personId: number },
): Promise<boolean> {
  const row = await tx
    .selectFrom('push_approval')
    .select('id')
    .where('plan_id', '=', by.planId)
    .where('approver_id', '=', by.personId)
    .executeTakeFirst();
  return row !== undefined;
}

/** How many approved the plan. */
export async function countApprovals(
  tx: Db,
  run: { runId: number; planId: number },
): Promise<number> {
  const row = await tx
    .selectFrom('push_approval')
    .select((eb) => eb.fn.countAll<number>().as('approvals'))
    .where('run_id', '=', run.runId)
    .where('plan_id', '=', run.planId)
    .where('decision', '=', 'approve')
    .executeTakeFirstOrThrow();
  return row.approvals;
}

/** Binds the approval to the plan: only this plan, or one that destroys nothing more, is carried out. */
export async function approvePlan(tx: Db, runId: number, planHash: string): Promise<void> {
  await tx
    .updateTable('push_run')
    .set({ approved_plan_hash: planHash })
    .where('id', '=', runId)
    .execute();
  await queueRun(tx, runId, { now: false });
}

/** Who approved the plan that a run is bound to, in the order of their approvals. */
export async function readApprovers(db: Db, runId: number): Promise<NamedPerson[]> {
  const { rows } = await sql<NamedPerson>`
    select u.id, u.slack_user_id as "slackUserId", u.display_name as name
    from push_run r
    join push_approval a on a.run_id = r.id and a.plan_hash = r.approved_plan_hash
    join app_user u on u.id = a.approver_id
    where r.id = ${runId} and a.decision = 'approve'
    group by u.id order by min(a.id)`.execute(db);
  return rows;
}

/**
 * Active people, full members in Slack, other than the requester with the right to approve and Modify
 * on every calendar of the run, by name; with `undecided` only those who have not decided on its
 * present plan.
 */
export async function listApprovers(
  db: Db,
  runId: number,
  which: 'all' | 'undecided' = 'all',
): Promise<NamedPerson[]> {
  const { rows } = await sql<NamedPerson>`
    select u.id, u.slack_user_id as "slackUserId", u.display_name as name
    from push_run r join app_user u
      on u.active and u.slack_state = 'member' and u.id <> r.requested_by
    where r.id = ${runId}
      and exists (select 1 from user_group_member m join tool_right t on t.group_id = m.group_id
        where m.user_id = u.id and t.tool = 'push_all_course_masters.approve' and t.can_write)
      and not exists (
        select 1 from push_job j join calendar k on k.id = j.calendar_id
        where j.run_id = r.id and not exists (
          select 1 from user_group_member m join calendar_right c on c.group_id = m.group_id
          where m.user_id = u.id and c.can_modify
            and (c.calendar_id is null or c.calendar_id = k.id)
            and (c.school_id is null or c.school_id = k.school_id)
            and (c.school_year_id is null or c.school_year_id = k.school_year_id)))
      and (${which} = 'all' or not exists (select 1 from push_approval a
        where a.run_id = r.id and a.plan_id = r.plan_id and a.approver_id = u.id))
    order by u.display_name, u.id`.execute(db);
  return rows;
}

/** Whether the run is an overwrite, and of the active year; undefined for an unknown run. */
export async function readApprovalNeed(
  db: Db,
  runId: number,
): Promise<{ isOverwrite: boolean; isActiveYear: boolean } | undefined> {
  const { rows } = await sql<{ isOverwrite: boolean; isActiveYear: boolean }>`
    select r.mode = 'overwrite' as "isOverwrite", y.is_active as "isActiveYear"
    from push_run r join school_year y on y.id = r.school_year_id where r.id = ${runId}`.execute(
    db,
  );
  return rows[0];
}

/** How far the approval of an overwrite is; null for a run that never asked for one. */
export async function readApproval(db: Db, runId: number): Promise<ApprovalView | null> {
  const { rows } = await sql<{
    quorum: number | null;
    askedAt: Date | null;
    planId: number | null;
    earlierPlanId: number | null;
  }>`
    select r.quorum, r.asked_for_approval_at as "askedAt", r.plan_id as "planId", (
        select max(a.plan_id) from push_approval a
        where a.run_id = r.id and a.decision = 'approve' and a.plan_id < r.plan_id) as "earlierPlanId"
    from push_run r where r.id = ${runId}`.execute(db);
  const [run] = rows;
  if (run === undefined) return null;
  const { quorum, askedAt, earlierPlanId, planId } = run;
  if (quorum === null || askedAt === null) return null;
  const [decisions, approvers] = await Promise.all([
    readDecisions(db, runId, planId),
    listApprovers(db, runId),
  ]);
  return { quorum, askedAt, earlierPlanId, decisions, approvers };
}

async function readDecisions(db: Db, runId: number, planId: number | null): Promise<Decision[]> {
  const { rows } = await sql<Decision>`
    select json_build_object('id', u.id, 'slackUserId', u.slack_user_id, 'name', u.display_name) as by,
      a.id, a.decision, a.reason, a.decided_at as at, a.plan_id as "planId"
    from push_approval a join app_user u on u.id = a.approver_id
    where a.run_id = ${runId} and a.plan_id = ${planId}
    order by a.decided_at, a.id`.execute(db);
  return rows;
}

/** A run whose time for an answer is over, locked so that one process ends it. */
export async function lockUnanswered(
  tx: Db,
): Promise<{ runId: number; planId: number | null; state: RunState } | undefined> {
  const { rows } = await sql<{ runId: number; planId: number | null; state: RunState }>`
    select r.id as "runId", r.plan_id as "planId", r.state from push_run r
    where r.state in ('planned', 'awaiting_approval') and ${ANSWER_UNTIL} <= now()
    order by r.id limit 1 for update skip locked`.execute(tx);
  return rows[0];
}

/** Runs to remind of: at half of the time for an answer, and again at nine tenths of it. */
export async function takeReminders(
  tx: Db,
): Promise<{ runId: number; state: RunState; planId: number; reminder: number }[]> {
  const { rows } = await sql<{ runId: number; state: RunState; planId: number; reminder: number }>`
    with term as (
      select r.id, ${ANSWER_UNTIL} as until,
        case r.state when 'planned' then p.created_at else r.asked_for_approval_at end as since
      from push_run r join push_plan p on p.id = r.plan_id
      where r.state in ('planned', 'awaiting_approval')
    ), due as (
      select id, case when now() >= since + (until - since) * 0.9 then 2
        when now() >= since + (until - since) * 0.5 then 1 else 0 end as reminder
      from term where until > now()
    )
    update push_run r set reminders_sent = d.reminder from due d
    where d.id = r.id and d.reminder > r.reminders_sent
      and r.state in ('planned', 'awaiting_approval')
    returning r.id as "runId", r.state, r.plan_id as "planId", d.reminder`.execute(tx);
  return rows;
}
