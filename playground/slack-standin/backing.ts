import { createEmulator, type Emulator } from 'emulate';

import { type BackingCall, type Json, type JsonObject } from './contract.ts';
import { isObject, objects, parseJson, text } from './json.ts';
import { INSTALLATION } from './world.ts';

const PEOPLE_POOL = 80;
const CHANNEL_POOL = 60;
/** A token of ours that may read the emulator's lists; the app never sees it. */
const READER_TOKEN = 'xoxp-stand-in-reader';

/** The emulator broke off or has no more spare people or channels. */
export class BackingError extends Error {
  override readonly name = 'BackingError';
}

/**
 * npm `emulate`, an independent imitation of Slack's Web API, behind the stand-in's own checks.
 * It makes its own ids, so people and channels are taken from a pool and ids translated on the way in and out;
 * membership and archiving are the stand-in's business and unknown to it.
 */
export class Backing {
  /** Calls made as the app's bot. */
  readonly calls: BackingCall[] = [];
  readonly #emulator: Emulator;
  readonly #sparePeople: string[] = [];
  readonly #spareChannels: string[] = [];
  readonly #names = new Map<string, string>();
  readonly #outward = new Map<string, string>();
  readonly #inward = new Map<string, string>();

  private constructor(emulator: Emulator) {
    this.#emulator = emulator;
  }

  /** Starts an emulator on a free port. @param scopes the scopes of the bot's token */
  static async start(scopes: readonly string[]): Promise<Backing> {
    const emulator = await createEmulator({
      service: 'slack',
      port: 0,
      seed: { slack: seed(scopes) },
    });
    const backing = new Backing(emulator);
    const people = await backing.#post('users.list', { limit: 1000 }, READER_TOKEN);
    const channels = await backing.#post('conversations.list', { limit: 1000 }, READER_TOKEN);
    for (const { id, name } of spares(people['members'], 'spare-person-')) {
      backing.#sparePeople.push(id);
      backing.#names.set(id, name);
    }
    backing.#spareChannels.push(
      ...spares(channels['channels'], 'spare-channel-').map(({ id }) => id),
    );
    return backing;
  }

  claimPerson(id: string): void {
    this.#claim(id, this.#sparePeople);
  }

  claimChannel(id: string): void {
    this.#claim(id, this.#spareChannels);
  }

  /** Performs a Web API method as the bot. @returns the emulator's answer with the stand-in's ids */
  async call(method: string, args: JsonObject): Promise<JsonObject> {
    const answer = await this.#post(method, translate(args, this.#outward), INSTALLATION.botToken);
    const { ok, error } = answer;
    this.calls.push(ok === true ? { method } : { method, error: text(error) });
    const inward = translate(answer, this.#inward);
    return isObject(inward) ? inward : {};
  }

  /** Makes a trigger for a person, and for a push, of the view below. */
  async trigger(userId: string, viewId?: string): Promise<string> {
    const answer = await this.call('views.generateTriggerId', {
      user_id: userId,
      ...(viewId === undefined ? {} : { view_id: viewId }),
    });
    return text(answer['trigger_id']);
  }

  /** Posts a message as a person; for what people type in channels. */
  async say(userId: string, args: JsonObject): Promise<JsonObject> {
    const spare = this.#outward.get(userId) ?? '';
    const token = personToken(this.#names.get(spare) ?? '');
    const answer = await this.#post('chat.postMessage', translate(args, this.#outward), token);
    const inward = translate(answer, this.#inward);
    return isObject(inward) ? inward : {};
  }

  /** Hands over the bytes of a file. @returns the HTTP status */
  async upload(fileId: string, bytes: Uint8Array): Promise<number> {
    const answer = await fetch(`${this.#emulator.url}/upload/v1/${fileId}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: Buffer.from(bytes),
    });
    return answer.status;
  }

  close(): Promise<void> {
    return this.#emulator.close();
  }

  #claim(id: string, pool: string[]): void {
    const spare = pool.shift();
    if (spare === undefined)
      throw new BackingError(`The stand-in has no spare place left for ${id}.`);
    this.#outward.set(id, spare);
    this.#inward.set(spare, id);
  }

  async #post(method: string, args: Json | undefined, token: string): Promise<JsonObject> {
    const answer = await fetch(`${this.#emulator.url}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(args),
    });
    const body = parseJson(await answer.text());
    if (!isObject(body))
      throw new BackingError(`emulate answered ${method} with HTTP ${answer.status} and no JSON.`);
    return body;
  }
}

function seed(scopes: readonly string[]): JsonObject {
  const { appId, botId, botUserId, botToken, teamName, teamDomain } = INSTALLATION;
  const names = Array.from({ length: PEOPLE_POOL }, (_, index) => `spare-person-${index}`);
  return {
    strict_scopes: true,
    team: { name: teamName, domain: teamDomain },
    users: names.map((name) => ({ name, real_name: name })),
    channels: Array.from({ length: CHANNEL_POOL }, (_, index) => ({
      name: `spare-channel-${index}`,
    })),
    oauth_apps: [
      {
        app_id: appId,
        client_id: '1.2',
        client_secret: 'unused',
        name: 'app',
        redirect_uris: [],
        scopes: [...scopes],
        bot_id: botId,
        bot_user_id: botUserId,
        bot_name: 'app',
      },
    ],
    tokens: [
      {
        token: botToken,
        type: 'bot',
        user_id: botUserId,
        app_id: appId,
        bot_id: botId,
        bot_user_id: botUserId,
        // Slack makes a person's conversation with the bot by itself; emulate only makes it on request.
        scopes: [...scopes, 'im:write'],
      },
      { token: READER_TOKEN, type: 'user', user: 'admin', scopes: ['users:read', 'channels:read'] },
      ...names.map((name) => ({
        token: personToken(name),
        type: 'user',
        user: name,
        scopes: ['chat:write'],
      })),
    ],
  };
}

function personToken(name: string): string {
  return `xoxp-${name}`;
}

function spares(entries: unknown, prefix: string): { id: string; name: string }[] {
  return objects(entries)
    .map((entry) => ({ id: text(entry['id']), name: text(entry['name']) }))
    .filter(({ name }) => name.startsWith(prefix));
}

/** Replaces every string, also keys, that is exactly an id of the map. */
function translate(value: Json | undefined, ids: ReadonlyMap<string, string>): Json | undefined {
  if (typeof value === 'string') return ids.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item: Json) => translate(item, ids) ?? null);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [ids.get(key) ?? key, translate(item, ids)]),
  );
}
