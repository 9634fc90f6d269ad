import { type HomeView, type KnownBlock } from '@slack/types';

import {
  type RunInShort,
  type RunOverview,
  type RunsInShort,
  type WaitingForApproval,
} from '../../domain/queue-list.ts';
import { type Subscription } from '../../domain/subscriptions.ts';
import { plainText } from '../form/fields.ts';
import { bullets, type Message } from '../messages/rich-text.ts';
import { undeliveredSentence } from '../messages/undelivered.ts';
import { waitingRow } from '../queue/open-approvals.ts';
import { statusOf } from '../queue/row.ts';
import { subscriptionParts } from '../subscriptions/view.ts';
import { count, localDate, moment, number, safeName } from '../wording.ts';

/** action_ids of the Home tab. */
export const HOME = {
  push: 'home_push',
  queue: 'home_queue',
  people: 'home_people',
  subscriptions: 'home_subscriptions',
  refresh: 'home_refresh',
} as const;
type HomeButton = keyof typeof HOME;
export const SHOW_RUN = /^home_show~(\d{1,9})$/;
const showRun = (runId: number): string => `home_show~${runId}`;

const MOST_ROWS = 20;
/** Each is a row of text and one of buttons; a view has 100 blocks. */
const MOST_TO_APPROVE = 15;
const MOST_PROBLEMS = 3;

export interface HomeModel {
  readonly name: string;
  readonly zone: string;
  /** Null for somebody who may only approve: they have no pushes, and no button makes one. */
  readonly overview: RunOverview | null;
  /** Pushes of others that wait for this person's approval. */
  readonly toApprove: readonly WaitingForApproval[];
  readonly workers: { readonly alive: number; readonly lastSeenAt: Date | null };
  readonly mayManagePeople: boolean;
  /** The form has something to offer. */
  readonly mayStart: boolean;
  /** "You may push, and approve overwrites, on 8 calendars." */
  readonly rights: string;
  /** What the person hears of beside their own pushes. */
  readonly subscriptions: readonly Subscription[];
}

