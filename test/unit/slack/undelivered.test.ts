import { describe, expect, it } from '@jest/globals';
import { DELIVERY_TROUBLES, type Undelivered } from '../../../src/domain/delivery.ts';
import { LIMITS } from '../../../src/slack/limits.ts';
import {
  undeliveredInShort,
  undeliveredSentence,
} from '../../../src/slack/messages/undelivered.ts';

const FATES = ['waiting', 'elsewhere', 'lost'] as const;

function problem(change: Partial<Undelivered> = {}): Undelivered {
  return {
    ...{ runId: 7, trouble: 'not_in_channel', fate: 'lost', messages: 1, channelId: 'C0PUSHES' },
    ...change,
  };
}

describe('What the queue says about a message that did not arrive', () => {
  it('names the channel, the reason and what to do', () => {
    expect(undeliveredInShort(problem())).toBe(
      '1 message could not be delivered: the bot is not in <#C0PUSHES>.',
    );
    expect(undeliveredSentence(problem({ messages: 2, fate: 'elsewhere' }))).toBe(
      '2 messages could not be delivered as asked and went to a person directly: the bot is not in ' +
        '<#C0PUSHES>. Invite it there with /invite, or start the next push from another conversation.',
    );
  });

  it.each(DELIVERY_TROUBLES)('is a sentence without codes for %s', (trouble) => {
    for (const fate of FATES) {
      for (const channelId of [null, 'C0PUSHES', 'U0BOB', 'D1']) {
        const sentence = undeliveredSentence(problem({ trouble, fate, channelId }));
        expect(sentence).toMatch(/^1 message could not .+: .+\. .+\.$/);
        expect(sentence).not.toContain('_');
        expect(sentence.length).toBeLessThan(LIMITS.sectionText / 5);
      }
    }
  });
});
