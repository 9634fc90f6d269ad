import { sql } from 'kysely';
import { type Db } from '../db/database.ts';
import { type UndoCount } from '../domain/queue-list.ts';
import { planUndo } from './plan/undo.ts';

const NOTHING: UndoCount = { putBack: 0, edited: 0, used: 0 };

/** Works out the undo of a run exactly as its plan would, and keeps nothing of it. */
export async function countUndo(db: Db, undoesRunId: number): Promise<UndoCount> {
  const tx = await db.startTransaction().execute();
  try {
    const { id: planId } = await tx
      .insertInto('push_plan')
      .values({ run_id: undoesRunId })
      .returning('id')
      .executeTakeFirstOrThrow();
    await planUndo(tx, { planId, undoesRunId });
    const { rows } = await sql<UndoCount>`
      select (count(*) filter (where op <> 'none'))::int as "putBack",
        (count(*) filter (where rule = 'G23-edited'))::int as edited,
        (count(*) filter (where rule = 'G23-used'))::int as used
      from push_item where plan_id = ${planId}`.execute(tx);
    return rows[0] ?? NOTHING;
  } finally {
    await tx.rollback().execute();
  }
}