/** The Home tab of a person who is known (5.7). Pure: the same model gives the same view. */
export function homeView(model: HomeModel): HomeView {
  const { overview, zone } = model;
  return {
    type: 'home',
    blocks: [
      { type: 'header', text: plainText('Push All Course Masters') },
      section(`Hello ${safeName(model.name)}. ${model.rights}`),
      health(model),
      ...undelivered(model),
      actions(model),
      ...toApprove(model),
      ...(overview === null
        ? []
        : [
            ...listOf('Running now', overview.running, { zone, whenEmpty: null }),
            ...listOf('Your pushes that wait', overview.waiting, {
              zone,
              whenEmpty: model.mayStart ? 'None. “New push” starts one.' : 'None.',
            }),
            ...listOf('Finished lately', overview.finished, {
              zone,
              whenEmpty: 'None in the last seven days.',
            }),
          ]),
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

/** Whether pushes are processed at all (B03). */
function health({ workers, zone }: HomeModel): KnownBlock {
  if (workers.alive > 0)
    return context(
      `:white_check_mark: Batch processing is running (${count(workers.alive, 'worker')}).`,
    );
  const since =
    workers.lastSeenAt === null
      ? 'No worker has ever been running.'
      : `No worker since ${moment(workers.lastSeenAt, zone)}.`;
  return context(
    `:warning: *Batch processing is not running.* ${since} Queued pushes start by themselves once it is.`,
  );
}

/** Messages about the person's pushes that did not arrive where they were meant to. */
function undelivered({ overview }: HomeModel): KnownBlock[] {
  const problems = (overview?.undelivered ?? []).toReversed();
  const left = problems.length - MOST_PROBLEMS;
  return [
    ...problems
      .slice(0, MOST_PROBLEMS)
      .map((problem) => context(`:warning: #${problem.runId}: ${undeliveredSentence(problem)}`)),
    ...(left > 0 ? [context(`${number(left)} more in the Batch Queue List.`)] : []),
  ];
}

const BUTTON_WORDS: Readonly<Record<HomeButton, string>> = {
  push: 'New push',
  queue: 'Batch Queue List',
  subscriptions: 'Who hears of pushes…',
  people: 'People and rights',
  refresh: 'Refresh',
};

function actions({ overview, mayManagePeople, mayStart }: HomeModel): KnownBlock {
  const shown: readonly HomeButton[] = [
    ...(overview !== null && mayStart ? (['push'] as const) : []),
    ...(overview === null ? [] : (['queue', 'subscriptions'] as const)),
    ...(mayManagePeople ? (['people'] as const) : []),
    'refresh',
  ];
  return {
    type: 'actions',
    elements: shown.map((button) => ({
      type: 'button',
      action_id: HOME[button],
      text: plainText(BUTTON_WORDS[button]),
      ...(button === 'push' ? { style: 'primary' as const } : {}),
    })),
  };
}

function toApprove({ toApprove: waiting, overview, zone }: HomeModel): KnownBlock[] {
  const none = overview === null ? [context('No push waits for your approval.')] : [];
  const rows = waiting.slice(0, MOST_TO_APPROVE).flatMap((push) => waitingRow(push, zone));
  if (rows.length === 0 && none.length === 0) return [];
  const left = waiting.length - MOST_TO_APPROVE;
  return [
    { type: 'divider' },
    section('*Waiting for your approval*'),
    ...(rows.length === 0 ? none : rows),
    ...(left > 0
      ? [context(`${number(left)} more. They show here once you have answered these.`)]
      : []),
  ];
}

function listOf(
  title: string,
  { runs, total }: RunsInShort,
  { zone, whenEmpty }: { readonly zone: string; readonly whenEmpty: string | null },
): KnownBlock[] {
  if (total === 0 && whenEmpty === null) return [];
  const rows = runs.slice(0, MOST_ROWS).map((run) => runRow(run, zone));
  const left = total - rows.length;
  return [
    { type: 'divider' },
    section(`*${title}*`),
    ...(rows.length === 0 ? [context(whenEmpty ?? '')] : rows),
    ...(left > 0 ? [context(`${number(left)} more in the Batch Queue List.`)] : []),
  ];
}

function runRow(run: RunInShort, zone: string): KnownBlock {
  const { runId, undoes, catalog, year, calendars, calendar } = run;
  const place = calendars === 1 ? safeName(calendar) : count(calendars, 'calendar');
  const by = run.isOwn ? '' : ` · asked for by ${safeName(run.requestedBy)}`;
  const text =
    `*#${runId}* ${safeName(catalog)}, ${safeName(year)} · ${place}\n` +
    `${stateInWords(run)}${undoes === null ? '' : ` · Undo of #${undoes}`} · ${localDate(run.finishedAt ?? run.scheduledFor, zone)}${by}`;
  return {
    type: 'section',
    text: { type: 'mrkdwn', text },
    accessory: { type: 'button', action_id: showRun(runId), text: plainText('Show') },
  };
}

function stateInWords(run: RunInShort): string {
  if (run.state === 'planning') return 'Working out the plan';
  if (run.state === 'planned') return 'Its plan waits for your word';
  return statusOf({ ...run, status: run.state === 'running' ? 'processing' : run.state });
}

function subscriptionBlocks(subscriptions: readonly Subscription[]): KnownBlock[] {
  if (subscriptions.length === 0) return [];
  const shown = subscriptions.slice(0, MOST_ROWS).map(subscriptionParts);
  const left = subscriptions.length - shown.length;
  return [
    { type: 'divider' },
    bullets('You subscribed to every push on', [
      ...shown,
      ...(left > 0 ? [[`${number(left)} more; “${BUTTON_WORDS.subscriptions}” lists them.`]] : []),
    ]),
  ];
}

function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

function context(text: string): KnownBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text }] };
}
