import { type KnownBlock, type ModalView } from '@slack/types';

import { SUBJECT_KINDS, type SubjectKind, type Subscription } from '../../domain/subscriptions.ts';
import { alert, choice, note, plainText, radio } from '../form/fields.ts';
import { plain } from '../messages/answers.ts';
import { bullets, mention, type Message } from '../messages/rich-text.ts';
import {
  count,
  escapeMrkdwn,
  listed,
  messageText,
  number,
  plainName,
  safeName,
} from '../wording.ts';

/** callback_id of the modal. */
export const SUBSCRIPTIONS = 'subscriptions';

/** action_ids; the subject's carries its kind, so that a choice of another kind is dropped (F14). */
export const FIELD = {
  kind: 'subscription_kind',
  where: 'subscription_where',
} as const;
export const subjectField = (kind: SubjectKind): string => `subscription_subject~${kind}`;
export const SUBJECT_FIELDS = SUBJECT_KINDS.map(subjectField);
export const removeButton = (id: number): string => `subscription_remove~${id}`;
export const REMOVE = /^subscription_remove~(\d{1,15})$/;

const MOST = 80;

export const KIND_WORDS: Readonly<Record<SubjectKind, string>> = {
  school: 'School',
  calendar: 'Calendar',
  catalog: 'Course catalog',
};

export interface SubscriptionModel {
  readonly subscriptions: readonly Subscription[];
  readonly kind: SubjectKind;
  /** The conversation the command was given in; null from elsewhere. */
  readonly channelId: string | null;
  /** Chosen already, when the words of the command named one. */
  readonly chosen?: { readonly id: number; readonly name: string };
  readonly said?: string;
}

/** What is subscribed to, and one more to add. Pure. */
export function subscriptionsView(model: SubscriptionModel): ModalView {
  const { kind, chosen, said } = model;
  return {
    type: 'modal',
    callback_id: SUBSCRIPTIONS,
    title: plainText('Who hears of pushes'),
    submit: plainText('Subscribe'),
    close: plainText('Close'),
    private_metadata: JSON.stringify({ channelId: model.channelId }),
    blocks: [
      ...(said === undefined ? [] : [alert('info', said)]),
      note(
        'Each push is told when it ends: completed, failed, or canceled after it wrote something. One that was withdrawn, rejected or never approved is not.',
      ),
      {
        type: 'input',
        block_id: FIELD.kind,
        dispatch_action: true,
        label: plainText('Every push on a'),
        element: radio(
          FIELD.kind,
          SUBJECT_KINDS.map((one) => choice(one, KIND_WORDS[one])),
          SUBJECT_KINDS.indexOf(kind),
        ),
      },
      {
        type: 'input',
        block_id: subjectField(kind),
        label: plainText(KIND_WORDS[kind]),
        element: {
          type: 'external_select',
          action_id: subjectField(kind),
          min_query_length: 0,
          placeholder: plainText('Type a part of its name'),
          ...(chosen === undefined
            ? {}
            : { initial_option: choice(String(chosen.id), chosen.name) }),
        },
      },
      {
        type: 'input',
        block_id: FIELD.where,
        label: plainText('Tell'),
        hint: plainText('A channel, or yourself for direct messages.'),
        element: {
          type: 'conversations_select',
          action_id: FIELD.where,
          default_to_current_conversation: true,
          filter: { exclude_external_shared_channels: true, exclude_bot_users: true },
        },
      },
      { type: 'divider' },
      ...rows(model.subscriptions),
    ],
  };
}

function rows(subscriptions: readonly Subscription[]): KnownBlock[] {
  if (subscriptions.length === 0)
    return [note('No subscription of yours, or of this channel, yet.')];
  const left = subscriptions.length - MOST;
  return [
    ...subscriptions.slice(0, MOST).map(row),
    ...(left > 0 ? [note(`${count(left, 'more subscription')}.`)] : []),
  ];
}

function row({ id, channelId, subject, createdBy }: Subscription): KnownBlock {
  return {
    type: 'section',
    text: {
      type: 'mrkdwn',
      text: `*${KIND_WORDS[subject.kind]} ${safeName(subject.name)}* → ${placeOf(channelId)}, by ${safeName(createdBy)}`,
    },
    accessory: { type: 'button', action_id: removeButton(id), text: plainText('Remove') },
  };
}

function placeOf(channelId: string): string {
  if (/^[CG][A-Z0-9]+$/.test(channelId)) return `<#${channelId}>`;
  return /^[UW][A-Z0-9]+$/.test(channelId) ? `<@${channelId}>` : 'a direct message';
}

/** "Every push on school Harrison High will be told here." @param where "here", "to you directly" */
export function subscribedSentence(kind: SubjectKind, name: string, where = ''): string {
  return `Every push on ${KIND_WORDS[kind].toLowerCase()} ${plainName(name)} will be told${where === '' ? '' : ` ${where}`}.`;
}

/** "school Harrison High", for a list in rich_text. */
export function subscriptionLine({ subject }: Subscription): string {
  return `${KIND_WORDS[subject.kind].toLowerCase()} ${plainName(subject.name)}`;
}

/** The same with the place that is told. */
export function subscriptionParts(one: Subscription): Parts {
  return [subscriptionLine(one), ' → ', ...placeParts(one.channelId)];
}

const MOST_LISTED = 20;

/** Answer to `notify list`. */
export function subscriptionsAnswer(subscriptions: readonly Subscription[]): Message {
  if (subscriptions.length === 0)
    return plain(
      'Nobody subscribed to anything here yet. `/push-course-masters notify` opens the form for it.',
    );
  const shown = subscriptions.slice(0, MOST_LISTED);
  const left = subscriptions.length - shown.length;
  const all = count(subscriptions.length, 'subscription');
  const names = shown.slice(0, 5).map((one) => escapeMrkdwn(subscriptionLine(one)));
  const others = subscriptions.length - names.length;
  return {
    text: messageText(
      `${all} of yours or of this channel: ${listed([...names, ...(others > 0 ? [`${number(others)} more`] : [])])}.`,
    ),
    blocks: [
      bullets(`${all} of yours or of this channel`, [
        ...shown.map(subscriptionParts),
        ...(left > 0 ? [[`${number(left)} more: /push-course-masters notify lists them.`]] : []),
      ]),
    ],
  };
}

/** Answer to `notify add` or `notify remove` without a kind and a name. */
export function usageAnswer(): Message {
  return plain(
    'Say which: `/push-course-masters notify add school "Harrison High"`, and `remove` in the same way. ' +
      'In place of `school` it can be `calendar` or `catalog`; `notify list` shows what there is.',
  );
}

type Parts = Parameters<typeof bullets>[1][number];

function placeParts(channelId: string): Parts {
  if (/^[CG][A-Z0-9]+$/.test(channelId)) return [{ type: 'channel', channel_id: channelId }];
  return /^[UW][A-Z0-9]+$/.test(channelId) ? [mention(channelId)] : ['a direct message'];
}
