import { type KnownBlock, type ModalView } from '@slack/types';

import { type ListedPerson, type UserGroup } from '../../domain/people-admin.ts';
import { type SlackState } from '../../domain/standing.ts';
import { choice, namedChoices, note, plainText, radio } from '../form/fields.ts';
import { escapeMrkdwn, listed, plainName, safeName } from '../wording.ts';
import { buttons, saidBlock, selectField, textField } from './blocks.ts';
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
    person.groups.length === 0 ? 'no group' : person.groups.map((one) => plainName(one)).join(', ');
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
  readonly groups: readonly UserGroup[];
  readonly memberOf: readonly string[];
}): ModalView {
  const options = namedChoices(model.groups.slice(0, 100));
  const chosen = options.filter((_, index) =>
    model.memberOf.includes(model.groups[index]?.name ?? ''),
  );
  return {
    type: 'modal',
    callback_id: PERSON,
    title: plainText('Person'),
    submit: plainText('Save'),
    close: plainText('Back'),
    private_metadata: JSON.stringify({
      slackTeamId: model.slackTeamId,
      slackUserId: model.slackUserId,
    }),
    blocks: [
      textField({ action: ACTION.name, label: 'Name', value: model.name, max: 80 }),
      options.length === 0
        ? note('There is no group yet. Make one first.')
        : selectField({
            action: ACTION.memberOf,
            label: 'Groups',
            hint: 'Rights add up over all groups.',
            options,
            chosen,
          }),
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

/** "Teresa Smith is in Read-only and School Scheduler." */
export function savedSentence(name: string, groups: readonly string[]): string {
  const where =
    groups.length === 0 ? 'in no group' : `in ${listed(groups.map((one) => plainName(one)))}`;
  return `${plainName(name)} is saved, ${where}.`;
}
