import { type Db } from '../database.ts';

export interface AuditEntry {
  /** Null when the product itself acted, e.g. a run that ended. */
  readonly actorId: number | null;
  /** A stable name, e.g. `run.submitted`. */
  readonly action: string;
  readonly runId?: number;
  readonly planHash?: string | null;
  readonly detail?: AuditDetail;
}

/** Flat facts; `from` says from where it was done: "slack:C0123", "cli". */
export type AuditDetail = Readonly<Record<string, string | number | boolean | null>>;

/** Letters of a line's hash that are written outside the log: enough that no other line has them. */
export const AUDIT_MARK_LENGTH = 12;

/** Appends one line to the audit log, in the transaction of what it tells of. */
export async function recordAudit(db: Db, entry: AuditEntry): Promise<void> {
  await recordAudits(db, [entry]);
}

/** Appends several lines at once. */
export async function recordAudits(db: Db, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const lines = entries.map((entry) => ({
    actor_id: entry.actorId,
    action: entry.action,
    run_id: entry.runId ?? null,
    plan_hash: entry.planHash ?? null,
    detail: JSON.stringify(entry.detail ?? {}),
  }));
  await db.insertInto('audit_event').values(lines).execute();
}

/** The hash of a run's present plan, for its audit lines. */
export async function readPlanHash(db: Db, runId: number): Promise<string | null> {
  const row = await db
    .selectFrom('push_run')
    .innerJoin('push_plan', 'push_plan.id', 'push_run.plan_id')
    .select('push_plan.hash')
    .where('push_run.id', '=', runId)
    .executeTakeFirst();
  return row?.hash ?? null;
}

/** The hash of the last line, for log lines that anchor the log outside of the database (T18). */
export async function readAuditHead(db: Db): Promise<string> {
  const row = await db.selectFrom('audit_head').select('hash').executeTakeFirst();
  return row?.hash ?? '';
}
