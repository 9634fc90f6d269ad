import { type Db } from '../db/database.ts';
import { findArtifact } from '../db/queries/artifacts.ts';
import { readRun } from '../db/queries/run-view.ts';
import { type PushServices } from '../domain/ports.ts';

/** A run as messages and the CLI show it, and its report files. */
export function viewRun(db: Db): Pick<PushServices, 'run' | 'artifact'> {
  return {
    run: (runId) => readRun(db, runId),
    artifact: (runId, kind, format) => findArtifact(db, { runId, kind, format }),
  };
}
