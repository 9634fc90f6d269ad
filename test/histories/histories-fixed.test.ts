import { describe, expect, it } from '@jest/globals';
import { PATIENCE_MS, proveHistories } from './prove.ts';

describe('Given any history of a district, from the same seed every time', () => {
  it(
    'keeps every invariant after every push (G17, G22, P08, P09, P11, S09, C01, N10)',
    async () => {
      await expect(proveHistories(20261124)).resolves.toBeUndefined();
    },
    PATIENCE_MS,
  );
});
