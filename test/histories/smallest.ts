import { type History } from './history.ts';
import { PLAIN } from './shape.ts';

/** A history that breaks rules, and the breaches. */
interface Broken {
  readonly history: History;
  readonly problems: readonly string[];
}

/**
 * Leaves out of a history what it breaks rules without: whole rounds, its shape, then steps, by fours,
 * twos and one by one. The answer is for people; the seed brings back the whole history.
 */
export async function smallestBroken(
  broken: Broken,
  judge: (history: History) => Promise<readonly string[]>,
): Promise<Broken> {
  let smallest = broken;
  const isBroken = async (history: History): Promise<boolean> => {
    const problems = await judge(history);
    if (problems.length > 0) smallest = { history, problems };
    return problems.length > 0;
  };
  for (let round = broken.history.rounds.length - 1; round >= 0; round -= 1)
    await isBroken(withoutRound(smallest.history, round));
  await isBroken({ ...smallest.history, shape: PLAIN });
  for (const count of [4, 2, 1])
    for (let round = smallest.history.rounds.length - 1; round >= 0; round -= 1)
      for (let from = 0; from < (smallest.history.rounds[round]?.steps.length ?? 0);)
        if (!(await isBroken(withoutSteps(smallest.history, { round, from, count }))))
          from += count;
  return smallest;
}

function withoutRound(history: History, gone: number): History {
  return { ...history, rounds: history.rounds.filter((_, index) => index !== gone) };
}

function withoutSteps(
  history: History,
  { round, from, count }: { round: number; from: number; count: number },
): History {
  const rounds = history.rounds.map((one, index) =>
    index === round
      ? { ...one, steps: one.steps.filter((_, step) => step < from || step >= from + count) }
      : one,
  );
  return { ...history, rounds };
}
