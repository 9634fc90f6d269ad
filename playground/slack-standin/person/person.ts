import {
  type ActResult,
  type Choice,
  type ElementRef,
  type JsonObject,
  type Person,
  type PersonInfo,
  type Suggestions,
  type Surface,
} from '../contract.ts';
import { stateKey, stateWith } from '../form-state.ts';
import { isObject, strings } from '../json.ts';
import { askOptions, sendAction } from './actions.ts';
import { chosenValue, isChoosable } from './choices.ts';
import { activePerson, type Desk, withTop } from './desk.ts';
import { openHomeTab, slashCommand, useShortcut, writeMessage } from './entries.ts';
import { closeModals, submitTop } from './modals.ts';
import { locate, placeOf, type Spot } from './places.ts';

const TEXT_INPUTS = new Set([
  'plain_text_input',
  'email_text_input',
  'url_text_input',
  'number_input',
]);

/** Someone at a Slack client, with what their client has loaded. */
export class Client implements Person {
  readonly #desk: Desk;
  readonly #suggested = new Map<string, readonly JsonObject[]>();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  get info(): PersonInfo {
    return this.#desk.core.world.person(this.#desk.userId);
  }

  slash(command: string, text: string, channelId: string): Promise<ActResult> {
    return slashCommand(this.#desk, { command, text, channelId });
  }

  shortcut(callbackId: string, message?: { channel: string; ts: string }): Promise<ActResult> {
    return useShortcut(this.#desk, callbackId, message);
  }

  openHome(): Promise<ActResult> {
    return openHomeTab(this.#desk);
  }

  say(channelId: string, text: string, threadTs?: string): Promise<string> {
    return writeMessage(this.#desk, { channelId, text, threadTs });
  }

  async click(where: Surface, element: ElementRef): Promise<ActResult> {
    const spot = this.#spot(where, element, (type) => type === 'button' || type === 'icon_button');
    const { text, value, style } = spot.element;
    return sendAction(this.#desk, spot, { text, value, style });
  }

  async choose(element: ElementRef, choice: Choice, where: Surface = 'modal'): Promise<ActResult> {
    const spot = this.#spot(where, element, isChoosable);
    const suggested = this.#suggested.get(key(spot)) ?? [];
    const value = chosenValue(this.#desk, spot, { choice, suggested });
    if (spot.type === 'overflow') return sendAction(this.#desk, spot, { selected_option: value });
    return this.#fill(spot, stateWith(spot.type, value), () => true);
  }

  async type(
    element: ElementRef,
    text: string,
    how: { enter?: boolean; where?: Surface } = {},
  ): Promise<ActResult> {
    const spot = this.#spot(how.where ?? 'modal', element, (type) => TEXT_INPUTS.has(type));
    return this.#fill(spot, stateWith(spot.type, text === '' ? null : text), () => {
      const config = spot.element['dispatch_action_config'];
      const occasions = isObject(config)
        ? strings(config['trigger_actions_on'])
        : ['on_enter_pressed'];
      return (
        occasions.includes('on_character_entered') ||
        (how.enter === true && occasions.includes('on_enter_pressed'))
      );
    });
  }

  async suggest(
    element: ElementRef,
    query: string,
    where: Surface = 'modal',
  ): Promise<Suggestions> {
    const spot = this.#spot(where, element, (type) => type.includes('external_select'));
    const least = Number(spot.element['min_query_length'] ?? 3);
    if (query.length < least) return { options: [], groups: [] };
    const { answer, offered } = await askOptions(this.#desk, spot, query);
    this.#suggested.set(key(spot), [...(this.#suggested.get(key(spot)) ?? []), ...offered]);
    return answer;
  }

  submit(): Promise<ActResult> {
    return submitTop(this.#desk);
  }

  close(): Promise<ActResult> {
    return closeModals(this.#desk, false);
  }

  closeAll(): Promise<ActResult> {
    return closeModals(this.#desk, true);
  }

  #spot(where: Surface, element: ElementRef, types: (type: string) => boolean): Spot {
    activePerson(this.#desk);
    return locate(placeOf(this.#desk, where), element, types);
  }

  /** Puts a value into a field; tells the app at once where the block says so (F15). */
  async #fill(spot: Spot, state: JsonObject, isOccasion: () => boolean): Promise<ActResult> {
    const { place, block, blockId, actionId, type } = spot;
    const valueKey = stateKey(type) ?? 'value';
    const action = { [valueKey]: state[valueKey] };
    if (place.kind === 'message') return sendAction(this.#desk, spot, action);
    this.#desk.core.views.setValue(place.view.id, { blockId, actionId }, state);
    const isSilent =
      block['type'] === 'input' && (block['dispatch_action'] !== true || !isOccasion());
    if (isSilent) return withTop(this.#desk, { ok: true });
    return sendAction(this.#desk, { ...spot, place: placeOf(this.#desk, place.kind) }, action);
  }
}

/** External menus remember what they showed per block and element. */
function key(spot: Spot): string {
  return JSON.stringify([spot.blockId, spot.actionId]);
}
