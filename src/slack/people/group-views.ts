import { type KnownBlock, type ModalView, type PlainTextOption } from '@slack/types';

import { type SchoolChoice, type UserGroup } from '../../domain/people-admin.ts';
import { choice, namedChoices, note, plainText, radio } from '../form/fields.ts';
import { count, escapeMrkdwn, plainName, safeName } from '../wording.ts';
import { buttons, saidBlock, selectField, textField } from './blocks.ts';
import { ACTION, changeGroup, GROUP, GROUPS } from './ids.ts';
import { givenValues, rightChoices, rightsInWords } from './rights-words.ts';

const MOST_GROUPS = 90;

/** The groups, with what each may do. */
export function groupsView(groups: readonly UserGroup[], said?: string): ModalView {
  const left = groups.length - MOST_GROUPS;
  return {
    type: 'modal',
    callback_id: GROUPS,
    title: plainText('Groups'),
    close: plainText('Back'),
    blocks: [
      ...saidBlock(said),
      buttons([[ACTION.newGroup, 'New group…']]),
      ...groups.slice(0, MOST_GROUPS).map(groupRow),
      ...(left > 0
        ? [note(`${count(left, 'more group')}: see push-course-masters people groups.`)]
        : []),
    ],
  };
}

function groupRow(group: UserGroup): KnownBlock {
  const reach = {
    none:
      group.schools.length === 0
        ? 'no calendars'
        : `the calendars of ${count(group.schools.length, 'school')}`,
    see: 'all calendars to see',
    modify: 'all calendars to modify',
  }[group.allCalendars];
  const filled = group.slackSubteamId === null ? '' : ', filled from a Slack user group';
  return {
    type: 'section',
    text: {
      type: 'mrkdwn',
      text: `*${safeName(group.name)}* · ${count(group.members, 'person', 'people')} · ${reach}${filled}\n${escapeMrkdwn(plainName(rightsInWords(group.tools), 1500))}`,
    },
    accessory: {
      type: 'button',
      action_id: changeGroup(group.id),
      text: plainText('Change…'),
    },
  };
}

/** One group: name, rights on tools, calendars, the Slack user group that fills it. */
export function groupView(model: {
  readonly group: UserGroup | null;
  readonly schools: readonly SchoolChoice[];
  readonly subteams: readonly { readonly id: string; readonly name: string }[];
}): ModalView {
  const { group, schools } = model;
  const given = new Set(givenValues(group?.tools ?? {}));
  const optionGroups = rightChoices().map(({ tool, rights }) => ({
    label: plainText(tool),
    options: rights.map(({ value, words }) => choice(value, words)),
  }));
  const options = optionGroups.flatMap((one) => one.options);
  const initial = options.filter(({ value }) => given.has(value ?? ''));
  return {
    type: 'modal',
    callback_id: GROUP,
    title: plainText(group === null ? 'New group' : 'Group'),
    submit: plainText('Save'),
    close: plainText('Back'),
    private_metadata: JSON.stringify({ groupId: group?.id ?? null }),
    blocks: [
      textField({ action: ACTION.groupName, label: 'Name', value: group?.name ?? '', max: 80 }),
      {
        type: 'input',
        block_id: ACTION.rights,
        optional: true,
        label: plainText('Rights on tools'),
        element: {
          type: 'multi_static_select',
          action_id: ACTION.rights,
          option_groups: optionGroups,
          ...(initial.length === 0 ? {} : { initial_options: initial }),
        },
      },
      reachField(group),
      ...schoolFields(schools, group),
      ...subteamField(model),
    ],
  };
}

function reachField(group: UserGroup | null): KnownBlock {
  const options = [
    choice('none', 'Only the schools below'),
    choice('see', 'See all calendars'),
    choice('modify', 'Modify all calendars'),
  ];
  return {
    type: 'input',
    block_id: ACTION.reach,
    label: plainText('Calendars'),
    element: radio(
      ACTION.reach,
      options,
      ['none', 'see', 'modify'].indexOf(group?.allCalendars ?? 'none'),
    ),
  };
}

function schoolFields(schools: readonly SchoolChoice[], group: UserGroup | null): KnownBlock[] {
  if (schools.length === 0) return [];
  const offered = namedChoices(schools.slice(0, 100));
  const of = (canModify: boolean): PlainTextOption[] => {
    const ids = (group?.schools ?? [])
      .filter((school) => school.canModify === canModify)
      .map(({ id }) => String(id));
    return offered.filter(({ value }) => ids.includes(value ?? ''));
  };
  const hint =
    schools.length > 100
      ? 'The first 100 schools are offered; the command line knows all.'
      : undefined;
  return [
    selectField({
      action: ACTION.modifySchools,
      label: 'Schools to modify',
      options: offered,
      chosen: of(true),
      ...(hint === undefined ? {} : { hint }),
    }),
    selectField({
      action: ACTION.seeSchools,
      label: 'Schools to see',
      options: offered,
      chosen: of(false),
    }),
  ];
}

function subteamField({
  group,
  subteams,
}: {
  readonly group: UserGroup | null;
  readonly subteams: readonly { readonly id: string; readonly name: string }[];
}): KnownBlock[] {
  if (subteams.length === 0) return [];
  const options = subteams.slice(0, 100).map(({ id, name }) => choice(id, name));
  const chosen = options.find(({ value }) => value === group?.slackSubteamId);
  return [
    {
      type: 'input',
      block_id: ACTION.subteam,
      optional: true,
      label: plainText('Filled from the Slack user group'),
      hint: plainText('Its members are in this group as long as they are in that one.'),
      element: {
        type: 'static_select',
        action_id: ACTION.subteam,
        options,
        ...(chosen === undefined ? {} : { initial_option: chosen }),
      },
    },
  ];
}
