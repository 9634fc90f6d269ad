import { type ActionsBlock, type KnownBlock, type ModalView } from '@slack/types';

import { QUEUE_SIZES, type QueuePage } from '../../domain/queue-list.ts';
import { alert, choice, note, plainText } from '../form/fields.ts';
import { dayOf, moment, number } from '../wording.ts';
import { CONTROL, type QueueFilter, writeFilter } from './filter.ts';
import { rowBlock } from './row.ts';

/** callback_id of the list. */
export const QUEUE = 'push_queue';

export interface QueueModel {
  readonly filter: QueueFilter;
  readonly page: QueuePage;
  readonly workers: { readonly alive: number; readonly lastSeenAt: Date | null };
  readonly now: Date;
  /** What became of the last act, to say on top. */
  readonly said?: string;
}

/** The Batch Queue List (5.6): controls, a row per run and calendar, paging. Pure. */
export function queueView(model: QueueModel): ModalView {
  const { filter, page } = model;
  return {
    type: 'modal',
    callback_id: QUEUE,
    title: plainText('Batch Queue List'),
    close: plainText('Close'),
    private_metadata: writeFilter(filter),
    blocks: [
      ...(model.said === undefined ? [] : [alert('info', model.said)]),
      ...workerAlert(model),
      controls(filter),
      ...whoseControls(model),
      { type: 'divider' },
      ...(page.rows.length === 0
        ? [note(emptySentence(filter))]
        : page.rows.map((row) => rowBlock(row, filter.zone))),
      ...paging(model),
    ],
  };
}

/** A push that appears and never runs means that batch processing is off (B03). */
function workerAlert({ workers, filter }: QueueModel): KnownBlock[] {
  if (workers.alive > 0) return [];
  const since =
    workers.lastSeenAt === null
      ? ''
      : ` No worker since ${moment(workers.lastSeenAt, filter.zone)}.`;
  return [
    alert(
      'warning',
      `Batch processing is not running.${since} Queued pushes start by themselves once it is.`,
    ),
  ];
}

function controls(filter: QueueFilter): ActionsBlock {
  const sizes = QUEUE_SIZES.map((size) => choice(String(size), `Show top ${size}`));
  const chosen = sizes.find(({ value }) => value === String(filter.size));
  return {
    type: 'actions',
    elements: [
      {
        type: 'static_select',
        action_id: CONTROL.size,
        options: sizes,
        ...(chosen === undefined ? {} : { initial_option: chosen }),
      },
      { type: 'datepicker', action_id: CONTROL.from, initial_date: filter.from },
      { type: 'datepicker', action_id: CONTROL.to, initial_date: filter.to },
      { type: 'button', action_id: CONTROL.refresh, text: plainText('Refresh') },
    ],
  };
}

function whoseControls({ filter, page }: QueueModel): KnownBlock[] {
  const days = {
    type: 'mrkdwn' as const,
    text: `Scheduled from ${dayOf(filter.from)} to ${dayOf(filter.to)}, times in ${filter.zone}.`,
  };
  const context: KnownBlock = { type: 'context', elements: [days] };
  if (!page.maySeeAll) return [context];
  const options = [choice('mine', 'My own'), choice('all', 'Everybody’s')] as const;
  return [
    {
      type: 'actions',
      elements: [
        {
          type: 'static_select',
          action_id: CONTROL.whose,
          options: [...options],
          initial_option: filter.mine ? options[0] : options[1],
        },
      ],
    },
    context,
  ];
}

function emptySentence({ from, to, mine }: QueueFilter): string {
  const whose = mine ? 'of yours ' : '';
  return `No push ${whose}is scheduled between ${dayOf(from)} and ${dayOf(to)}. Choose other days, or start one with /push-course-masters.`;
}

function paging({ filter, page }: QueueModel): KnownBlock[] {
  if (!page.more && filter.skip === 0) return [];
  const first = filter.skip + 1;
  const last = filter.skip + page.rows.length;
  const shown = `Rows ${number(first)} to ${number(last)}${page.more ? '; there are more.' : '.'}`;
  return [
    { type: 'context', elements: [{ type: 'mrkdwn', text: shown }] },
    {
      type: 'actions',
      elements: [
        ...(filter.skip === 0
          ? []
          : [
              {
                type: 'button' as const,
                action_id: CONTROL.later,
                text: plainText('Previous rows'),
              },
            ]),
        ...(page.more
          ? [{ type: 'button' as const, action_id: CONTROL.earlier, text: plainText('Next rows') }]
          : []),
      ],
    },
  ];
}
