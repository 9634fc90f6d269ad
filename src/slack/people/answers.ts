import { z } from 'zod';

import {
  type CalendarPlace,
  type GroupChange,
  type PersonChange,
  placeOf,
} from '../../domain/people-admin.ts';
import { toolsOf } from './rights-words.ts';
import { ACTION } from './ids.ts';

const option = z.looseObject({ value: z.string() });
const values = z.record(
  z.string(),
  z.record(
    z.string(),
    z.looseObject({
      value: z.string().nullish(),
      selected_option: option.nullish(),
      selected_options: z.array(option).nullish(),
    }),
  ),
);
type Values = z.infer<typeof values>;

const personTarget = z.object({
  slackTeamId: z.string(),
  slackUserId: z.string(),
  /** The groups that were chosen when the modal opened. */
  shown: z.array(z.number().int()),
});
const groupTarget = z.object({
  groupId: z.number().int().nullable(),
  /** The places that were chosen when the modal opened, by their codes. */
  modify: z.array(z.string()),
  see: z.array(z.string()),
});

/** What the person modal carries along: whom it is about and what it showed. */
export function writePersonMetadata(target: z.infer<typeof personTarget>): string {
  return JSON.stringify(target);
}

/** What the group modal carries along: which group and what it showed. */
export function writeGroupMetadata(target: z.infer<typeof groupTarget>): string {
  return JSON.stringify(target);
}

interface Sent {
  readonly private_metadata: string;
  readonly state: { readonly values: unknown };
}

/**
 * What the person modal changes: groups that were not shown, and those that Slack gives, stay.
 * @throws ZodError when the payload is none of Slack's
 */
export function readPerson(view: Sent): PersonChange & { readonly name: string } {
  const form = values.parse(view.state.values);
  const { shown, ...slack } = personTarget.parse(JSON.parse(view.private_metadata));
  const chosen = form[ACTION.memberOf] === undefined ? shown : ids(form, ACTION.memberOf);
  return {
    ...slack,
    name: text(form, ACTION.name),
    active: one(form, ACTION.active) !== 'no',
    join: chosen.filter((id) => !shown.includes(id)),
    leave: shown.filter((id) => !chosen.includes(id)),
  };
}

/**
 * What the group modal changes: places that were not shown stay, and so does the Slack user group
 * when its field was not shown. A place that is chosen twice may be modified.
 */
export function readGroup(view: Sent): GroupChange & { readonly name: string } {
  const form = values.parse(view.state.values);
  const { groupId, modify, see } = groupTarget.parse(JSON.parse(view.private_metadata));
  return {
    id: groupId,
    name: text(form, ACTION.groupName),
    tools: toolsOf(many(form, ACTION.rights)),
    allCalendars: z.enum(['none', 'see', 'modify']).catch('none').parse(one(form, ACTION.reach)),
    ...placesChanged(form, { modify, see }),
    ...(form[ACTION.subteam] === undefined
      ? {}
      : { slackSubteamId: one(form, ACTION.subteam) ?? null }),
  };
}

function placesChanged(
  form: Values,
  shown: { readonly modify: readonly string[]; readonly see: readonly string[] },
): Pick<GroupChange, 'give' | 'take'> {
  const chosen = (action: string, before: readonly string[]): readonly string[] =>
    form[action] === undefined ? before : many(form, action);
  const modify = chosen(ACTION.modifyPlaces, shown.modify);
  const see = chosen(ACTION.seePlaces, shown.see).filter((code) => !modify.includes(code));
  const given = (codes: readonly string[], before: readonly string[], canModify: boolean) =>
    placesOf(codes.filter((code) => !before.includes(code))).map((place) => ({
      ...place,
      canModify,
    }));
  return {
    give: [...given(modify, shown.modify, true), ...given(see, shown.see, false)],
    take: placesOf(
      [...shown.modify, ...shown.see].filter((code) => ![...modify, ...see].includes(code)),
    ),
  };
}

function placesOf(codes: readonly string[]): CalendarPlace[] {
  return codes.map(placeOf).filter((place) => place !== undefined);
}

function text(form: Values, action: string): string {
  return form[action]?.[action]?.value?.trim() ?? '';
}

function one(form: Values, action: string): string | undefined {
  return form[action]?.[action]?.selected_option?.value;
}

function many(form: Values, action: string): string[] {
  return (form[action]?.[action]?.selected_options ?? []).map(({ value }) => value);
}

function ids(form: Values, action: string): number[] {
  return many(form, action)
    .filter((value) => /^\d{1,9}$/.test(value))
    .map(Number);
}
