import fc from 'fast-check';
import { createTestDatabase } from '../support/database.ts';
import { makeArena } from './arena.ts';
import { anyHistory, play } from './history.ts';

/** A history broke rules; the message is what a person needs to see it again. */
class BrokenHistory extends Error {
  override readonly name = 'BrokenHistory';
}

/** `npm test` runs 200 in two files; the nightly run sets HISTORIES. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 200) / 2;

/** Whether this is the nightly run, which proves more. */
export const IS_NIGHTLY = HISTORIES > 100;

/** Long enough for the nightly share of one file. */
export const PATIENCE_MS = 60_000 + HISTORIES * 4000;

/**
 * Runs half of the histories from a seed, and shrinks the first that breaks a rule. HISTORY_SEED and
 * HISTORY_PATH, as a failure prints them, bring one back.
 */
export async function proveHistories(seed: number): Promise<void> {
  const database = await createTestDatabase();
  let broken: readonly string[] = [];
  try {
    const arena = await makeArena(database.db);
    const { HISTORY_SEED: sameSeed, HISTORY_PATH: path } = process.env;
    const chosen = sameSeed === undefined ? seed : Number(sameSeed);
    process.stderr.write(`histories: ${HISTORIES} from seed ${chosen}\n`);
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const problems = await play(arena, history);
        if (problems.length > 0) broken = problems;
        if (problems.length > 0) throw new BrokenHistory(problems.slice(0, 10).join('\n'));
      }),
      { seed: chosen, numRuns: HISTORIES, ...(path === undefined ? {} : { path }) },
    );
  } finally {
    // Of the smallest history found; jest does not show the cause of a rejection.
    if (broken.length > 0) process.stderr.write(`${broken.join('\n')}\n`);
    await database.drop();
  }
}
