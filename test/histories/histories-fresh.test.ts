import { describe, expect, it } from '@jest/globals';
import { PATIENCE_MS, proveHistories } from './prove.ts';

// Every night other histories; `npm test` says the same of the same code every time.
const seed = process.env['HISTORIES'] === undefined ? 77 : Date.now() % 2 ** 31;

describe('Given any history of a district, from another seed', () => {
  it(
    'keeps every invariant after every push (G17, G22, P08, P09, P11, S09, C01, N10)',
    async () => {
      await expect(proveHistories(seed)).resolves.toBeUndefined();
    },
    PATIENCE_MS,
  );
});
