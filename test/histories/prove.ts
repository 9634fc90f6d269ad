import fc from 'fast-check';
import { createTestDatabase } from '../support/database.ts';
import { makeArena } from './arena.ts';
import { anyHistory, type History, play } from './history.ts';
import { smallestBroken } from './smallest.ts';

/** A history broke rules; the message is what a person needs to see it again. */
class BrokenHistory extends Error {
  override readonly name = 'BrokenHistory';
}

/** `npm test` runs 200 in two files; the nightly run sets HISTORIES. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 200) / 2;

/** Whether this is the nightly run, which proves more. */
export const IS_NIGHTLY = HISTORIES > 100;

/** A history takes a second or two; this leaves room for a busy machine and for making one small. */
export const PATIENCE_MS = 600_000 + HISTORIES * 15_000;

/**
 * Runs half of the histories from a seed, and makes the first that breaks a rule small. HISTORY_SEED and
 * HISTORY_PATH, as a failure prints them, bring one back.
 */
export async function proveHistories(seed: number): Promise<void> {
  const database = await createTestDatabase();
  try {
    const arena = await makeArena(database.db);
    const { HISTORY_SEED: sameSeed, HISTORY_PATH: path } = process.env;
    const chosen = sameSeed === undefined ? seed : Number(sameSeed);
    process.stderr.write(`histories: ${HISTORIES} from seed ${chosen}\n`);
    const judge = (history: History): Promise<string[]> => play(arena, history);
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const problems = await judge(history);
        if (problems.length === 0) return;
        const smallest = await smallestBroken({ history, problems }, judge);
        throw new BrokenHistory(
          [JSON.stringify(smallest.history), ...smallest.problems.slice(0, 10)].join('\n'),
        );
      }),
      {
        seed: chosen,
        numRuns: HISTORIES,
        endOnFailure: true,
        includeErrorInReport: true,
        ...(path === undefined ? {} : { path }),
      },
    );
  } finally {
    await database.drop();
  }
}
