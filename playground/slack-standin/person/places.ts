import {
  ClientRefusesError,
  type ChannelInfo,
  type ElementRef,
  type JsonObject,
  type OpenView,
  type Surface,
} from '../contract.ts';
import { text } from '../json.ts';
import { placedElements } from '../rules/surfaces.ts';
import { viewPayload } from '../web-api/views.ts';
import { channelPart } from '../web-api/chat.ts';
import { INSTALLATION } from '../world.ts';
import { type Desk } from './desk.ts';

/** A message as the person sees it. */
export interface SeenMessage {
  readonly channel: ChannelInfo;
  readonly ts: string;
  readonly threadTs?: string | undefined;
  readonly isEphemeral: boolean;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly JsonObject[];
}

/** Where an element stands. */
export type Place =
  | { readonly kind: 'modal' | 'home'; readonly view: OpenView }
  | { readonly kind: 'message'; readonly message: SeenMessage };

/** An element with its block and place. */
export interface Spot {
  readonly place: Place;
  readonly block: JsonObject;
  readonly element: JsonObject;
  readonly blockId: string;
  readonly actionId: string;
  readonly type: string;
}

/** Finds the surface. @throws ClientRefusesError when it is not open */
export function placeOf(desk: Desk, where: Surface): Place {
  if (where === 'modal' || where === 'home') {
    const { views } = desk.core;
    const view = where === 'modal' ? views.top(desk.userId) : views.home(desk.userId);
    if (view === undefined) throw new ClientRefusesError(`No ${where} is open.`);
    return { kind: where, view };
  }
  return { kind: 'message', message: seenMessage(desk, where) };
}

/** Finds a message or an ephemeral that this person can see. */
export function seenMessage(
  desk: Desk,
  { channel: id, ts }: { channel: string; ts: string },
): SeenMessage {
  const channel = desk.core.world.channel(id);
  if (channel.kind !== 'public' && !channel.members.includes(desk.userId)) {
    throw new ClientRefusesError(`The person is not in ${channel.name}.`);
  }
  const message = desk.core.messages.find(id, ts);
  if (message !== undefined) return { ...message, channel, isEphemeral: false };
  const mine = desk.core.messages
    .ephemerals(desk.userId)
    .find((one) => one.channel === id && one.ts === ts);
  if (mine === undefined) throw new ClientRefusesError(`No message ${ts} in ${channel.name}.`);
  return { ...mine, channel, isEphemeral: true, user: INSTALLATION.botUserId };
}

/** Finds the one element that a reference means. @param types the element types that the act is for */
export function locate(place: Place, ref: ElementRef, types: (type: string) => boolean): Spot {
  const blocks = place.kind === 'message' ? place.message.blocks : place.view.view.blocks;
  const spots = placedElements(blocks)
    .map(({ block, element }): Spot => {
      const [blockId, actionId, type] = [
        block['block_id'],
        element['action_id'],
        element['type'],
      ].map(text);
      return {
        place,
        block,
        element,
        blockId: blockId ?? '',
        actionId: actionId ?? '',
        type: type ?? '',
      };
    })
    .filter((spot) => types(spot.type));
  const found = matching(spots, ref);
  const [spot, another] = found;
  const name = typeof ref === 'string' ? ref : `${ref.blockId}/${ref.actionId}`;
  if (spot === undefined)
    throw new ClientRefusesError('This has changed meanwhile, and what you used is gone.', {
      cause: name,
    });
  if (another !== undefined) throw new ClientRefusesError(`"${name}" means several elements here.`);
  return spot;
}

function matching(spots: readonly Spot[], ref: ElementRef): readonly Spot[] {
  if (typeof ref !== 'string') {
    return spots.filter((spot) => spot.blockId === ref.blockId && spot.actionId === ref.actionId);
  }
  const byAction = spots.filter((spot) => spot.actionId === ref);
  return byAction.length > 0 ? byAction : spots.filter((spot) => spot.blockId === ref);
}

/** `container` and the view, or the channel and message, of an interaction payload. */
export function placePart(place: Place): JsonObject {
  if (place.kind !== 'message') {
    return { container: { type: 'view', view_id: place.view.id }, view: viewPayload(place.view) };
  }
  const { message } = place;
  const thread = message.threadTs === undefined ? {} : { thread_ts: message.threadTs };
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: message.channel.id,
      is_ephemeral: message.isEphemeral,
      ...thread,
    },
    channel: channelPart(message.channel),
    ...(message.isEphemeral ? {} : { message: messagePart(message) }),
  };
}

/** A message as it stands in interaction payloads. */
export function messagePart(message: SeenMessage): JsonObject {
  const isBot = message.user === INSTALLATION.botUserId;
  return {
    type: 'message',
    user: message.user,
    text: message.text,
    ts: message.ts,
    team: INSTALLATION.teamId,
    blocks: message.blocks,
    ...(isBot ? { bot_id: INSTALLATION.botId, app_id: INSTALLATION.appId } : {}),
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
  };
}
