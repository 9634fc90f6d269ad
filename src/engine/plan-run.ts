import { sql } from 'kysely';
import { type Db } from '../db/database.ts';
import { planAssessments } from './plan/assessments.ts';
import { planCalcOptions } from './plan/calc-options.ts';
import { planCategories } from './plan/categories.ts';
import { planCompositeWeights, planComposites } from './plan/composites.ts';
import { planCourseInfo } from './plan/course-info.ts';
import { planCrossSite, planMirrors } from './plan/cross-site.ts';
import { planHash, recordPlan, reportUnlockedTypes } from './plan/record.ts';
import { applyRules, layOutRules } from './plan/apply-rules.ts';
import { readRunToPlan, type RunToPlan } from './plan/run-to-plan.ts';
import { sourceDigest } from './plan/source-digest.ts';
import { createStaging, type Tx } from './plan/staging.ts';
import { findTargets, gatherEvidence, settleCourses } from './plan/targets.ts';
import { alignCourses, keepReferencedTasks, planTasks } from './plan/tasks.ts';
import { planUndo } from './plan/undo.ts';

export interface PlanSummary {
  readonly planId: number;
  readonly hash: string;
  /** Items written or refused. */
  readonly items: number;
  /** Items that write something. */
  readonly writes: number;
}

/**
 * Works out what the run would do, record by record and why, and keeps it as the run's plan (G22).
 * One REPEATABLE READ transaction of set-based statements; nothing outside the plan's own tables
 * changes. An earlier plan of the run is kept as superseded.
 * @param epoch the claim's; a plan made under a lost claim does not become the run's
 * @throws UnknownRun
 */
export async function planRun(db: Db, runId: number, epoch?: number): Promise<PlanSummary> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      await sql`set local work_mem = '64MB'`.execute(tx);
      const run = await readRunToPlan(tx, runId);
      if (run.undoesRunId === null) {
        await createStaging(tx);
        await workOut(tx, run);
      }
      return keepPlan(tx, run, epoch);
    });
}

/** The order is that of G14: upserts by dependency; removals of tasks after the composites. */
export async function workOut(tx: Tx, run: RunToPlan): Promise<void> {
  await layOutRules(tx);
  await findTargets(tx, run);
  await gatherEvidence(tx);
  if (run.kind === 'push_all_courses') return workOutSections(tx, run);
  await settleCourses(tx, run);
  await applyRules(tx);
  if (run.dataTypes.has('course_info')) await planCourseInfo(tx, run);
  await planTasks(tx, run);
  await planComposites(tx, run);
  await keepReferencedTasks(tx, run);
  await planCompositeWeights(tx, run);
  await planCalcOptions(tx, run);
  await planCategories(tx, run);
  await planAssessments(tx, run);
  await planMirrors(tx, run);
  await planCrossSite(tx, run);
  await reportUnlockedTypes(tx, run);
}

/** Push All Courses: the same step from course to section, without the masters (E09). */
async function workOutSections(tx: Tx, run: RunToPlan): Promise<void> {
  await alignCourses(tx, run);
  await planComposites(tx, run);
  await planCompositeWeights(tx, run);
  await planCalcOptions(tx, run);
  await planCategories(tx, run);
  await planMirrors(tx, run);
}

async function keepPlan(tx: Tx, run: RunToPlan, epoch: number | undefined): Promise<PlanSummary> {
  const replaced = await tx
    .updateTable('push_plan')
    .set({
      state: 'superseded',
      hash: sql`coalesce(hash, '')`,
      source_digest: sql`coalesce(source_digest, '')`,
    })
    .where('run_id', '=', run.runId)
    .where('state', '<>', 'superseded')
    .returning('id')
    .executeTakeFirst();
  const { id: planId } = await tx
    .insertInto('push_plan')
    .values({ run_id: run.runId, replaces_plan_id: replaced?.id ?? null })
    .returning('id')
    .executeTakeFirstOrThrow();
  await (run.undoesRunId === null
    ? recordPlan(tx, planId)
    : planUndo(tx, { planId, undoesRunId: run.undoesRunId }));
  const hash = await planHash(tx, planId);
  const digest = await sourceDigest(tx, run.runId);
  const { rows } = await sql<{ items: number; writes: number }>`
    update push_plan q set state = 'ready', hash = ${hash}, source_digest = ${digest},
      items = c.items, writes = c.writes
    from (select count(*)::int as items, (count(*) filter (where op <> 'none'))::int as writes
      from push_item where plan_id = ${planId}) c
    where q.id = ${planId} returning q.items, q.writes`.execute(tx);
  await tx
    .updateTable('push_run')
    .set({ plan_id: planId })
    .where('id', '=', run.runId)
    .$if(epoch !== undefined, (update) => update.where('epoch', '=', epoch ?? 0))
    .execute();
  await sql`
    update push_job j set courses_total = coalesce(t.courses, 0)
    from push_job k left join (
      select calendar_id, count(*)::int as courses from push_plan_course where plan_id = ${planId} group by 1
    ) t on t.calendar_id = k.calendar_id
    where j.id = k.id and k.run_id = ${run.runId}`.execute(tx);
  const counted = rows[0];
  if (counted === undefined) throw new Error(`keeping plan ${planId} of run ${run.runId}`);
  return { planId, hash, ...counted };
}
