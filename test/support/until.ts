type Unsure<Answer> = Answer | undefined | null | false;

/**
 * Waits until a question has an answer.
 * @param ask gives undefined, null or false as long as the answer is not there
 * @throws Error after half a minute (a busy machine is no failure), naming what was waited for
 */
export async function until<Answer>(
  what: string,
  ask: () => Unsure<Answer> | Promise<Unsure<Answer>>,
  limitMs = 30_000,
): Promise<Answer> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${limitMs} ms in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
