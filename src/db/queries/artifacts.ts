import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { type Artifact } from '../../domain/ports.ts';
import { type ArtifactFormat, type ArtifactKind } from '../../domain/push-run.ts';
import { type Db } from '../database.ts';

export interface NewArtifact extends Artifact {
  readonly runId: number;
  /** Lines of the report without its header. */
  readonly rows: number;
}

/** Keeps a report file until its time is over (B06), in place of an earlier one of the same run and kind. */
export async function saveArtifact(db: Db, artifact: NewArtifact): Promise<void> {
  const file = {
    file_name: artifact.fileName,
    sha256: createHash('sha256').update(artifact.body).digest('hex'),
    row_count: artifact.rows,
    body: artifact.body,
    created_at: sql<Date>`now()`,
    purge_after: null,
  };
  await db
    .insertInto('push_artifact')
    .values({ run_id: artifact.runId, kind: artifact.kind, format: artifact.format, ...file })
    .onConflict((conflict) => conflict.columns(['run_id', 'kind', 'format']).doUpdateSet(file))
    .execute();
}

/** The file of a run, with its bytes. */
export async function findArtifact(
  db: Db,
  file: { runId: number; kind: ArtifactKind; format: ArtifactFormat },
): Promise<Artifact | undefined> {
  const row = await db
    .selectFrom('push_artifact')
    .select(['file_name as fileName', 'body'])
    .where('run_id', '=', file.runId)
    .where('kind', '=', file.kind)
    .where('format', '=', file.format)
    .executeTakeFirst();
  return row && { kind: file.kind, format: file.format, fileName: row.fileName, body: row.body };
}

/** Whether the run has a report: any file but those of its plan. */
export async function hasArtifacts(db: Db, runId: number): Promise<boolean> {
  const row = await db
    .selectFrom('push_artifact')
    .select('id')
    .where('run_id', '=', runId)
    .where('kind', '<>', 'plan')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether the files of the run's plan were made. */
export async function hasPlanFiles(db: Db, runId: number): Promise<boolean> {
  const row = await db
    .selectFrom('push_artifact')
    .select('id')
    .where('run_id', '=', runId)
    .where('kind', '=', 'plan')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
