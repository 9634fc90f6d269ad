import { type ChannelInfo, type Json, type JsonObject, type StateValues } from './contract.ts';
import { isObject, strings, text } from './json.ts';
import { placedElements } from './rules/surfaces.ts';

/** Where an element keeps its value in `state.values`, its initial value in the block, and what empty is. */
interface ValueKeys {
  readonly state: string;
  readonly initial: string;
  readonly empty: Json;
}
const one = (state: string, initial: string): ValueKeys => ({ state, initial, empty: null });
const many = (state: string, initial: string): ValueKeys => ({ state, initial, empty: [] });

/** Every element that has a value. Buttons and overflow menus have none. */
const VALUE_KEYS: Readonly<Record<string, ValueKeys>> = {
  plain_text_input: one('value', 'initial_value'),
  email_text_input: one('value', 'initial_value'),
  url_text_input: one('value', 'initial_value'),
  number_input: one('value', 'initial_value'),
  rich_text_input: one('rich_text_value', 'initial_value'),
  static_select: one('selected_option', 'initial_option'),
  external_select: one('selected_option', 'initial_option'),
  radio_buttons: one('selected_option', 'initial_option'),
  users_select: one('selected_user', 'initial_user'),
  conversations_select: one('selected_conversation', 'initial_conversation'),
  channels_select: one('selected_channel', 'initial_channel'),
  datepicker: one('selected_date', 'initial_date'),
  timepicker: one('selected_time', 'initial_time'),
  datetimepicker: one('selected_date_time', 'initial_date_time'),
  multi_static_select: many('selected_options', 'initial_options'),
  multi_external_select: many('selected_options', 'initial_options'),
  checkboxes: many('selected_options', 'initial_options'),
  multi_users_select: many('selected_users', 'initial_users'),
  multi_conversations_select: many('selected_conversations', 'initial_conversations'),
  multi_channels_select: many('selected_channels', 'initial_channels'),
  file_input: many('files', 'files'),
};

/** The state key of an element type, or undefined when it has no value. */
export function stateKey(type: string): string | undefined {
  return VALUE_KEYS[type]?.state;
}

/** An element's state with a value; null stands for "empty" whatever the element. */
export function stateWith(type: string, value: Json): JsonObject {
  const keys = VALUE_KEYS[type];
  if (keys === undefined) return { type };
  return { type, [keys.state]: value ?? keys.empty };
}

/** True when nothing is filled in. */
export function isEmptyState(state: JsonObject | undefined): boolean {
  if (state === undefined) return true;
  const value = state[stateKey(text(state['type'])) ?? ''];
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  );
}

/**
 * Works out `state.values` of a view. F14: where block_id, action_id and element type are those of before, what
 * was there stays and `initial_*` is ignored; everything else starts from its initial value.
 */
export function stateValues(
  blocks: readonly JsonObject[],
  before: StateValues,
  current: ChannelInfo | undefined,
): StateValues {
  const values: Record<string, Record<string, JsonObject>> = {};
  for (const { block, element } of placedElements(blocks)) {
    const type = text(element['type']);
    if (stateKey(type) === undefined) continue;
    const blockId = text(block['block_id']);
    const actionId = text(element['action_id']);
    const kept = before[blockId]?.[actionId];
    const state = kept?.['type'] === type ? kept : stateWith(type, initialValue(element, current));
    values[blockId] = { ...values[blockId], [actionId]: state };
  }
  return values;
}

function initialValue(element: JsonObject, current: ChannelInfo | undefined): Json {
  const type = text(element['type']);
  const initial = element[VALUE_KEYS[type]?.initial ?? ''];
  if (initial !== undefined) return initial;
  if (element['default_to_current_conversation'] !== true || current === undefined) return null;
  if (!passesFilter(element, current)) return null;
  return type.startsWith('multi_') ? [current.id] : current.id;
}

/** F21: may this conversation stand in a conversations menu? */
export function passesFilter(element: JsonObject, channel: ChannelInfo): boolean {
  const filter = element['filter'];
  if (!isObject(filter)) return true;
  if (filter['exclude_external_shared_channels'] === true && channel.isExternallyShared)
    return false;
  const kind = channel.kind === 'direct' ? 'im' : channel.kind;
  // The one direct conversation there is, is with a bot.
  if (filter['exclude_bot_users'] === true && kind === 'im') return false;
  const include = strings(filter['include']);
  return include.length === 0 || include.includes(kind);
}
