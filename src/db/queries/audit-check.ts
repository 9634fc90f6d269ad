import { sql } from 'kysely';
import { type Db } from '../database.ts';

/** What checking the audit log found; sound when there is no fault. */
export interface AuditCheck {
  readonly lines: number;
  /** Hash of the last line: note it outside the database to find a log cut short later. */
  readonly head: string;
  /** One sentence each; at most 20 lines are named. */
  readonly faults: readonly string[];
}

const MOST_NAMED = 20;

/**
 * Checks the whole audit log (T18): every line against its own hash, the chain of lines, its end
 * against the kept head, and marks that were noted outside, in log lines and Slack threads.
 * @param marks first letters of hashes that must be in the log
 */
export async function verifyAudit(db: Db, marks: readonly string[] = []): Promise<AuditCheck> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      const { lines, head, last } = await readEnds(tx);
      const faults = [
        ...(await findAltered(tx)),
        ...(await findGaps(tx)),
        ...(head === last
          ? []
          : ['The end of the log is missing: its last line is not the kept head.']),
        ...(await findMissingMarks(tx, marks)),
      ];
      return { lines, head, faults };
    });
}

async function readEnds(tx: Db): Promise<{ lines: number; head: string; last: string }> {
  const { rows } = await sql<{ lines: number; head: string; last: string }>`
    select (select count(*) from audit_event) as lines,
      coalesce((select hash from audit_head where id = 1), '') as head,
      coalesce((select e.hash from audit_event e where not exists (
        select 1 from audit_event n where n.previous_hash = e.hash) order by e.id desc limit 1), '')
        as last`.execute(tx);
  return rows[0] ?? { lines: 0, head: '', last: '' };
}

async function findAltered(tx: Db): Promise<string[]> {
  const { rows } = await sql<{ id: number }>`
    select id from audit_event e
    where hash <> encode(sha256(convert_to(concat_ws('|', e.previous_hash, e.id,
      extract(epoch from e.at), e.actor_id, e.action, e.run_id, e.plan_hash, e.detail::text),
      'UTF8')), 'hex')
    order by id limit ${MOST_NAMED}`.execute(tx);
  return rows.map(({ id }) => `Line ${id} was altered.`);
}

/** A line whose predecessor is gone, or that shares it with another. */
async function findGaps(tx: Db): Promise<string[]> {
  const { rows } = await sql<{ id: number; forked: boolean }>`
    with chained as (
      select e.id, e.previous_hash, count(*) over (partition by e.previous_hash) > 1 as forked
      from audit_event e
    )
    select c.id, c.forked from chained c
    where c.forked or c.previous_hash <> '' and not exists (
      select 1 from audit_event p where p.hash = c.previous_hash)
    order by c.id limit ${MOST_NAMED}`.execute(tx);
  return rows.map(({ id, forked }) =>
    forked
      ? `Line ${id} is not the only one that follows its predecessor.`
      : `The line before line ${id} is missing.`,
  );
}

async function findMissingMarks(tx: Db, marks: readonly string[]): Promise<string[]> {
  if (marks.length === 0) return [];
  const { rows } = await sql<{ mark: string }>`
    select mark from unnest(${[...marks]}::text[]) mark
    where not exists (select 1 from audit_event where starts_with(hash, mark))`.execute(tx);
  return rows.map(
    ({ mark }) => `No line has the mark ${mark}: it was removed, or the log was cut.`,
  );
}
