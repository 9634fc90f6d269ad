import { describe, expect, it } from '@jest/globals';
import { PostPace } from '../../../playground/slack-standin/web-api/post-pace.ts';

interface Clocked {
  /** The rules a post breaks that begins now; it is answered after so many milliseconds, if at all. */
  readonly post: (channel: string, answeredAfter?: number) => string[];
  readonly wait: (ms: number) => void;
}

function paceAt(): Clocked {
  let now = 5000;
  const pace = new PostPace(() => now);
  return {
    post: (channel, answeredAfter) => {
      const { findings, end } = pace.begin('chat.postMessage', { channel });
      now += answeredAfter ?? 0;
      if (answeredAfter !== undefined) end();
      return findings.map(({ rule, refused }) => `${rule}${refused ? ' refused' : ''}`);
    },
    wait: (ms) => {
      now += ms;
    },
  };
}

describe('V31: posts to a conversation', () => {
  it('may begin a second apart, and not a millisecond less', () => {
    const { post, wait } = paceAt();
    expect(post('C1', 0)).toEqual([]);
    wait(1000);
    expect(post('C1', 0)).toEqual([]);
    wait(999);
    expect(post('C1', 0)).toEqual(['V31']);
  });

  it('may not begin while another one waits for its answer, however long', () => {
    const { post, wait } = paceAt();
    post('C1');
    wait(5000);
    expect(post('C1')).toEqual(['V31']);
  });

  it('do not stand in the way of another conversation, or of calls that post nothing', () => {
    const { post } = paceAt();
    post('C1');
    expect(post('C2')).toEqual([]);
    const { findings } = new PostPace(() => 0).begin('chat.update', { channel: 'C1' });
    expect(findings).toEqual([]);
  });

  it('are also files that are shared', () => {
    const pace = new PostPace(() => 0);
    pace.begin('chat.postMessage', { channel: 'C1' }).end();
    const share = pace.begin('files.completeUploadExternal', { channel_id: 'C1' });
    expect(share.findings).toEqual([expect.objectContaining({ rule: 'V31' })]);
  });
});
