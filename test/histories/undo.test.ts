import { afterAll, beforeAll, describe, it } from '@jest/globals';
import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Arena, makeArena } from './arena.ts';
import { anyUndone, undoProblems } from './undo.ts';

const RUNS = Number(process.env['HISTORIES'] ?? 80) / 8;

let database: TestDatabase;
let arena: Arena;

beforeAll(async () => {
  database = await createTestDatabase();
  arena = await makeArena(database.db);
});
afterAll(() => database.drop());

describe('Given a damaged district that was overwritten with its sections', () => {
  it(
    'an undo brings back every row, ids and links included, and leaves what was edited since (G23)',
    async () => {
      await fc.assert(
        fc.asyncProperty(anyUndone, async (undone) => {
          const problems = await undoProblems(arena, undone);
          if (problems.length > 0) throw new Error(problems.slice(0, 8).join('\n'));
        }),
        { seed: 20261128, numRuns: RUNS, endOnFailure: true },
      );
    },
    120_000 + RUNS * 30_000,
  );
});
