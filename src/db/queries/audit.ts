import { type Db } from '../database.ts';

export interface AuditEntry {
  /** Null when the product itself acted, e.g. a run that ended. */
  readonly actorId: number | null;
  /** A stable name, e.g. `run.submitted`. */
  readonly action: string;
  readonly runId?: number;
  readonly planHash?: string | null;
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Appends one line to the audit log, in the transaction of what it tells of. */
export async function recordAudit(db: Db, entry: AuditEntry): Promise<void> {
  await db
    .insertInto('audit_event')
    .values({
      actor_id: entry.actorId,
      action: entry.action,
      run_id: entry.runId ?? null,
      plan_hash: entry.planHash ?? null,
      detail: JSON.stringify(entry.detail ?? {}),
    })
    .execute();
}
