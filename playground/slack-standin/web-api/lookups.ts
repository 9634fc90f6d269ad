import { z } from 'zod';

import { type JsonObject, type PersonInfo, type UserGroupSeed } from '../contract.ts';
import { accepted, type Core } from '../core.ts';
import { member, objects, text } from '../json.ts';
import { checkMessage, checkView } from '../rules/payloads.ts';
import { type Finding } from '../rules/finding.ts';
import { checkBlocks } from '../rules/surfaces.ts';
import { INSTALLATION } from '../world.ts';
import { isBotIn, readableChannel, refuseWhen, scopeFor } from './channels.ts';
import { conversationPart } from './conversation-part.ts';
import { flag, type Method, method, needed, needScope } from './method.ts';

const nothing = z.looseObject({});
const inChannel = z.looseObject({ channel: needed, include_num_members: flag });
const history = z.looseObject({
  channel: needed,
  ts: z.string().optional(),
  oldest: z.coerce.number().default(0),
  limit: z.coerce.number().int().min(1).max(999).default(100),
  cursor: z.string().optional(),
  include_all_metadata: flag,
});

/** Reading people, channels, groups and the team; opening direct conversations; validating blocks. */
export const lookupMethods: readonly [string, Method][] = [
  method({
    name: 'auth.test',
    args: nothing,
    run: async (core) => ({
      ...accepted(await core.backing.call('auth.test', {})),
      is_enterprise_install: false,
    }),
  }),
  method({
    name: 'users.info',
    scopes: ['users:read'],
    args: z.looseObject({ user: needed, include_locale: flag }),
    run: (core, { user, include_locale: withLocale }) => {
      const person = core.world.people.get(user);
      if (person !== undefined)
        return { ok: true, user: userPart(core, person, withLocale === true) };
      refuseWhen(core, 'users.info', [[true, 'user_not_found', `Nobody has the id ${user}.`]]);
      return { ok: false };
    },
  }),
  method({
    name: 'users.list',
    scopes: ['users:read'],
    args: z.looseObject({ include_locale: flag }),
    run: (core, { include_locale: withLocale }) => ({
      ok: true,
      members: [...core.world.people.values()].map((person) =>
        userPart(core, person, withLocale === true),
      ),
      response_metadata: { next_cursor: '' },
    }),
  }),
  method({
    name: 'conversations.info',
    args: inChannel,
    run: (core, { channel: id, include_num_members: withNumber }) => {
      const channel = readableChannel(core, 'conversations.info', id);
      needScope(core, 'conversations.info', [scopeFor(channel, 'read')]);
      const number = withNumber === true ? { num_members: channel.members.length } : {};
      return { ok: true, channel: { ...conversationPart(channel), ...number } };
    },
  }),
  method({
    name: 'conversations.members',
    args: inChannel,
    run: (core, { channel: id }) => {
      const channel = readableChannel(core, 'conversations.members', id);
      needScope(core, 'conversations.members', [scopeFor(channel, 'read')]);
      return { ok: true, members: channel.members, response_metadata: { next_cursor: '' } };
    },
  }),
  method({
    name: 'conversations.list',
    scopes: ['channels:read', 'groups:read', 'im:read'],
    args: z.looseObject({ types: z.string().optional() }),
    run: (core, { types = 'public_channel' }) => {
      const kinds = { public_channel: 'public', private_channel: 'private', im: 'direct' };
      const wanted = Object.entries(kinds).flatMap(([type, kind]) =>
        types.split(',').includes(type) ? [kind] : [],
      );
      const channels = [...core.world.channels.values()].filter((channel) =>
        wanted.includes(channel.kind),
      );
      for (const channel of channels)
        needScope(core, 'conversations.list', [scopeFor(channel, 'read')]);
      const visible = channels.filter((channel) => channel.kind === 'public' || isBotIn(channel));
      return {
        ok: true,
        channels: visible.map(conversationPart),
        response_metadata: { next_cursor: '' },
      };
    },
  }),
  method({
    name: 'conversations.history',
    args: history,
    run: (core, args) => read(core, 'conversations.history', args),
  }),
  method({
    name: 'conversations.replies',
    args: history,
    run: (core, args) => read(core, 'conversations.replies', args),
  }),
  method({
    name: 'conversations.open',
    scopes: ['im:write', 'mpim:write', 'channels:manage', 'groups:write'],
    args: z.looseObject({ users: needed, return_im: flag }),
    run: openDirect,
  }),
  method({
    name: 'usergroups.list',
    scopes: ['usergroups:read'],
    args: z.looseObject({ include_disabled: flag }),
    run: (core, { include_disabled: withDisabled }) => ({
      ok: true,
      usergroups: listedGroups(core, withDisabled === true).map((group) => ({
        id: group.id,
        team_id: INSTALLATION.teamId,
        handle: group.handle,
        name: group.handle,
        user_count: group.users.length,
        date_delete: group.isDisabled === true ? 1_700_000_000 : 0,
      })),
    }),
  }),
  method({
    name: 'usergroups.users.list',
    scopes: ['usergroups:read'],
    args: z.looseObject({ usergroup: needed }),
    run: (core, { usergroup }) => {
      const group = core.world.userGroups.get(usergroup);
      refuseWhen(core, 'usergroups.users.list', [
        [
          group === undefined || group.isDisabled === true,
          'no_such_subteam',
          `No user group has the id ${usergroup}.`,
        ],
      ]);
      const active = group?.users.filter(
        (id) => core.world.people.get(id)?.isDeactivated === false,
      );
      return { ok: true, users: active ?? [] };
    },
  }),
  method({
    name: 'team.info',
    scopes: ['team:read'],
    args: nothing,
    run: (core) => core.backing.call('team.info', {}),
  }),
  method({
    name: 'bots.info',
    scopes: ['users:read'],
    args: z.looseObject({ bot: needed }),
    run: (core, { bot }) => core.backing.call('bots.info', { bot }),
  }),
  method({
    name: 'blocks.validate',
    token: 'none',
    args: z.looseObject({
      blocks: z.unknown().optional(),
      view: z.unknown().optional(),
      message: z.unknown().optional(),
    }),
    run: (_core, args) => validate(args),
  }),
];

