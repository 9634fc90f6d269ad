import { describe, expect, it } from '@jest/globals';

import { Passes } from '../../../playground/slack-standin/passes.ts';

function passesAt(): { passes: Passes; wait: (ms: number) => void } {
  let now = 1_795_000_000_000;
  return {
    passes: new Passes(() => now),
    wait: (ms) => {
      now += ms;
    },
  };
}

describe('F3: a trigger_id', () => {
  it('works for 3 seconds and not a millisecond more', () => {
    const { passes, wait } = passesAt();
    const [early, late] = [
      passes.issueTrigger({ userId: 'U1' }),
      passes.issueTrigger({ userId: 'U1' }),
    ];
    wait(3000);
    expect(passes.exchangeTrigger(early)).toMatchObject({ userId: 'U1' });
    wait(1);
    expect(passes.exchangeTrigger(late)).toBe('expired_trigger_id');
  });

  it('works once, and only if it was issued', () => {
    const { passes } = passesAt();
    const trigger = passes.issueTrigger({ userId: 'U1' });
    passes.exchangeTrigger(trigger);
    expect(passes.exchangeTrigger(trigger)).toBe('exchanged_trigger_id');
    expect(passes.exchangeTrigger('1.2.3')).toBe('invalid_trigger_id');
  });
});

describe('F5: a response_url', () => {
  it('works five times', () => {
    const { passes } = passesAt();
    const path = passes.issueResponse({ userId: 'U1', channelId: 'C1' });
    const uses = Array.from({ length: 6 }, () => passes.useResponse(path));
    expect(uses.slice(0, 5).every((use) => typeof use === 'object')).toBe(true);
    expect(uses[5]).toBe('used_url');
  });

  it('works for 30 minutes', () => {
    const { passes, wait } = passesAt();
    const path = passes.issueResponse({ userId: 'U1', channelId: 'C1' });
    wait(30 * 60_000);
    expect(passes.useResponse(path)).toMatchObject({ channelId: 'C1' });
    wait(1);
    expect(passes.useResponse(path)).toBe('expired_url');
  });
});
