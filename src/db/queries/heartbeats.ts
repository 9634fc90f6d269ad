import { sql } from 'kysely';
import { type Db } from '../database.ts';

/** A worker counts as alive this long after its last sign of life. */
const ALIVE_SECONDS = 15;

/** Tells that the worker lives; forgets workers that have been silent for a week. */
export async function beat(db: Db, workerId: string): Promise<void> {
  await db
    .insertInto('worker_heartbeat')
    .values({ worker_id: workerId })
    .onConflict((conflict) => conflict.column('worker_id').doUpdateSet({ seen_at: sql`now()` }))
    .execute();
  await db
    .deleteFrom('worker_heartbeat')
    .where('seen_at', '<', sql<Date>`now() - interval '7 days'`)
    .execute();
}

/** Tells that a job came to the worker through the queue, end to end. */
export async function recordTick(db: Db, workerId: string): Promise<void> {
  await db
    .updateTable('worker_heartbeat')
    .set({ tick_at: sql`now()` })
    .where('worker_id', '=', workerId)
    .execute();
}

/** Workers alive, and when the last one was (B03). `lastSeenAt` is null when there never was one. */
export async function countWorkers(db: Db): Promise<{ alive: number; lastSeenAt: Date | null }> {
  return db
    .selectFrom('worker_heartbeat')
    .select((eb) => [
      sql<number>`count(*) filter (where seen_at > now() - make_interval(secs => ${ALIVE_SECONDS}))`.as(
        'alive',
      ),
      eb.fn.max('seen_at').as('lastSeenAt'),
    ])
    .executeTakeFirstOrThrow();
}
