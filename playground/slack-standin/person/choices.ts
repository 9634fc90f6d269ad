import { type Choice, ClientRefusesError, type Json, type JsonObject } from '../contract.ts';
import { passesFilter } from '../form-state.ts';
import { objects, text } from '../json.ts';
import { type Desk } from './desk.ts';
import { type Spot } from './places.ts';

const PICKERS: Readonly<Record<string, (choice: Choice) => boolean>> = {
  datepicker: (choice) => typeof choice === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(choice),
  timepicker: (choice) => typeof choice === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(choice),
  datetimepicker: (choice) => Number.isInteger(choice),
};

/** Can this element be chosen from? */
export function isChoosable(type: string): boolean {
  return (
    type.includes('select') ||
    type in PICKERS ||
    ['checkboxes', 'radio_buttons', 'overflow'].includes(type)
  );
}

/**
 * Turns what a person picks into the value that goes into the state: whole options, ids, a date.
 * @param suggested options that an external select has shown so far
 * @throws ClientRefusesError for what the client does not offer
 */
export function chosenValue(
  desk: Desk,
  spot: Spot,
  picked: { choice: Choice; suggested: readonly JsonObject[] },
): Json {
  const { choice, suggested } = picked;
  const { type, element, actionId } = spot;
  if (choice === null) return cleared(spot);
  const picker = PICKERS[type];
  if (picker !== undefined) {
    if (!picker(choice))
      throw new ClientRefusesError(`A ${type} cannot be set to ${JSON.stringify(choice)}.`);
    return choice;
  }
  const wanted = Array.isArray(choice) ? choice.map(String) : [String(choice)];
  const find = /users|conversations|channels/.test(type)
    ? idFinder(desk, spot)
    : optionFinder(spot, suggested);
  const values = wanted.map((value) => {
    const found = find(value);
    if (found === undefined)
      throw new ClientRefusesError(`"${value}" is not offered by ${actionId}.`);
    return found;
  });
  if (type.startsWith('multi_') || type === 'checkboxes') {
    const limit = element['max_selected_items'];
    if (typeof limit === 'number' && values.length > limit) {
      throw new ClientRefusesError(`${actionId} takes ${limit} choices at most.`);
    }
    return values;
  }
  if (values.length !== 1) throw new ClientRefusesError(`${actionId} takes one choice.`);
  return values[0] ?? null;
}

function cleared(spot: Spot): null {
  if (['radio_buttons', 'overflow'].includes(spot.type)) {
    throw new ClientRefusesError(`${spot.actionId} cannot be cleared.`);
  }
  return null;
}

function optionFinder(
  spot: Spot,
  suggested: readonly JsonObject[],
): (value: string) => Json | undefined {
  const { element, place, blockId, actionId } = spot;
  const state = place.kind === 'message' ? undefined : place.view.values[blockId]?.[actionId];
  const present = [state?.['selected_option'], ...objects(state?.['selected_options'])];
  const offered = [
    ...objects(element['options']),
    ...objects(element['option_groups']).flatMap((group) => objects(group['options'])),
    ...(spot.type.includes('external') ? [...suggested, ...objects(present)] : []),
  ];
  return (value) => offered.find((option) => text(option['value']) === value);
}

function idFinder(desk: Desk, spot: Spot): (value: string) => string | undefined {
  const { world } = desk.core;
  if (spot.type.includes('users')) {
    return (id) => (world.people.get(id)?.isDeactivated === false ? id : undefined);
  }
  return (id) => {
    const channel = world.channels.get(id);
    if (channel === undefined || channel.isArchived) return undefined;
    const isVisible = channel.kind === 'public' || channel.members.includes(desk.userId);
    const fits = spot.type.includes('channels_select')
      ? channel.kind === 'public'
      : passesFilter(spot.element, channel);
    return isVisible && fits ? id : undefined;
  };
}
