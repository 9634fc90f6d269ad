import { type Logger } from 'pino';
import { type Db } from '../db/database.ts';
import { listHolders } from '../db/queries/groups.ts';
import { countWorkers } from '../db/queries/heartbeats.ts';
import { type ApprovalPolicy, DEFAULT_POLICY } from '../domain/approval.ts';
import { type PushServices } from '../domain/ports.ts';
import { approvalServices } from './approval-services.ts';
import { type Enqueue } from './enqueue.ts';
import { findPerson } from './find-person.ts';
import { listChoices } from './list-choices.ts';
import { submitRun } from './submit-run.ts';
import { viewRun } from './view-run.ts';

/** More names do not help whoever asks for a right. */
const MOST_GRANTORS = 3;

/** The use cases that Slack and the CLI share, on one database. */
export function pushServices(
  db: Db,
  settings: {
    enqueue: Enqueue;
    logger: Logger;
    /** Who has to agree to an overwrite; the default one when absent. */
    policy?: ApprovalPolicy;
  },
): PushServices {
  return {
    approvals: approvalServices(db, { policy: DEFAULT_POLICY, ...settings }),
    findPerson: findPerson(db),
    grantors: () => listHolders(db, 'user_security', MOST_GRANTORS),
    ...listChoices(db),
    submit: submitRun(db, settings),
    ...viewRun(db),
    workers: () => countWorkers(db),
  };
}
