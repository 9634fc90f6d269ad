import { describe, expect, it } from '@jest/globals';

import { createPace } from '../../../src/slack/delivery/pace.ts';
import { createViewTurns } from '../../../src/slack/listeners/view-turns.ts';

describe('The pace of edits (F28, F29)', () => {
  it('edits the message of one run every 3 s at most', () => {
    let now = 0;
    const pace = createPace(() => now);
    expect(pace.untilUpdate(1)).toBe(0);
    now = 1000;
    expect(pace.untilUpdate(1)).toBe(2000);
    expect(pace.untilUpdate(2)).toBe(0);
    now = 3000;
    expect(pace.untilUpdate(1)).toBe(0);
  });

  it('edits 40 messages a minute at most, whatever the number of runs, and every run gets its turn', () => {
    let now = 0;
    const pace = createPace(() => now);
    const edits: { at: number; run: number }[] = [];
    for (; now < 180_000; now += 500) {
      for (let run = 1; run <= 20; run += 1) {
        if (pace.untilUpdate(run) === 0) edits.push({ at: now, run });
      }
    }
    for (const { at } of edits) {
      const within = edits.filter((one) => one.at >= at && one.at < at + 60_000);
      expect(within.length).toBeLessThanOrEqual(40);
    }
    expect(edits.length).toBeGreaterThanOrEqual(100);
    expect(new Set(edits.map(({ run }) => run)).size).toBe(20);
  });

  it('calls nothing while Slack asks to wait', () => {
    let now = 0;
    const pace = createPace(() => now);
    pace.hold(30_000);
    expect(pace.untilFree()).toBe(30_000);
    now = 30_000;
    expect(pace.untilFree()).toBe(0);
  });

  it('posts one message at a time in a conversation, also after one that failed (V31)', async () => {
    const pace = createPace(Date.now);
    const order: string[] = [];
    const first = pace.inTurn('C1', () => {
      order.push('first');
      return Promise.reject(new Error('no'));
    });
    const second = pace.inTurn('C1', () => {
      order.push('second');
      return Promise.resolve(performance.now());
    });
    const other = pace.inTurn('C2', () => {
      order.push('other');
      return Promise.resolve(performance.now());
    });
    await expect(first).rejects.toThrow('no');
    expect((await second) - (await other)).toBeGreaterThanOrEqual(900);
    expect(order).toEqual(['first', 'other', 'second']);
  });
});

describe('Updates of a form come in the order of its changes (F13)', () => {
  it('follows the versions that our own updates made', async () => {
    const inTurn = createViewTurns();
    const used: string[] = [];
    const update = (to: string) => (hash: string) => {
      used.push(hash);
      return Promise.resolve(to);
    };
    await Promise.all([
      inTurn({ viewId: 'V1', at: '1.1', hash: 'h0' }, update('h1')),
      inTurn({ viewId: 'V2', at: '1.1', hash: 'k0' }, update('k1')),
    ]);
    await inTurn({ viewId: 'V1', at: '1.2', hash: 'h0' }, update('h2'));
    await inTurn({ viewId: 'V1', at: '1.3', hash: 'h2' }, update('h3'));
    expect(used).toEqual(['h0', 'k0', 'h1', 'h2']);
  });

  it('leaves out a change that a newer one has overtaken', async () => {
    const inTurn = createViewTurns();
    const done: string[] = [];
    const update = (name: string) => () => {
      done.push(name);
      return Promise.resolve('h1');
    };
    await Promise.all([
      inTurn({ viewId: 'V1', at: '2.0', hash: 'h0' }, update('newer')),
      inTurn({ viewId: 'V1', at: '1.0', hash: 'h0' }, update('older')),
    ]);
    expect(done).toEqual(['newer']);
  });
});
