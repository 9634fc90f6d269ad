import { type ActResult, type JsonObject, type Suggestions } from '../contract.ts';
import { stateValues } from '../form-state.ts';
import { isObject, member, objects, text } from '../json.ts';
import { checkOptionsAck } from '../rules/acks.ts';
import { commonPart, type Desk, dispatch, nowTs, refusedAck, withTop } from './desk.ts';
import { type Place, placePart, type Spot } from './places.ts';

/** Sends block_actions for an element. @param values what the action carries besides its ids */
export async function sendAction(desk: Desk, spot: Spot, values: JsonObject): Promise<ActResult> {
  const { place, blockId, actionId, type } = spot;
  if (place.kind !== 'message') desk.core.views.noteAction(place.view.id);
  const action = { type, action_id: actionId, block_id: blockId, ...values, action_ts: nowTs() };
  const reply = await dispatch(desk, 'ack of action', {
    kind: 'interactive',
    payload: {
      type: 'block_actions',
      ...commonPart(desk),
      ...placePart(place),
      trigger_id: desk.core.passes.issueTrigger({ userId: desk.userId, ...triggerPlace(place) }),
      ...messageExtras(desk, spot, values),
      actions: [action],
    },
  });
  return 'failure' in reply ? reply.failure : withTop(desk, { ok: true });
}

function triggerPlace(place: Place): { viewId?: string; channelId?: string } {
  if (place.kind === 'message') return { channelId: place.message.channel.id };
  return place.kind === 'modal' ? { viewId: place.view.id } : {};
}

function messageExtras(desk: Desk, spot: Spot, values: JsonObject): JsonObject {
  const { place, blockId, actionId, type } = spot;
  if (place.kind !== 'message') return {};
  const { message } = place;
  const path = desk.core.passes.issueResponse({
    userId: desk.userId,
    channelId: message.channel.id,
    threadTs: message.threadTs,
    message: { ts: message.ts, isEphemeral: message.isEphemeral },
  });
  const before = stateValues(message.blocks, {}, undefined);
  const isStateful = before[blockId]?.[actionId] !== undefined;
  const state = isStateful
    ? { ...before, [blockId]: { ...before[blockId], [actionId]: { type, ...values } } }
    : before;
  return { response_url: `${desk.core.rootUrl}${path}`, state: { values: state } };
}

/** Asks the app for the options of an external select (F18, V26). */
export async function askOptions(
  desk: Desk,
  spot: Spot,
  query: string,
): Promise<{ answer: Suggestions; offered: readonly JsonObject[] }> {
  const { settings } = desk.core.manifest;
  const isReachable =
    settings?.socket_mode_enabled === true ||
    settings?.interactivity?.message_menu_options_url !== undefined;
  if (!isReachable) return nothing('The manifest has no message_menu_options_url.');
  const where = 'ack of options';
  const reply = await dispatch(desk, where, {
    kind: 'interactive',
    payload: {
      type: 'block_suggestion',
      ...commonPart(desk),
      ...placePart(spot.place),
      action_id: spot.actionId,
      block_id: spot.blockId,
      value: query,
    },
  });
  if ('failure' in reply) return nothing('Could not load the results.');
  const refused = refusedAck(desk, where, checkOptionsAck(reply.body));
  if (refused !== undefined) return nothing('Could not load the results.');
  const groups = objects(member(reply.body, 'option_groups'));
  const options = objects(member(reply.body, 'options'));
  return {
    answer: {
      options: options.map(plainOption),
      groups: groups.map((group) => ({
        label: text(member(group['label'], 'text')),
        options: objects(group['options']).map(plainOption),
      })),
    },
    offered: [...options, ...groups.flatMap((group) => objects(group['options']))],
  };
}

function nothing(failure: string): { answer: Suggestions; offered: readonly JsonObject[] } {
  return { answer: { options: [], groups: [], failure }, offered: [] };
}

function plainOption(option: JsonObject): { text: string; value: string; description?: string } {
  const description = option['description'];
  return {
    text: text(member(option['text'], 'text')),
    value: text(option['value']),
    ...(isObject(description) ? { description: text(description['text']) } : {}),
  };
}
