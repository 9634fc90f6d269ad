import { type KnownBlock, type ModalView } from '@slack/types';

import { type ListedPerson, type Membership, type UserGroup } from '../../domain/people-admin.ts';
import { type SlackState } from '../../domain/standing.ts';
import { choice, namedChoices, note, plainText, radio } from '../form/fields.ts';
import { LIMITS } from '../limits.ts';
import { escapeMrkdwn, listed, plainName, safeName } from '../wording.ts';
import { writePersonMetadata } from './answers.ts';
import { buttons, saidBlock, searchField, selectField, textField } from './blocks.ts';
import { ACTION, changePerson, PEOPLE, PERSON } from './ids.ts';

/** People on one page of the list. */
export const PAGE = 40;
/** Everybody who is mapped, and the way to add one. Pure. */
export function peopleView(model: {
  readonly people: readonly ListedPerson[];
  readonly skip: number;
  readonly more: boolean;
  readonly said?: string;
}): ModalView {
  const { people, skip, more } = model;
  return {
    type: 'modal',
    callback_id: PEOPLE,
    title: plainText('People and rights'),
    close: plainText('Close'),
    private_metadata: String(skip),
    blocks: [
      ...saidBlock(model.said),
      {
        type: 'section',
        text: { type: 'mrkdwn', text: '*Add or change a person*\nAnybody of this workspace.' },
        accessory: {
          type: 'users_select',
          action_id: ACTION.pick,
          placeholder: plainText('Choose a person'),
        },
      },
      buttons([[ACTION.groups, 'Groups and their rights…']]),
      { type: 'divider' },
      ...people.map(personRow),
      ...pageButtons(skip, more),
    ],
  };
}

const SLACK_WORDS: Readonly<Record<SlackState, string>> = {
  member: '',
  guest: ' · *guest in Slack: can do nothing*',
  deactivated: ' · *deactivated in Slack: can do nothing*',
  unknown: ' · not yet seen in Slack',
};

function personRow(person: ListedPerson): KnownBlock {
  const groups =
    person.groups.length === 0
      ? 'no group'
      : person.groups
          .map(({ name, fromSlack }) => `${plainName(name)}${fromSlack ? ' (from Slack)' : ''}`)
          .join(', ');
  const state = person.active ? SLACK_WORDS[person.slackState] : ' · *deactivated*';
  const mention = /^[UW][A-Z0-9]+$/.test(person.slackUserId) ? `<@${person.slackUserId}>` : '';
  return {
    type: 'section',
    text: {
      type: 'mrkdwn',
      text: `*${safeName(person.name)}* ${mention}${state}\n${escapeMrkdwn(plainName(groups, 500))}`,
    },
    accessory: {
      type: 'button',
      action_id: changePerson(person.slackUserId),
      text: plainText('Change…'),
    },
  };
}

function pageButtons(skip: number, more: boolean): KnownBlock[] {
  const shown: [string, string][] = [
    ...(skip > 0 ? [[ACTION.previous, 'Previous'] as [string, string]] : []),
    ...(more ? [[ACTION.next, 'Next'] as [string, string]] : []),
  ];
  return shown.length === 0 ? [] : [buttons(shown)];
}

/** One person: name, groups, active or not. */
export function personView(model: {
  readonly slackTeamId: string;
  readonly slackUserId: string;
  readonly name: string;
  readonly active: boolean;
  readonly groups: readonly NamedGroup[];
  readonly memberOf: readonly Membership[];
}): ModalView {
  const { slackTeamId, slackUserId, memberOf } = model;
  const byHand = memberOf.filter(({ fromSlack }) => !fromSlack).slice(0, LIMITS.options);
  const bySlack = memberOf.filter(({ fromSlack }) => fromSlack);
  return {
    type: 'modal',
    callback_id: PERSON,
    title: plainText('Person'),
    submit: plainText('Save'),
    close: plainText('Back'),
    private_metadata: writePersonMetadata({
      ...{ slackTeamId, slackUserId },
      shown: byHand.map(({ id }) => id),
    }),
    blocks: [
      textField({ action: ACTION.name, label: 'Name', value: model.name, max: 80 }),
      groupsField(model.groups, byHand),
      ...(bySlack.length === 0
        ? []
        : [
            note(
              `Through Slack user groups also in: ${listed(bySlack.map(({ name }) => plainName(name)))}.`,
            ),
          ]),
      {
        type: 'input',
        block_id: ACTION.active,
        label: plainText('State'),
        element: radio(
          ACTION.active,
          [choice('yes', 'Active'), choice('no', 'Deactivated: can do nothing')],
          model.active ? 0 : 1,
        ),
      },
    ],
  };
}

type NamedGroup = Pick<UserGroup, 'id' | 'name'>;

/** A list up to 100 groups, a search above. */
function groupsField(groups: readonly NamedGroup[], chosen: readonly NamedGroup[]): KnownBlock {
  if (groups.length === 0) return note('There is no group yet. Make one first.');
  const field = {
    action: ACTION.memberOf,
    label: 'Groups',
    hint: 'Rights add up over all groups.',
  };
  if (groups.length > LIMITS.options)
    return searchField({
      ...field,
      placeholder: 'Search by name',
      chosen: namedChoices(chosen),
    });
  const options = namedChoices(groups);
  const ids = new Set(chosen.map(({ id }) => String(id)));
  return selectField({
    ...field,
    options,
    chosen: options.filter(({ value }) => ids.has(value ?? '')),
  });
}

/** "Teresa Smith is in Read-only and School Scheduler." */
export function savedSentence(name: string, groups: readonly string[]): string {
  const where =
    groups.length === 0 ? 'in no group' : `in ${listed(groups.map((one) => plainName(one)))}`;
  return `${plainName(name)} is saved, ${where}.`;
}
