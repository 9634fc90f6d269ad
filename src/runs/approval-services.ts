import { type Db } from '../db/database.ts';
import { type ApprovalServices } from '../domain/approval.ts';
import { type AnswerSettings, confirmRun } from './answer-plan.ts';
import { decide } from './decide.ts';
import { planAgain, planReading } from './plan-again.ts';
import { withdrawRun } from './withdraw-run.ts';

/** What the requester and the approvers do with a plan, on one database. */
export function approvalServices(db: Db, settings: AnswerSettings): ApprovalServices {
  return {
    confirm: confirmRun(db, settings),
    withdraw: withdrawRun(db),
    planAgain: planAgain(db, settings),
    decide: decide(db, settings),
    ...planReading(db, settings.policy),
  };
}
