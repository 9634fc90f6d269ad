import { type Db } from '../db/database.ts';
import { recordAudit } from '../db/queries/audit.ts';
import {
  changeRun,
  readPlanChange,
  readYearCalendars,
  searchCourses,
} from '../db/queries/plan-changes.ts';
import { findPlansToCompare } from '../db/queries/plans.ts';
import { listApprovers, readApproval, readApprovalNeed } from '../db/queries/approvals.ts';
import {
  type ApprovalPolicy,
  type ApprovalServices,
  type PlanChange,
  quorumOf,
} from '../domain/approval.ts';
import { PushRefused } from '../domain/errors.ts';
import { comparePlans } from '../engine/compare-plans.ts';
import { type AnswerSettings, lockOwn, refuseUnpermitted, wake } from './answer-plan.ts';
import { announceAnswer } from './notices.ts';

/** What a run leaves out, its courses to choose from, and how its plan differs from an earlier one. */
export function planReading(
  db: Db,
  policy: ApprovalPolicy,
): Pick<ApprovalServices, 'planChange' | 'calendars' | 'courses' | 'difference' | 'outlook'> {
  return {
    planChange: (runId) => readPlanChange(db, runId),
    calendars: async ({ person, runId }) =>
      (await readYearCalendars(db, runId)).filter(
        ({ calendarId, inRun }) => inRun || person.rights.modifiableCalendars.has(calendarId),
      ),
    courses: (query) => searchCourses(db, query),
    outlook: async (runId) => {
      const need = await readApprovalNeed(db, runId);
      if (need?.isOverwrite !== true) return undefined;
      const approvers = await listApprovers(db, runId);
      return { approvers, quorum: quorumOf(policy, need.isActiveYear) };
    },
    difference: async (runId) => {
      const approval = await readApproval(db, runId);
      const { planId } = await findPlansToCompare(db, runId);
      const earlier = approval?.earlierPlanId ?? null;
      if (planId === null || earlier === null) return undefined;
      return comparePlans(db, { approvedPlanId: earlier, planId });
    },
  };
}

/**
 * The requester has the same run planned again with other kinds of data, calendars or courses. What
 * was approved before no longer counts.
 * @throws PushRefused with the field of the form at fault
 */
export function planAgain(db: Db, settings: AnswerSettings): ApprovalServices['planAgain'] {
  return async (request) => {
    const { runId, person, from } = request;
    const change = tidy(request.change);
    const epoch = await db.transaction().execute(async (tx) => {
      const run = await lockOwn(tx, request);
      if (run.state !== 'planned' && run.state !== 'awaiting_approval')
        throw new PushRefused('wrong_state', `Push #${runId} can no longer be planned again.`);
      if (run.kind === 'undo')
        throw new PushRefused('wrong_state', 'An undo takes back all that its push wrote.');
      const ofYear = await readYearCalendars(tx, runId);
      refuseFaulty(
        change,
        ofYear.map(({ calendarId }) => calendarId),
      );
      await changeRun(tx, runId, change);
      await refuseUnpermitted(tx, { runId, person });
      await recordAudit(tx, {
        ...{ actorId: person.id, action: 'plan.changed', runId, planHash: run.planHash },
        detail: {
          from,
          dataTypes: change.dataTypes.join(', '),
          calendars: change.calendarIds.length,
          leftOutCourses: change.leftOutCourses.length,
        },
      });
      await announceAnswer(tx, runId);
      return run.epoch;
    });
    wake(settings, { runId, epoch });
  };
}

function tidy(change: PlanChange): PlanChange {
  return {
    ...change,
    dataTypes: [...new Set(change.dataTypes)],
    calendarIds: [...new Set(change.calendarIds)].sort((a, b) => a - b),
    leftOutCourses: [...new Set(change.leftOutCourses)].sort((a, b) => a - b),
  };
}

function refuseFaulty(change: PlanChange, ofYear: readonly number[]): void {
  const refuse = (field: 'types' | 'calendars', message: string): PushRefused =>
    new PushRefused('invalid_options', message, { field });
  if (change.dataTypes.length === 0)
    throw refuse('types', 'Choose at least one kind of data to push.');
  if (change.calendarIds.length === 0) throw refuse('calendars', 'Choose at least one calendar.');
  if (change.calendarIds.some((id) => !ofYear.includes(id)))
    throw refuse('calendars', 'Some of the calendars are not of this year.');
}
