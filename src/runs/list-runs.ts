import { type Db } from '../db/database.ts';
import { type ListedJob, listJobs } from '../db/queries/run-list.ts';
import { type Person } from '../domain/ports.ts';
import { holds } from '../domain/rights.ts';

/** The list shows this many rows; more is a matter of narrower dates (B02). */
const ROWS = 50;

/** The queue list: one's own runs, or everybody's with the admin right (B05). */
export function listRuns(
  db: Db,
): (query: { person: Person; from?: Date; to?: Date }) => Promise<ListedJob[]> {
  return ({ person, from, to }) =>
    listJobs(db, {
      requestedBy: holds(person.rights, 'batch_queue_admin', 'read') ? null : person.id,
      from: from ?? null,
      to: to ?? null,
      limit: ROWS,
    });
}
