import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { type Db } from '../../src/db/database.ts';
import { type Arena, beginWith } from './arena.ts';
import { contentOf } from './content.ts';
import { countProblems } from './counts.ts';
import { differencesToOracle, isModelled } from './differential.ts';
import { effectProblems } from './effect.ts';
import { brokenInvariants, refusals } from './invariants.ts';
import { anyRun, apply, type Manner, plan, type PushWish, readItems } from './push.ts';
import { parseRows, readRows, restoreRows, rowVersions, turnAround } from './rows.ts';
import { anyShape, type Shape } from './shape.ts';
import { anyStep, type Step, stepSql } from './steps.ts';

/** What is proved of a push besides the invariants: each takes another plan, so one at a time. */
type Proof = 'none' | 'repeat' | 'hash' | 'one course a batch' | 'three courses a batch';

interface Round {
  readonly steps: readonly Step[];
  readonly push: PushWish;
  readonly proof: Proof;
}

const ROUNDS = 2;
const STEPS_BEFORE_A_PUSH = 14;

/** Two rounds of fourteen things that happen and a push, in a district of any shape: thirty steps. */
export interface History {
  readonly shape: Shape;
  /** Whether everything was pushed once before the history begins. */
  readonly pushedOnce: boolean;
  readonly rounds: readonly Round[];
}

export const anyHistory: fc.Arbitrary<History> = fc.record({
  shape: anyShape,
  pushedOnce: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
  rounds: fc.array(
    fc.record({
      steps: fc.array(anyStep, {
        minLength: STEPS_BEFORE_A_PUSH,
        maxLength: STEPS_BEFORE_A_PUSH,
      }),
      push: anyRun,
      proof: fc.oneof(
        { weight: 4, arbitrary: fc.constant<Proof>('none') },
        { weight: 2, arbitrary: fc.constant<Proof>('repeat') },
        fc.constantFrom<Proof>('hash', 'one course a batch', 'three courses a batch'),
      ),
    }),
    { minLength: ROUNDS, maxLength: ROUNDS },
  ),
});

/** Runs a history from the beginning; every breach of a rule is a sentence of the answer. */
export async function play(arena: Arena, history: History): Promise<string[]> {
  const { db } = arena;
  await beginWith(arena, history.shape, history.pushedOnce);
  for (const [index, round] of history.rounds.entries()) {
    for (const step of round.steps) await happen(db, step);
    const problems = await pushAndJudge(arena, round);
    if (problems.length > 0) return problems.map((problem) => `round ${index}: ${problem}`);
  }
  return [];
}

/** Takes a step; what the database itself refuses (a category with assignments goes) does not happen. */
export async function happen(db: Db, step: Step): Promise<void> {
  try {
    await sql.raw(stepSql(step)).execute(db);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!code.startsWith('23')) throw new Error(`the step ${step.kind} failed`, { cause: error });
  }
}

/** Pushes, and tells every rule that the push broke. */
export async function pushAndJudge(
  { db, registry }: Pick<Arena, 'db' | 'registry'>,
  { push, proof }: Round,
  { withModel = true } = {},
): Promise<string[]> {
  const before = await readRows(db);
  const problems = proof === 'hash' ? await hashProblems(db, before, push) : [];
  const planned = await plan(db, push);
  await apply(db, planned);
  const items = await readItems(db, planned.planId);
  const after = await readRows(db);
  const done = { wish: push, items, before: parseRows(before), after: parseRows(after) };
  problems.push(
    ...effectProblems(done.before, done.after, items),
    ...brokenInvariants(done),
    ...(withModel && isModelled(push)
      ? differencesToOracle({ ...done, wish: push }, planned.runId, registry)
      : []),
    ...(await countProblems(db, planned, items)),
  );
  if (proof === 'repeat') problems.push(...(await repeatProblems(db, push, refusals(items))));
  const manner = MANNERS[proof];
  if (manner !== undefined)
    problems.push(...(await mannerProblems(db, { before, after, push, manner })));
  return problems;
}

const MANNERS: Readonly<Partial<Record<Proof, Manner>>> = {
  'one course a batch': { batchCourses: 1, workers: 2 },
  'three courses a batch': { batchCourses: 3 },
};

/**
 * G22: making a plan writes to nothing but the plan's own tables, and the hash is that of the content:
 * the rows in another physical order give the same. Leaves them in that order.
 */
async function hashProblems(db: Db, before: string, push: PushWish): Promise<string[]> {
  const versions = await rowVersions(db);
  const { hash } = await plan(db, push);
  const quiet = isDeepStrictEqual(versions, await rowVersions(db));
  await restoreRows(db, turnAround(before));
  const other = await plan(db, push);
  return [
    ...(quiet ? [] : ['planning wrote rows']),
    ...(other.hash === hash ? [] : ['the hash depends on the order of rows']),
  ];
}

/** G17: a second push writes nothing and refuses what the first refused. */
async function repeatProblems(db: Db, push: PushWish, refused: string[]): Promise<string[]> {
  const versions = await rowVersions(db);
  const again = await plan(db, push);
  const items = await readItems(db, again.planId);
  const now = new Set(refusals(items));
  const problems = [
    ...items
      .filter((item) => item.op !== 'none')
      .map((item) => `repeated: ${JSON.stringify(item)}`),
    ...refused.filter((line) => !now.has(line)).map((line) => `no longer refused: ${line}`),
  ];
  await apply(db, again);
  if (!isDeepStrictEqual(versions, await rowVersions(db))) problems.push('the repeat wrote rows');
  return problems;
}

interface Again {
  readonly before: string;
  readonly after: string;
  readonly push: PushWish;
  readonly manner: Manner;
}

/** The same result whatever the size of batches and the number of workers. */
async function mannerProblems(db: Db, { before, after, push, manner }: Again): Promise<string[]> {
  await restoreRows(db, before);
  await apply(db, await plan(db, push), manner);
  const other = contentOf(parseRows(await readRows(db)));
  return isDeepStrictEqual(contentOf(parseRows(after)), other)
    ? []
    : [`another result with ${JSON.stringify(manner)}`];
}
