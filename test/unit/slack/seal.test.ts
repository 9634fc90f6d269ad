import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SealBroken, sealWith } from '../../../src/slack/install/seal.ts';

const [OLD, NEW] = [randomBytes(32), randomBytes(32)];
const TOKEN = 'xoxb-secret-of-the-workspace';

describe("Given a workspace's tokens that are sealed", () => {
  it('opens for its owner and shows nothing of them', () => {
    const seal = sealWith([NEW]);
    const sealed = seal.close(TOKEN, 'T1');
    expect(seal.open(sealed, 'T1')).toBe(TOKEN);
    expect(sealed.toString('latin1')).not.toContain('xoxb');
    expect(seal.close(TOKEN, 'T1')).not.toEqual(sealed);
  });

  it('does not open when it was moved to another workspace', () => {
    const seal = sealWith([NEW]);
    expect(() => seal.open(seal.close(TOKEN, 'T1'), 'T2')).toThrow(SealBroken);
  });

  it('does not open when any byte was altered', () => {
    const seal = sealWith([NEW]);
    const sealed = seal.close(TOKEN, 'T1');
    for (let at = 0; at < sealed.length; at += 1) {
      const altered = Buffer.from(sealed);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => seal.open(altered, 'T1')).toThrow(SealBroken);
    }
    expect(() => seal.open(sealed.subarray(0, 20), 'T1')).toThrow(SealBroken);
  });

  it('opens with an older key while that is configured, and is then not current', () => {
    const sealed = sealWith([OLD]).close(TOKEN, 'T1');
    const both = sealWith([NEW, OLD]);
    expect(both.open(sealed, 'T1')).toBe(TOKEN);
    expect(both.isCurrent(sealed)).toBe(false);
    expect(both.isCurrent(both.close(TOKEN, 'T1'))).toBe(true);
    expect(() => sealWith([NEW]).open(sealed, 'T1')).toThrow(
      'sealed with a key that is not configured',
    );
  });
});
