import { type ModalView } from '@slack/types';

import { PushRefused } from '../../domain/errors.ts';
import { type Person } from '../../domain/ports.ts';
import { isFinished } from '../../domain/push-run.ts';
import { type InteractiveClient, type SlackContext } from '../context.ts';
import { sentenceView } from '../form/view.ts';
import { admit } from '../listeners/entry.ts';
import { type Loaded, openModal, type Opening } from '../listeners/open-form.ts';
import { firstFilter, type QueueFilter, windowOf, writeFilter } from './filter.ts';
import { queueView } from './list-view.ts';
import { confirmModal, runModal } from './run-view.ts';
import { undoModal } from './undo-view.ts';
import { permalinkOf } from './thread-link.ts';

/** Opens the Batch Queue List. @param mine only the person's own, although they may see all */
export function openQueue(context: SlackContext, opening: Opening, mine: boolean): Promise<void> {
  return openModal(context, opening, async () => {
    const entry = await admit(context, opening.client, opening.who);
    if (entry.kind === 'refused') return entry;
    const filter = firstFilter(context.now(), entry.zone, mine);
    return { kind: 'view', view: await loadQueue(context, entry.person, { filter }) };
  });
}

/** Opens one run, or the question whether to cancel it. */
export function openRun(
  context: SlackContext,
  opening: Opening,
  asked: { readonly kind: 'show' | 'cancel'; readonly runId: number },
): Promise<void> {
  return openModal(context, opening, async () => {
    const entry = await admit(context, opening.client, opening.who);
    if (entry.kind === 'refused') return entry;
    return loadRun(context, opening.client, { ...entry, ...asked, filter: null });
  });
}

/** Opens the question whether to take a push back. */
export function openUndo(
  context: SlackContext,
  opening: Opening,
  asked: Pick<RunWish, 'runId' | 'filter'>,
): Promise<void> {
  return openModal(context, opening, async () => {
    const entry = await admit(context, opening.client, opening.who);
    if (entry.kind === 'refused') return entry;
    const { person, zone } = entry;
    return { kind: 'view', view: await loadUndo(context, { person, zone, ...asked }) };
  });
}

/** The question whether to take a push back, or why the person cannot. */
export async function loadUndo(
  context: SlackContext,
  { person, runId, zone, filter }: Omit<RunWish, 'kind' | 'said'>,
): Promise<ModalView> {
  try {
    const [run, outlook] = await Promise.all([
      context.services.run(runId),
      context.queue.undoOutlook({ person, runId }),
    ]);
    if (run === undefined) return sentenceView(`There is no push #${runId}.`);
    const below = filter === null ? null : writeFilter(filter);
    return undoModal(run, outlook, { zone, filter: below });
  } catch (error) {
    if (error instanceof PushRefused) return sentenceView(error.message);
    throw error;
  }
}

/** The list as it stands now. @param said what became of the last act */
export async function loadQueue(
  context: SlackContext,
  person: Person,
  shown: { readonly filter: QueueFilter; readonly said?: string },
): Promise<ReturnType<typeof queueView>> {
  const { filter } = shown;
  const [page, workers] = await Promise.all([
    context.queue.list({ ...filter, ...windowOf(filter), person }),
    context.services.workers(),
  ]);
  return queueView({ ...shown, page, workers, now: context.now() });
}

export interface RunWish {
  readonly kind: 'show' | 'cancel';
  readonly runId: number;
  readonly person: Person;
  readonly zone: string;
  /** The list below, when there is one. */
  readonly filter: QueueFilter | null;
  readonly said?: string;
}

/** The modal about one run. A run that the person may not see is one that does not exist. */
export async function loadRun(
  context: SlackContext,
  client: InteractiveClient,
  wish: RunWish,
): Promise<Extract<Loaded, { kind: 'view' }>> {
  const { person, runId, zone } = wish;
  const [run, look] = await Promise.all([
    context.services.run(runId),
    context.queue.look({ person, runId }),
  ]);
  if (run === undefined || look === undefined)
    return { kind: 'view', view: sentenceView(`There is no push #${runId} in your queue.`) };
  const filter = wish.filter === null ? null : writeFilter(wish.filter);
  if (wish.kind === 'cancel' && look.acts.has('cancel'))
    return { kind: 'view', view: confirmModal('cancel', run, { zone, filter }) };
  const said =
    wish.kind !== 'cancel'
      ? wish.said
      : isFinished(run.state)
        ? 'This push has ended, so there is nothing to cancel.'
        : 'Only who asked for this push, or who administers the queue, may cancel it.';
  return {
    kind: 'view',
    view: runModal({
      run,
      look,
      filter,
      around: {
        now: context.now(),
        zone,
        planBlock: false,
        workers: await context.services.workers(),
      },
      permalink: await permalinkOf(context, client, run),
      ...(said === undefined ? {} : { said }),
    }),
  };
}
