import { type HomeView, type KnownBlock } from '@slack/types';

import { type QueueRow } from '../../domain/queue-list.ts';
import { plainText } from '../form/fields.ts';
import { type Message } from '../messages/rich-text.ts';
import { statusOf } from '../queue/row.ts';
import { count, escapeMrkdwn, moment, plainName, unixSeconds } from '../wording.ts';

/** action_ids of the Home tab. */
export const HOME = {
  push: 'home_push',
  queue: 'home_queue',
  people: 'home_people',
  refresh: 'home_refresh',
} as const;
export const SHOW_RUN = /^home_show~(\d{1,9})$/;
const showRun = (runId: number): string => `home_show~${runId}`;

const LATELY = 5;
const MOST_ROWS = 20;

/** A run of the person, over all its calendars. */
export interface HomeRun {
  readonly runId: number;
  readonly rows: readonly QueueRow[];
}

export interface HomeModel {
  readonly name: string;
  readonly zone: string;
  readonly runs: readonly HomeRun[];
  /** Pushes of others that wait for this person's approval. */
  readonly toApprove: readonly { readonly runId: number; readonly text: string }[];
  readonly workers: { readonly alive: number; readonly lastSeenAt: Date | null };
  readonly mayManagePeople: boolean;
  /** "You may push, and approve overwrites, on 8 calendars." */
  readonly rights: string;
  /** What the person hears of beside their own pushes, one line each. */
  readonly subscriptions: readonly string[];
}

/** The Home tab of a person who is known (5.7). Pure: the same model gives the same view. */
export function homeView(model: HomeModel): HomeView {
  const { running, waiting, finished } = sorted(model.runs);
  return {
    type: 'home',
    blocks: [
      { type: 'header', text: plainText('Push All Course Masters') },
      section(`Hello ${escapeMrkdwn(plainName(model.name))}. ${escapeMrkdwn(model.rights)}`),
      health(model),
      actions(model),
      ...listOf('Waiting for your approval', model.toApprove.map(approvalRow), null),
      ...listOf(
        'Running now',
        running.map((run) => runRow(run, model.zone)),
        null,
      ),
      ...listOf(
        'Your pushes that wait',
        waiting.map((run) => runRow(run, model.zone)),
        'None. “New push” starts one.',
      ),
      ...listOf(
        'Finished lately',
        finished.slice(0, LATELY).map((run) => runRow(run, model.zone)),
        'None in the last seven days.',
      ),
      ...subscriptionBlocks(model.subscriptions),
    ],
  };
}

/** The Home tab of somebody whom the product does not let in: how to ask. */
export function closedHome(answer: Message): HomeView {
  const blocks = answer.blocks.filter(({ type }) => type === 'section');
  return {
    type: 'home',
    blocks: [{ type: 'header', text: plainText('Push All Course Masters') }, ...blocks],
  };
}

function sorted(runs: readonly HomeRun[]): {
  running: HomeRun[];
  waiting: HomeRun[];
  finished: HomeRun[];
} {
  const running: HomeRun[] = [];
  const waiting: HomeRun[] = [];
  const finished: HomeRun[] = [];
  for (const run of runs) {
    const state = run.rows[0]?.runState;
    if (state === 'running') running.push(run);
    else if (state !== undefined && WAITING.has(state)) waiting.push(run);
    else finished.push(run);
  }
  return { running, waiting, finished };
}

const WAITING: ReadonlySet<string> = new Set([
  'planning',
  'planned',
  'awaiting_approval',
  'queued',
]);

/** Whether pushes are processed at all (B03). */
function health({ workers, zone }: HomeModel): KnownBlock {
  if (workers.alive > 0)
    return context(`:white_check_mark: Batch processing runs (${count(workers.alive, 'worker')}).`);
  const since =
    workers.lastSeenAt === null ? '' : ` No worker since ${moment(workers.lastSeenAt, zone)}.`;
  return context(
    `:warning: *Batch processing is not running.*${since} Queued pushes start by themselves once it is.`,
  );
}

function actions({ mayManagePeople }: HomeModel): KnownBlock {
  return {
    type: 'actions',
    elements: [
      {
        type: 'button',
        action_id: HOME.push,
        text: plainText('New push'),
        style: 'primary',
      },
      { type: 'button', action_id: HOME.queue, text: plainText('Batch Queue List') },
      ...(mayManagePeople
        ? [
            {
              type: 'button' as const,
              action_id: HOME.people,
              text: plainText('People and rights'),
            },
          ]
        : []),
      { type: 'button', action_id: HOME.refresh, text: plainText('Refresh') },
    ],
  };
}

function listOf(
  title: string,
  rows: readonly KnownBlock[],
  whenEmpty: string | null,
): KnownBlock[] {
  if (rows.length === 0 && whenEmpty === null) return [];
  const left = rows.length - MOST_ROWS;
  return [
    { type: 'divider' },
    section(`*${title}*`),
    ...(rows.length === 0 ? [context(whenEmpty ?? '')] : rows.slice(0, MOST_ROWS)),
    ...(left > 0 ? [context(`${count(left, 'more')} in the Batch Queue List.`)] : []),
  ];
}

function approvalRow({ runId, text }: HomeModel['toApprove'][number]): KnownBlock {
  return withButton(escapeMrkdwn(text), runId, 'Look at it');
}

function runRow({ runId, rows }: HomeRun, zone: string): KnownBlock {
  const [first] = rows;
  if (first === undefined) return context('');
  const place = rows.length === 1 ? plainName(first.calendar, 120) : count(rows.length, 'calendar');
  const when = `<!date^${unixSeconds(first.scheduledFor)}^{date_short_pretty} at {time}|${moment(first.scheduledFor, zone)}>`;
  const text = `*#${runId}* ${escapeMrkdwn(plainName(first.catalog, 120))}, ${escapeMrkdwn(plainName(first.year))} · ${escapeMrkdwn(place)}\n${statusInWords(rows)} · ${when}`;
  return withButton(text, runId, 'Show');
}

/** The state of the run, with its figures summed over its calendars. */
function statusInWords(rows: readonly QueueRow[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  const sum = (of: (row: QueueRow) => number): number =>
    rows.reduce((total, row) => total + of(row), 0);
  const state = STATUS_OF_RUN[first.runState] ?? first.status;
  if (first.runState === 'planning') return 'Working out the plan';
  if (first.runState === 'planned') return 'Its plan waits for your word';
  return statusOf({
    status: state,
    exceptions: sum((row) => row.exceptions),
    coursesDone: sum((row) => row.coursesDone),
    coursesTotal: sum((row) => row.coursesTotal),
  });
}

const STATUS_OF_RUN: Readonly<Record<string, string>> = { running: 'processing' };

function subscriptionBlocks(subscriptions: readonly string[]): KnownBlock[] {
  if (subscriptions.length === 0) return [];
  const lines = subscriptions.slice(0, MOST_ROWS).map((line) => `• ${escapeMrkdwn(line)}`);
  return [{ type: 'divider' }, section(`*You also hear of*\n${lines.join('\n')}`)];
}

function withButton(text: string, runId: number, label: string): KnownBlock {
  return {
    type: 'section',
    text: { type: 'mrkdwn', text },
    accessory: { type: 'button', action_id: showRun(runId), text: plainText(label) },
  };
}

function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

function context(text: string): KnownBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text }] };
}
