/** A small seeded generator of numbers: the same seed gives the same district, on any machine. */
export interface Random {
  /** A whole number from 0 up to, not including, `limit`. */
  readonly below: (limit: number) => number;
  /** True with the given chance, 0 to 1. */
  readonly chance: (probability: number) => boolean;
  /** One of a list that has at least one entry. Throws RangeError for an empty list. */
  readonly oneOf: <T>(list: readonly T[]) => T;
}

/** Starts a generator (mulberry32) from a whole number. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    chance: (probability) => next() < probability,
    oneOf: <T>(list: readonly T[]): T => {
      const picked = list[below(list.length)];
      if (picked === undefined) throw new RangeError('Cannot pick from an empty list.');
      return picked;
    },
  };
}
