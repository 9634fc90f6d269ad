import { z } from 'zod';

import { type ChannelInfo, type JsonObject } from '../contract.ts';
import { accepted, type Core, enforce, SlackApiError } from '../core.ts';
import { isObject, objects, text } from '../json.ts';
import { permalink } from '../messages.ts';
import { type Finding, houseRule, refusal } from '../rules/finding.ts';
import { checkMessage } from '../rules/payloads.ts';
import { withIds } from '../view-store.ts';
import { INSTALLATION } from '../world.ts';
import { refuseGoneThread, refuseWhen, writableChannel } from './channels.ts';
import { flag, type Method, method, needed } from './method.ts';

const UPDATE_TEXT_LIMIT = 4000;

const content = {
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  thread_ts: z.string().optional(),
  reply_broadcast: flag,
  metadata: z.unknown().optional(),
  unfurl_links: flag,
  unfurl_media: flag,
};
const posting = z.looseObject({ channel: needed, ...content });
type Posting = z.infer<typeof posting>;
type Content = Pick<Posting, keyof typeof content>;
const ephemeral = z.looseObject({ channel: needed, user: needed, ...content });
const updating = z.looseObject({ channel: needed, ts: needed, ...content });
const addressed = z.looseObject({ channel: needed, ts: needed });

/** The chat.* methods; emulate keeps the messages, the stand-in checks and mirrors them. */
export const chatMethods: readonly [string, Method][] = [
  method({ name: 'chat.postMessage', scopes: ['chat:write'], args: posting, run: postMessage }),
  method({
    name: 'chat.postEphemeral',
    scopes: ['chat:write'],
    args: ephemeral,
    run: postEphemeral,
  }),
  method({ name: 'chat.update', scopes: ['chat:write'], args: updating, run: update }),
  method({ name: 'chat.delete', scopes: ['chat:write'], args: addressed, run: remove }),
  method({
    name: 'chat.getPermalink',
    args: z.looseObject({ channel: needed, message_ts: needed }),
    run: (core, { channel, message_ts: ts }) => {
      const message = core.messages.find(channel, ts);
      refuseWhen(core, 'chat.getPermalink', [
        [message === undefined, 'message_not_found', `No message ${ts} in ${channel}.`],
      ]);
      return { ok: true, channel, permalink: permalink(channel, ts, message?.threadTs) };
    },
  }),
];

async function postMessage(core: Core, args: Posting): Promise<JsonObject> {
  const where = 'chat.postMessage';
  const target = writableChannel(core, where, args.channel);
  const targetId = typeof target === 'string' ? target : target.id;
  refuseGoneThread(core, where, { channel: targetId, threadTs: args.thread_ts });
  const findings = [
    ...checkMessage(messageArgs(args)),
    ...checkThread(core, targetId, args.thread_ts),
    ...checkPostingHabits(args),
  ];
  enforce(core, where, { findings, usualError: 'invalid_blocks' });
  const body = forwarded(args, targetId);
  const answer = accepted(await core.backing.call(where, body));
  const channel = text(answer['channel']);
  const ts = text(answer['ts']);
  if (typeof target === 'string') core.world.addDirect(channel, target);
  core.messages.add({
    channel,
    ts,
    threadTs: args.thread_ts,
    isBroadcast: args.reply_broadcast === true,
    user: INSTALLATION.botUserId,
    text: text(isObject(answer['message']) ? answer['message']['text'] : ''),
    blocks: objects(body['blocks']),
    metadata: isObject(args.metadata) ? args.metadata : undefined,
  });
  return withBot(answer);
}

async function postEphemeral(core: Core, args: z.infer<typeof ephemeral>): Promise<JsonObject> {
  const where = 'chat.postEphemeral';
  const target = writableChannel(core, where, args.channel);
  const channel = typeof target === 'string' ? undefined : target;
  refuseWhen(core, where, [
    [
      channel === undefined,
      'channel_not_found',
      'An ephemeral message needs a conversation that exists.',
    ],
    [
      channel?.members.includes(args.user) !== true,
      'user_not_in_channel',
      `${args.user} is not in the channel.`,
    ],
  ]);
  const findings = [
    ...checkMessage(messageArgs(args)),
    ...checkThread(core, args.channel, args.thread_ts),
  ];
  enforce(core, where, { findings, usualError: 'invalid_blocks' });
  const body = forwarded(args, channel?.id ?? args.channel);
  const answer = accepted(await core.backing.call(where, { ...body, user: args.user }));
  core.messages.addEphemeral({
    ts: text(answer['message_ts']),
    channel: channel?.id ?? args.channel,
    user: args.user,
    ...(args.thread_ts === undefined ? {} : { threadTs: args.thread_ts }),
    text: args.text ?? '',
    blocks: objects(body['blocks']),
  });
  return answer;
}

