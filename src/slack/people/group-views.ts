import { type KnownBlock, type ModalView, type PlainTextOption } from '@slack/types';

import {
  type CalendarPlace,
  type CalendarRight,
  placeCode,
  type UserGroup,
} from '../../domain/people-admin.ts';
import { choice, note, plainText, radio } from '../form/fields.ts';
import { distinctLabels, LIMITS } from '../limits.ts';
import { count, escapeMrkdwn, plainName, safeName } from '../wording.ts';
import { writeGroupMetadata } from './answers.ts';
import { buttons, saidBlock, searchField, textField } from './blocks.ts';
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
      group.places.length === 0
        ? 'no calendars'
        : `calendars of ${count(group.places.length, 'school, year or calendar', 'schools, years or calendars')}`,
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

/** Places of one level that a field can begin with; others keep their right, and a line tells of them. */
const MOST_PLACES = LIMITS.options;

/** One group: name, rights on tools, calendars, the Slack user group that fills it. */
export function groupView(model: {
  readonly group: UserGroup | null;
  /** Of the Slack user group that fills it; null when none does, or Slack does not say. */
  readonly subteamName: string | null;
}): ModalView {
  const { group } = model;
  const given = new Set(givenValues(group?.tools ?? {}));
  const optionGroups = rightChoices().map(({ tool, rights }) => ({
    label: plainText(tool),
    options: rights.map(({ value, words }) => choice(value, words)),
  }));
  const options = optionGroups.flatMap((one) => one.options);
  const initial = options.filter(({ value }) => given.has(value ?? ''));
  const modify = shownPlaces(group, true);
  const see = shownPlaces(group, false);
  return {
    type: 'modal',
    callback_id: GROUP,
    title: plainText(group === null ? 'New group' : 'Group'),
    submit: plainText('Save'),
    close: plainText('Back'),
    private_metadata: writeGroupMetadata({
      groupId: group?.id ?? null,
      modify: modify.map(placeCode),
      see: see.map(placeCode),
    }),
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
      placesField(ACTION.modifyPlaces, 'Also modify', modify),
      placesField(ACTION.seePlaces, 'Also see', see),
      ...notShown((group?.places.length ?? 0) - modify.length - see.length),
      subteamField(model),
    ],
  };
}

function shownPlaces(group: UserGroup | null, canModify: boolean): CalendarRight[] {
  return (group?.places ?? [])
    .filter((place) => place.canModify === canModify)
    .slice(0, MOST_PLACES);
}

function notShown(left: number): KnownBlock[] {
  return left === 0
    ? []
    : [note(`${count(left, 'more place')} not shown here, and not changed by saving.`)];
}

function reachField(group: UserGroup | null): KnownBlock {
  const options = [
    choice('none', 'Only those below'),
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

/** Schools, school years and calendars as options. */
export function placeOptions(
  places: readonly (CalendarPlace & { readonly name: string })[],
): PlainTextOption[] {
  const labels = distinctLabels(
    places.map(({ name }) => plainName(name, 1000)),
    LIMITS.optionText,
  );
  return places.map((place, index) =>
    choice(placeCode(place), labels[index] ?? '', kindWords(place)),
  );
}

function kindWords({ schoolId, schoolYearId, calendarId }: CalendarPlace): string {
  if (calendarId !== null) return 'One calendar';
  if (schoolId === null) return 'All calendars of the year';
  return schoolYearId === null ? 'All calendars of the school' : 'The school in one year';
}

function placesField(action: string, label: string, places: readonly CalendarRight[]): KnownBlock {
  return searchField({
    action,
    label,
    hint: 'Schools, school years or single calendars.',
    placeholder: 'Search by name',
    chosen: placeOptions(places),
  });
}

function subteamField({
  group,
  subteamName,
}: {
  readonly group: UserGroup | null;
  readonly subteamName: string | null;
}): KnownBlock {
  const id = group?.slackSubteamId ?? null;
  return {
    type: 'input',
    block_id: ACTION.subteam,
    optional: true,
    label: plainText('Filled from the Slack user group'),
    hint: plainText(
      'Its members are in this group as long as they are in that one; without one they leave it.',
    ),
    element: {
      type: 'external_select',
      action_id: ACTION.subteam,
      min_query_length: 0,
      placeholder: plainText('Search by name'),
      ...(id === null ? {} : { initial_option: choice(id, subteamName ?? id) }),
    },
  };
}
