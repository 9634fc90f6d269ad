import { type EphemeralMessage, type JsonObject } from '../contract.ts';
import { accepted, type Core, enforce, SlackApiError } from '../core.ts';
import { objects, text } from '../json.ts';
import { type ResponsePass } from '../passes.ts';
import { checkMessage } from '../rules/payloads.ts';
import { withIds } from '../view-store.ts';
import { INSTALLATION } from '../world.ts';
import { refuseWhen } from './channels.ts';

const WHERE = 'response_url';

/**
 * Performs what an app posts to a response_url (F5).
 * @throws SlackApiError used_url, expired_url, invalid_blocks, ...
 */
export async function answerResponseUrl(core: Core, path: string, body: JsonObject): Promise<void> {
  const pass = core.passes.useResponse(path);
  if (typeof pass === 'string') {
    refuseWhen(core, WHERE, [[true, pass, 'A response_url works five times within 30 minutes.']]);
    throw new SlackApiError(pass);
  }
  if (body['delete_original'] === true) {
    await deleteOriginal(core, pass);
    return;
  }
  enforce(core, WHERE, { findings: checkMessage(body), usualError: 'invalid_blocks' });
  const message = { ...body, blocks: withIds(objects(body['blocks'])) };
  if (pass.message !== undefined && body['replace_original'] !== false && replaces(body)) {
    await replaceOriginal(core, pass, message);
  } else {
    await postNew(core, pass, message);
  }
}

/** For a button's response_url a message without response_type replaces the original. */
function replaces(body: JsonObject): boolean {
  return body['replace_original'] === true || body['response_type'] === undefined;
}

async function deleteOriginal(core: Core, pass: ResponsePass): Promise<void> {
  const { message, userId, channelId } = pass;
  if (message === undefined) return;
  if (message.isEphemeral) {
    core.messages.replaceEphemeral(userId, message.ts);
    return;
  }
  accepted(await core.backing.call('chat.delete', { channel: channelId, ts: message.ts }));
  core.messages.remove(channelId, message.ts);
}

async function replaceOriginal(core: Core, pass: ResponsePass, body: JsonObject): Promise<void> {
  const { message, userId, channelId } = pass;
  if (message === undefined) return;
  const content = { text: text(body['text']), blocks: objects(body['blocks']) };
  if (message.isEphemeral) {
    core.messages.replaceEphemeral(userId, message.ts, ephemeralFor(pass, message.ts, content));
    return;
  }
  accepted(
    await core.backing.call('chat.update', { channel: channelId, ts: message.ts, ...content }),
  );
  core.messages.update(channelId, message.ts, content);
}

async function postNew(core: Core, pass: ResponsePass, body: JsonObject): Promise<void> {
  const content = { text: text(body['text']), blocks: objects(body['blocks']) };
  const threadTs = text(body['thread_ts']) || pass.threadTs;
  if (body['response_type'] !== 'in_channel') {
    core.messages.addEphemeral(ephemeralFor({ ...pass, threadTs }, newTs(), content));
    return;
  }
  const answer = accepted(
    await core.backing.call('chat.postMessage', {
      channel: pass.channelId,
      ...content,
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    }),
  );
  core.messages.add({
    channel: pass.channelId,
    ts: text(answer['ts']),
    threadTs,
    user: INSTALLATION.botUserId,
    ...content,
  });
}

function ephemeralFor(
  pass: ResponsePass,
  ts: string,
  content: Pick<EphemeralMessage, 'text' | 'blocks'>,
): EphemeralMessage {
  const { channelId: channel, userId: user, threadTs } = pass;
  return { ts, channel, user, ...(threadTs === undefined ? {} : { threadTs }), ...content };
}

let lastMicros = 0;

/** A ts for an ephemeral message that emulate does not keep; later than all before. */
export function newTs(): string {
  lastMicros = Math.max(Date.now() * 1000, lastMicros + 1);
  return `${Math.floor(lastMicros / 1_000_000)}.${String(lastMicros % 1_000_000).padStart(6, '0')}`;
}
