import { type JsonObject } from '../contract.ts';
import { text } from '../json.ts';
import { type Finding, houseRule } from '../rules/finding.ts';

const BETWEEN_POSTS_MS = 1000;

/** V31: posts to a conversation come one after the other, at least a second apart. */
export class PostPace {
  readonly #now: () => number;
  readonly #lastAt = new Map<string, number>();
  readonly #inFlight = new Map<string, number>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A call begins. @returns what is wrong with its time; call `end` when it is answered */
  begin(method: string, args: JsonObject): { findings: Finding[]; end: () => void } {
    const channel = conversationOf(method, args);
    if (channel === '') return { findings: [], end: () => undefined };
    const inFlight = this.#inFlight.get(channel) ?? 0;
    const since = this.#now() - (this.#lastAt.get(channel) ?? -Infinity);
    this.#inFlight.set(channel, inFlight + 1);
    this.#lastAt.set(channel, this.#now());
    return {
      findings: faultsOf(channel, { inFlight, since }),
      end: () => {
        this.#inFlight.set(channel, (this.#inFlight.get(channel) ?? 1) - 1);
      },
    };
  }
}

/** Where a call posts; empty for calls that post nothing. */
function conversationOf(method: string, args: JsonObject): string {
  if (method === 'chat.postMessage') return text(args['channel']);
  return method === 'files.completeUploadExternal' ? text(args['channel_id']) : '';
}

function faultsOf(channel: string, before: { inFlight: number; since: number }): Finding[] {
  if (before.inFlight > 0)
    return [houseRule('V31', ['channel'], `Another post to ${channel} is still in flight.`)];
  if (before.since >= BETWEEN_POSTS_MS) return [];
  const ms = Math.floor(before.since);
  return [houseRule('V31', ['channel'], `The last post to ${channel} was ${ms} ms ago, not 1 s.`)];
}