async function update(core: Core, args: z.infer<typeof updating>): Promise<JsonObject> {
  const where = 'chat.update';
  const target = writableChannel(core, where, args.channel);
  const message = core.messages.find(args.channel, args.ts);
  refuseWhen(core, where, [
    [
      typeof target === 'string' || !/^[CGD]/.test(args.channel),
      'channel_not_found',
      'chat.update needs the channel id of the post.',
    ],
    [message === undefined, 'message_not_found', `No message ${args.ts} in ${args.channel}.`],
    [
      message?.user !== INSTALLATION.botUserId,
      'cant_update_message',
      'The message is not the bot’s.',
    ],
    [
      (args.text ?? '').length > UPDATE_TEXT_LIMIT,
      'msg_too_long',
      'chat.update takes 4,000 characters of text.',
    ],
  ]);
  const findings = [...checkMessage(messageArgs(args))];
  if (args.blocks === undefined || args.text === undefined) {
    findings.push(houseRule('V23', [], 'chat.update should carry both text and blocks.'));
  }
  enforce(core, where, { findings, usualError: 'invalid_blocks' });
  const body = forwarded(args, args.channel);
  const answer = accepted(await core.backing.call(where, { ...body, ts: args.ts }));
  // F25: text without blocks removes the blocks and shows "(edited)"; an update with blocks does not show it.
  const isTextOnly = args.blocks === undefined;
  core.messages.update(args.channel, args.ts, {
    text: text(answer['text']),
    blocks: isTextOnly ? [] : objects(body['blocks']),
    isEdited: isTextOnly,
    ...(isObject(args.metadata) ? { metadata: args.metadata } : {}),
  });
  return withBot(answer);
}

async function remove(core: Core, { channel, ts }: z.infer<typeof addressed>): Promise<JsonObject> {
  const message = core.messages.find(channel, ts);
  refuseWhen(core, 'chat.delete', [
    [message === undefined, 'message_not_found', `No message ${ts} in ${channel}.`],
    [
      message?.user !== INSTALLATION.botUserId,
      'cant_delete_message',
      'The message is not the bot’s.',
    ],
  ]);
  const answer = accepted(await core.backing.call('chat.delete', { channel, ts }));
  core.messages.remove(channel, ts);
  return answer;
}

function messageArgs(args: { text?: string | undefined; blocks?: unknown }): JsonObject {
  return asJson({ text: args.text, blocks: args.blocks });
}

function asJson(value: Record<string, unknown>): JsonObject {
  if (!isObject(value)) throw new SlackApiError('invalid_arguments');
  return value;
}

function forwarded(args: Content, channel: string): JsonObject {
  if (args.metadata !== undefined && !isMetadata(args.metadata))
    throw new SlackApiError('invalid_metadata_format');
  const blocks = args.blocks === undefined ? {} : { blocks: withIds(objects(args.blocks)) };
  return asJson({
    channel,
    text: args.text,
    thread_ts: args.thread_ts,
    reply_broadcast: args.reply_broadcast,
    unfurl_links: args.unfurl_links,
    unfurl_media: args.unfurl_media,
    metadata: args.metadata,
    ...blocks,
  });
}

/** F33. */
function isMetadata(value: unknown): boolean {
  return isObject(value) && text(value['event_type']) !== '' && isObject(value['event_payload']);
}

function checkThread(core: Core, channelId: string, threadTs: string | undefined): Finding[] {
  if (threadTs === undefined) return [];
  if (!/^\d{10}\.\d{6}$/.test(threadTs)) {
    return [
      { ...refusal('V24', ['thread_ts'], `"${threadTs}" is no ts.`), error: 'invalid_thread_ts' },
    ];
  }
  const root = core.messages.find(channelId, threadTs);
  if (root !== undefined && !root.isReply) return [];
  return [houseRule('V24', ['thread_ts'], 'thread_ts is not the ts of a thread’s first message.')];
}

function checkPostingHabits(args: Posting): Finding[] {
  const findings: Finding[] = [];
  for (const key of ['as_user', 'username', 'link_names', 'parse']) {
    if (args[key] !== undefined) findings.push(houseRule('V24', [key], `We do not send ${key}.`));
  }
  if (args.unfurl_links !== false || args.unfurl_media !== false) {
    findings.push(houseRule('V24', [], 'unfurl_links and unfurl_media should be false.'));
  }
  return findings;
}

function withBot(answer: JsonObject): JsonObject {
  const message = answer['message'];
  if (!isObject(message)) return answer;
  return {
    ...answer,
    message: { ...message, bot_id: INSTALLATION.botId, app_id: INSTALLATION.appId },
  };
}

/** The `channel` part of interaction payloads. */
export function channelPart(channel: ChannelInfo): JsonObject {
  return { id: channel.id, name: channel.kind === 'direct' ? 'directmessage' : channel.name };
}