function listedGroups(core: Core, withDisabled: boolean): UserGroupSeed[] {
  return [...core.world.userGroups.values()].filter(
    ({ isDisabled }) => withDisabled || isDisabled !== true,
  );
}

async function openDirect(
  core: Core,
  args: { users: string; return_im?: boolean | undefined },
): Promise<JsonObject> {
  const person = core.world.people.get(args.users);
  refuseWhen(core, 'conversations.open', [
    [
      args.users.includes(','),
      'method_not_supported_for_channel_type',
      'The stand-in opens conversations with one person.',
    ],
    [person === undefined, 'user_not_found', `Nobody has the id ${args.users}.`],
    [person?.isDeactivated === true, 'user_disabled', `${args.users} is deactivated.`],
  ]);
  const answer = accepted(await core.backing.call('conversations.open', { users: args.users }));
  const id = text(member(answer['channel'], 'id'));
  const direct = core.world.addDirect(id, args.users);
  return { ok: true, channel: args.return_im === true ? conversationPart(direct) : { id } };
}

/** emulate has the messages; it does not know `oldest`, nor the pages of a thread, nor that metadata is asked for (F33). */
async function read(core: Core, where: string, args: z.infer<typeof history>): Promise<JsonObject> {
  const channel = readableChannel(core, where, args.channel);
  needScope(core, where, [scopeFor(channel, 'history')]);
  refuseWhen(core, where, [
    [!isBotIn(channel), 'not_in_channel', `The bot is not in #${channel.name}.`],
  ]);
  const isThread = args.ts !== undefined;
  refuseWhen(core, where, [
    [
      isThread && core.messages.find(args.channel, args.ts ?? '') === undefined,
      'thread_not_found',
      `No thread ${args.ts ?? ''} in ${args.channel}.`,
    ],
  ]);
  const answer = accepted(
    await core.backing.call(where, {
      channel: args.channel,
      limit: 1000,
      ...(isThread ? { ts: args.ts } : {}),
    }),
  );
  return { ...answer, ...pageOf(objects(answer['messages']), args) };
}

/** Slack's pages: newest first of a conversation, oldest first of a thread, each time with its root. */
function pageOf(all: readonly JsonObject[], args: z.infer<typeof history>): JsonObject {
  const { ts: root, oldest, limit, cursor = '0' } = args;
  const wanted = all.filter(
    (message) => text(message['ts']) === root || Number(text(message['ts'])) > oldest,
  );
  const start = Number(cursor);
  const hasMore = start + limit < wanted.length;
  return {
    messages: wanted
      .slice(start, start + limit)
      .map(({ metadata, ...message }) =>
        args.include_all_metadata === true && metadata !== undefined
          ? { ...message, metadata }
          : message,
      ),
    has_more: hasMore,
    response_metadata: { next_cursor: hasMore ? String(start + limit) : '' },
  };
}

/** F43. */
function validate(args: { blocks?: unknown; view?: unknown; message?: unknown }): JsonObject {
  const findings: Finding[] = [];
  if (args.blocks !== undefined) findings.push(...checkBlocks(args.blocks, 'message'));
  if (args.view !== undefined) findings.push(...checkView(args.view));
  if (typeof args.message === 'object' && args.message !== null)
    findings.push(...checkMessage({ ...args.message }));
  const errors = findings
    .filter((finding) => finding.refused)
    .map(({ pointer, message, error = 'invalid_blocks' }) => ({ pointer, code: error, message }));
  return errors.length === 0 ? { ok: true } : { ok: false, error: 'invalid_blocks', errors };
}

/** F54. */
export function userPart(core: Core, person: PersonInfo, withLocale: boolean): JsonObject {
  return {
    id: person.id,
    team_id: person.teamId,
    name: person.name,
    deleted: person.isDeactivated,
    real_name: person.realName,
    tz: person.timeZone,
    tz_label: person.timeZone,
    tz_offset: offsetSeconds(person.timeZone),
    profile: {
      real_name: person.realName,
      display_name: person.name,
      team: person.teamId,
      ...(core.scopes.includes('users:read.email') ? { email: person.email } : {}),
    },
    is_admin: person.isAdmin,
    is_owner: false,
    is_restricted: person.isRestricted,
    is_ultra_restricted: false,
    is_stranger: person.teamId !== INSTALLATION.teamId,
    is_bot: person.isBot,
    is_app_user: false,
    ...(withLocale ? { locale: person.locale } : {}),
  };
}

function offsetSeconds(timeZone: string): number {
  const name = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts()
    .find((part) => part.type === 'timeZoneName')?.value;
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(name ?? '') ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}
