import { randomUUID } from 'node:crypto';

import {
  type ActResult,
  type ChannelInfo,
  ClientRefusesError,
  type Json,
  type JsonObject,
} from '../contract.ts';
import { accepted } from '../core.ts';
import { isObject, objects, text } from '../json.ts';
import { checkCommandAck } from '../rules/acks.ts';
import { channelPart } from '../web-api/chat.ts';
import { newTs } from '../web-api/response-url.ts';
import { viewPayload } from '../web-api/views.ts';
import { withIds } from '../view-store.ts';
import { INSTALLATION } from '../world.ts';
import {
  activePerson,
  commonPart,
  type Desk,
  directId,
  dispatch,
  nowTs,
  refusedAck,
  withTop,
} from './desk.ts';
import { messagePart, seenMessage } from './places.ts';

/** Types a slash command into a channel. */
export async function slashCommand(
  desk: Desk,
  typed: { command: string; text: string; channelId: string },
): Promise<ActResult> {
  const channel = ownChannel(desk, typed.channelId);
  const commands = desk.core.manifest.features?.slash_commands ?? [];
  if (!commands.some(({ command }) => command === typed.command)) {
    return {
      ok: false,
      error: 'invalid_command',
      shown: `${typed.command} is not a valid command.`,
    };
  }
  const person = activePerson(desk);
  const responsePath = desk.core.passes.issueResponse({ userId: person.id, channelId: channel.id });
  const where = 'ack of command';
  const reply = await dispatch(desk, where, {
    kind: 'slash_commands',
    payload: {
      token: INSTALLATION.verificationToken,
      team_id: person.teamId,
      team_domain: INSTALLATION.teamDomain,
      channel_id: channel.id,
      channel_name: text(channelPart(channel)['name']),
      user_id: person.id,
      user_name: person.name,
      command: typed.command,
      text: typed.text.trim(),
      api_app_id: INSTALLATION.appId,
      is_enterprise_install: 'false',
      response_url: `${desk.core.rootUrl}${responsePath}`,
      trigger_id: desk.core.passes.issueTrigger({ userId: person.id, channelId: channel.id }),
    },
  });
  const failed = (code: string): string => `${typed.command} failed with the error "${code}"`;
  if ('failure' in reply)
    return { ...reply.failure, shown: failed(reply.failure.error ?? 'dispatch_failed') };
  const refused = refusedAck(desk, where, checkCommandAck(reply.body));
  if (refused !== undefined)
    return { ...refused, shown: failed(refused.error ?? 'dispatch_failed') };
  return withTop(desk, await showAnswer(desk, channel, reply.body));
}

async function showAnswer(desk: Desk, channel: ChannelInfo, body: unknown): Promise<ActResult> {
  const answer: JsonObject = isObject(body) ? body : { text: text(body) };
  const content = { text: text(answer['text']), blocks: withIds(objects(answer['blocks'])) };
  if (content.text === '' && content.blocks.length === 0) return { ok: true };
  if (answer['response_type'] === 'in_channel') {
    const posted = accepted(
      await desk.core.backing.call('chat.postMessage', { channel: channel.id, ...content }),
    );
    desk.core.messages.add({
      channel: channel.id,
      ts: text(posted['ts']),
      user: INSTALLATION.botUserId,
      ...content,
    });
  } else {
    desk.core.messages.addEphemeral({
      ts: newTs(),
      channel: channel.id,
      user: desk.userId,
      ...content,
    });
  }
  return { ok: true, shown: content.text };
}

/** Uses a global shortcut, or with a message a message shortcut. */
export async function useShortcut(
  desk: Desk,
  callbackId: string,
  on?: { channel: string; ts: string },
): Promise<ActResult> {
  const type = on === undefined ? 'global' : 'message';
  const shortcuts = desk.core.manifest.features?.shortcuts ?? [];
  if (
    !shortcuts.some((shortcut) => shortcut.callback_id === callbackId && shortcut.type === type)
  ) {
    throw new ClientRefusesError(`The app has no ${type} shortcut "${callbackId}".`);
  }
  const seen = on === undefined ? undefined : seenMessage(desk, on);
  const trigger = { userId: desk.userId, channelId: seen?.channel.id };
  const payload: Record<string, Json | undefined> = {
    ...commonPart(desk),
    callback_id: callbackId,
    trigger_id: desk.core.passes.issueTrigger(trigger),
    action_ts: nowTs(),
  };
  if (seen === undefined) {
    payload['type'] = 'shortcut';
  } else {
    const path = desk.core.passes.issueResponse({
      userId: desk.userId,
      channelId: seen.channel.id,
    });
    Object.assign(payload, {
      type: 'message_action',
      channel: channelPart(seen.channel),
      message_ts: seen.ts,
      message: messagePart(seen),
      response_url: `${desk.core.rootUrl}${path}`,
    });
  }
  const reply = await dispatch(desk, 'ack of shortcut', { kind: 'interactive', payload });
  return 'failure' in reply ? reply.failure : withTop(desk, { ok: true });
}

/** Opens the app's Home tab (F22). */
export async function openHomeTab(desk: Desk): Promise<ActResult> {
  const { features, settings } = desk.core.manifest;
  if (features?.app_home?.home_tab_enabled !== true)
    throw new ClientRefusesError('The app has no Home tab.');
  if (settings?.event_subscriptions?.bot_events?.includes('app_home_opened') !== true)
    return { ok: true };
  const home = desk.core.views.home(desk.userId);
  const event = {
    type: 'app_home_opened',
    user: activePerson(desk).id,
    channel: await directId(desk),
    tab: 'home',
    event_ts: nowTs(),
    ...(home === undefined ? {} : { view: viewPayload(home) }),
  };
  const reply = await dispatch(desk, 'ack of event', {
    kind: 'events_api',
    payload: eventEnvelope(event),
  });
  return 'failure' in reply ? reply.failure : { ok: true };
}

/** An event as it goes to the app. */
export function eventEnvelope(event: JsonObject): JsonObject {
  return {
    token: INSTALLATION.verificationToken,
    team_id: INSTALLATION.teamId,
    api_app_id: INSTALLATION.appId,
    event,
    type: 'event_callback',
    event_id: `Ev${randomUUID().replaceAll('-', '').slice(0, 12).toUpperCase()}`,
    event_time: Math.floor(Date.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: INSTALLATION.teamId,
        user_id: INSTALLATION.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
  };
}

/** Writes a message into a channel as the person. */
export async function writeMessage(
  desk: Desk,
  typed: { channelId: string; text: string; threadTs?: string | undefined },
): Promise<string> {
  const channel = ownChannel(desk, typed.channelId);
  const content = { channel: channel.id, text: typed.text };
  const thread = typed.threadTs === undefined ? {} : { thread_ts: typed.threadTs };
  const answer = accepted(await desk.core.backing.say(desk.userId, { ...content, ...thread }));
  const ts = text(answer['ts']);
  desk.core.messages.add({
    ...content,
    ts,
    threadTs: typed.threadTs,
    user: desk.userId,
    blocks: [],
  });
  return ts;
}

/** A channel that the person can write in. */
function ownChannel(desk: Desk, channelId: string): ChannelInfo {
  activePerson(desk);
  const channel = desk.core.world.channel(channelId);
  if (!channel.members.includes(desk.userId))
    throw new ClientRefusesError(`The person is not in #${channel.name}.`);
  if (channel.isArchived) throw new ClientRefusesError(`#${channel.name} is archived.`);
  return channel;
}
