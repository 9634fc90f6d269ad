import { setTimeout as pause } from 'node:timers/promises';

/** Waits for work at most so long. @returns undefined when the time ran out; the work goes on */
export async function within<Result>(
  limitMs: number,
  work: Promise<Result>,
): Promise<Result | undefined> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      work,
      pause(limitMs, undefined, { signal: timer.signal }).catch(() => undefined),
    ]);
  } finally {
    timer.abort();
  }
}
