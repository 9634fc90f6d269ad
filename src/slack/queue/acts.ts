import { PushRefused } from '../../domain/errors.ts';
import { type Person } from '../../domain/ports.ts';
import { type InteractiveClient, type SlackContext } from '../context.ts';
import { stoppingSentence } from '../messages/verdict.ts';
import { count, moment } from '../wording.ts';
import { type Choice } from './choice.ts';
import { sendReport } from './send-report.ts';

export interface Act {
  readonly choice: Exclude<Choice, 'show'>;
  readonly runId: number;
  readonly person: Person;
  /** Whom files go to. */
  readonly userId: string;
  /** IANA zone in which times are said. */
  readonly zone: string;
  /** The new time, when it is rescheduled. */
  readonly at: Date | null;
  /** Why it is undone. */
  readonly reason: string | null;
  /** From where it is done, for the audit log. */
  readonly from: string;
  /** Makes a repeated request one: a double click pushes again once (B08). */
  readonly key: string;
}

/**
 * Does what was chosen for a run.
 * @returns what to tell the person, one sentence
 * @throws PushRefused
 */
export async function doAct(
  context: SlackContext,
  client: InteractiveClient,
  act: Act,
): Promise<string> {
  return DO[act.choice](context, client, act);
}

type Doing = (context: SlackContext, client: InteractiveClient, act: Act) => Promise<string>;

const prioritize =
  (high: boolean): Doing =>
  async ({ queue }, _, { person, runId, from }) => {
    await queue.prioritize({ person, runId, from, high });
    return `Push #${runId} has ${high ? 'high' : 'normal'} priority.`;
  };

const keep =
  (isKept: boolean): Doing =>
  async ({ queue }, _, { person, runId, from, zone }) => {
    const filesGo = await queue.keep({ person, runId, from, keep: isKept });
    if (isKept) return `The files of push #${runId} are kept until you delete it.`;
    return filesGo === null
      ? `The files of push #${runId} are removed when their time is over.`
      : `The files of push #${runId} are removed after ${moment(filesGo, zone)}.`;
  };

const DO: Readonly<Record<Act['choice'], Doing>> = {
  cancel: async ({ queue }, _, { person, runId, from }) =>
    (await queue.cancel({ person, runId, from })) === 'canceled'
      ? `Push #${runId} is canceled.`
      : stoppingSentence(runId),
  reschedule: async ({ queue }, _, { person, runId, from, at, zone }) => {
    if (at === null)
      throw new PushRefused('invalid_options', 'Choose a date and time.', { field: 'at' });
    await queue.reschedule({ person, runId, from, at });
    return `Push #${runId} now starts on ${moment(at, zone)}.`;
  },
  repeat: async ({ queue }, _, { person, runId, from, key }) =>
    `Pushed again as push #${await queue.repeat({ person, runId, from, key })}.`,
  undo: async ({ queue }, _, { person, runId, from, key, reason, userId }) => {
    const undo = { person, runId, from, key, reason: reason ?? '', channelId: userId };
    return `The undo of push #${runId} is push #${await queue.undo(undo)}. Its plan comes in a thread of its own.`;
  },
  delete: async ({ queue }, _, { person, runId, from }) => {
    await queue.remove({ person, runId, from });
    return `Push #${runId} is off the list and its files are removed.`;
  },
  hurry: prioritize(true),
  unhurry: prioritize(false),
  keep: keep(true),
  unkeep: keep(false),
  report,
};

async function report(
  context: SlackContext,
  client: InteractiveClient,
  { runId, person, userId }: Act,
): Promise<string> {
  const [run, look] = await Promise.all([
    context.services.run(runId),
    context.queue.look({ person, runId }),
  ]);
  if (run === undefined || look?.acts.has('report') !== true)
    throw new PushRefused('not_found', `Push #${runId} has no report that you may see.`);
  const files = await sendReport(context.services, client, { run, userId });
  return files === 0
    ? `The files of push #${runId} are no longer kept.`
    : `${count(files, 'file')} of push #${runId} sent to you as a direct message.`;
}
