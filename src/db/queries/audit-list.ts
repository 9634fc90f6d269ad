import { sql } from 'kysely';
import { type AuditDetail } from './audit.ts';
import { type Db } from '../database.ts';

/** One line of the audit log with names. */
export interface AuditLine {
  readonly id: number;
  readonly at: Date;
  /** Null when the product itself acted, or a command. */
  readonly actor: string | null;
  readonly action: string;
  readonly runId: number | null;
  readonly planHash: string | null;
  readonly detail: AuditDetail;
  readonly hash: string;
}

/** Lines of the audit log, newest first; null leaves a filter open. */
export async function listAudit(
  db: Db,
  filter: {
    readonly runId: number | null;
    /** Who acted, or whom a line of people and rights is about. */
    readonly personId: number | null;
    /** The action or its beginning: "approval", "run.submitted". */
    readonly action: string | null;
    readonly limit: number;
  },
): Promise<AuditLine[]> {
  const { runId, personId, action, limit } = filter;
  const { rows } = await sql<AuditLine>`
    select a.id, a.at, u.display_name as actor, a.action, a.run_id as "runId",
      a.plan_hash as "planHash", a.detail, a.hash
    from audit_event a left join app_user u on u.id = a.actor_id
    where (${runId}::bigint is null or a.run_id = ${runId}::bigint)
      and (${personId}::bigint is null or a.actor_id = ${personId}::bigint
        or a.detail ->> 'person' = ${personId}::bigint::text)
      and (${action}::text is null or a.action = ${action}::text
        or starts_with(a.action, ${action}::text || '.'))
    order by a.id desc limit ${limit}`.execute(db);
  return rows;
}
