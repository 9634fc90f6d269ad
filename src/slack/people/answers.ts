import { z } from 'zod';

import { type GroupRights } from '../../domain/people-admin.ts';
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

const personTarget = z.object({ slackTeamId: z.string(), slackUserId: z.string() });
const groupTarget = z.object({ groupId: z.number().int().nullable() });

/** What the person modal says. @throws ZodError when the payload is none of Slack's */
export function readPerson(view: { private_metadata: string; state: { values: unknown } }): {
  slackTeamId: string;
  slackUserId: string;
  name: string;
  active: boolean;
  groupIds: number[];
} {
  const form = values.parse(view.state.values);
  return {
    ...personTarget.parse(JSON.parse(view.private_metadata)),
    name: text(form, ACTION.name),
    active: one(form, ACTION.active) !== 'no',
    groupIds: ids(form, ACTION.memberOf),
  };
}

/** What the group modal says. A school that is chosen twice may be modified. */
export function readGroup(view: {
  private_metadata: string;
  state: { values: unknown };
}): GroupRights & { id: number | null } {
  const form = values.parse(view.state.values);
  const modify = ids(form, ACTION.modifySchools);
  const see = ids(form, ACTION.seeSchools).filter((id) => !modify.includes(id));
  return {
    id: groupTarget.parse(JSON.parse(view.private_metadata)).groupId,
    name: text(form, ACTION.groupName),
    tools: toolsOf(many(form, ACTION.rights)),
    allCalendars: z.enum(['none', 'see', 'modify']).catch('none').parse(one(form, ACTION.reach)),
    schools: [
      ...modify.map((id) => ({ id, canModify: true })),
      ...see.map((id) => ({ id, canModify: false })),
    ],
    slackSubteamId: one(form, ACTION.subteam) ?? null,
  };
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
