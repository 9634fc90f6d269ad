import { randomBytes } from 'node:crypto';

const TRIGGER_LIFE_MS = 3000;
const RESPONSE_LIFE_MS = 30 * 60_000;
const RESPONSE_USES = 5;

export interface Trigger {
  readonly userId: string;
  /** The modal the person acted in; only such a trigger may push. */
  readonly viewId?: string | undefined;
  /** Where the person was, for default_to_current_conversation. */
  readonly channelId?: string | undefined;
}

/** What a response_url answers to. */
export interface ResponsePass {
  readonly userId: string;
  readonly channelId: string;
  readonly threadTs?: string | undefined;
  /** The message that carried the button; absent after a slash command. */
  readonly message?: { readonly ts: string; readonly isEphemeral: boolean } | undefined;
}

/** trigger_ids (F3: 3 s, once) and response_urls (F5: 5 uses in 30 minutes). */
export class Passes {
  readonly #triggers = new Map<string, Trigger & { madeAt: number; used: boolean }>();
  readonly #responses = new Map<string, ResponsePass & { madeAt: number; uses: number }>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  issueTrigger(trigger: Trigger): string {
    const id = `${String(Math.floor(this.#clock() / 1000))}.${randomBytes(6).readUIntBE(0, 6)}.${randomBytes(16).toString('hex')}`;
    this.#triggers.set(id, { ...trigger, madeAt: this.#clock(), used: false });
    return id;
  }

  /** Uses a trigger up. @returns it, or Slack's error code */
  exchangeTrigger(id: string): Trigger | string {
    const trigger = this.#triggers.get(id);
    if (trigger === undefined) return 'invalid_trigger_id';
    if (trigger.used) return 'exchanged_trigger_id';
    if (this.#clock() - trigger.madeAt > TRIGGER_LIFE_MS) return 'expired_trigger_id';
    trigger.used = true;
    return trigger;
  }

  /** @returns the path of a new response_url */
  issueResponse(pass: ResponsePass): string {
    const id = randomBytes(12).toString('hex');
    this.#responses.set(id, { ...pass, madeAt: this.#clock(), uses: 0 });
    return `/actions/${id}`;
  }

  /** Counts one use. @returns the pass, or Slack's error code */
  useResponse(path: string): ResponsePass | string {
    const pass = this.#responses.get(path.replace('/actions/', ''));
    if (pass === undefined) return 'invalid_url';
    if (this.#clock() - pass.madeAt > RESPONSE_LIFE_MS) return 'expired_url';
    if (pass.uses >= RESPONSE_USES) return 'used_url';
    pass.uses += 1;
    return pass;
  }
}
