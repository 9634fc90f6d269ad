import { type Logger } from 'pino';
import { type Db } from '../db/database.ts';
import { countWorkers } from '../db/queries/heartbeats.ts';
import { type PushServices } from '../domain/ports.ts';
import { type Enqueue } from './enqueue.ts';
import { findPerson } from './find-person.ts';
import { listChoices } from './list-choices.ts';
import { type PushFeatures, submitRun } from './submit-run.ts';
import { viewRun } from './view-run.ts';

/** The use cases that Slack and the CLI share, on one database. */
export function pushServices(
  db: Db,
  settings: { features: PushFeatures; enqueue: Enqueue; logger: Logger },
): PushServices {
  return {
    findPerson: findPerson(db),
    ...listChoices(db),
    submit: submitRun(db, settings),
    ...viewRun(db),
    workers: () => countWorkers(db),
  };
}
