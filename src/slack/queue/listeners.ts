import { type App, type BlockAction, type ViewSubmitAction } from '@slack/bolt';
import { type ModalView } from '@slack/types';
import { z } from 'zod';

import { PushRefused } from '../../domain/errors.ts';
import { type Person } from '../../domain/ports.ts';
import {
  fromOf,
  type InteractiveClient,
  newReference,
  type SlackContext,
  whoOf,
} from '../context.ts';
import { messageView, sentenceView, withAlert } from '../form/view.ts';
import { admit } from '../listeners/entry.ts';
import { faultSentence } from '../messages/answers.ts';
import { type Shown, showView } from '../show-view.ts';
import { type Act, doAct } from './acts.ts';
import {
  choiceAction,
  CHOICES,
  isQuestion,
  type Question,
  readChoice,
  ROW_MENUS,
} from './choice.ts';
import { changedBy, CONTROL, type QueueFilter, readFilter, writeFilter } from './filter.ts';
import { QUEUE } from './list-view.ts';
import { loadQueue, loadRun, openUndo } from './open.ts';
import { CONFIRM, confirmModal, readTarget, TIME_FIELD } from './run-view.ts';
import { UNDO_REASON } from './undo-view.ts';

/** The controls of the list, the menus of its rows, the buttons of one run, and the questions asked. */
export function registerQueue(app: App, context: SlackContext): void {
  const listen = (
    actionId: string | RegExp,
    react: (client: InteractiveClient, body: BlockAction) => Promise<void>,
  ): void => {
    app.action<BlockAction>(
      { type: 'block_actions', action_id: actionId },
      async ({ ack, body, client }) => {
        await ack();
        await react(client, body);
      },
    );
  };
  for (const control of Object.values(CONTROL))
    listen(control, (client, body) => changeList(context, client, body));
  for (const id of [ROW_MENUS, ...CHOICES.map(choiceAction)])
    listen(id, (client, body) => choose(context, client, body));
  app.view<ViewSubmitAction>(
    { type: 'view_submission', callback_id: CONFIRM },
    async ({ ack, body, client }) => {
      const answer = await confirmed(context, client, body);
      await (answer.kind === 'close' ? ack() : ack(answer.response));
      if (answer.kind === 'close') await showBelow(context, client, answer.below);
    },
  );
}

async function changeList(
  context: SlackContext,
  client: InteractiveClient,
  body: BlockAction,
): Promise<void> {
  const { view } = body;
  if (view === undefined) return;
  const entry = await admit(context, client, whoOf(body));
  const next =
    entry.kind === 'refused'
      ? messageView(entry.answer)
      : await loadQueue(context, entry.person, {
          filter: changedBy(readFilter(view.private_metadata), body.actions[0]),
        });
  await showView(client, view, next);
}

/** A row's menu, or a button of the details. Some choices open a question, others are done at once. */
async function choose(
  context: SlackContext,
  client: InteractiveClient,
  body: BlockAction,
): Promise<void> {
  const { view, trigger_id: triggerId } = body;
  if (view === undefined) return;
  const { choice, runId } = readChoice(body.actions[0]);
  const entry = await admit(context, client, whoOf(body));
  if (entry.kind === 'refused') {
    await showView(client, view, messageView(entry.answer));
    return;
  }
  const { person, zone } = entry;
  const filter = filterOf(view.private_metadata);
  if (choice === 'undo') {
    const opening = { who: whoOf(body), triggerId, channelId: null, words: '', client };
    await openUndo(context, { ...opening, onTop: true }, { runId, filter });
    return;
  }
  if (choice === 'show' || isQuestion(choice)) {
    const next =
      choice === 'show'
        ? (await loadRun(context, client, { kind: 'show', runId, person, zone, filter })).view
        : await question(context, { choice, runId, zone, filter });
    await client.views.push({ trigger_id: triggerId, view: next });
    return;
  }
  const said = await doAct(context, client, {
    ...{ choice, runId, person, zone, at: null, reason: null, userId: body.user.id },
    from: fromOf(body),
    key: triggerId,
  }).catch(refusal);
  const below: Below = { person, zone, runId, filter, said };
  await (view.callback_id === QUEUE
    ? updateList(context, client, { ...below, view })
    : updateRun(context, client, { ...below, view }));
}

async function question(
  context: SlackContext,
  asked: Pick<Below, 'runId' | 'zone' | 'filter'> & { readonly choice: Question },
): Promise<ModalView> {
  const { choice, runId, zone } = asked;
  const run = await context.services.run(runId);
  if (run === undefined) return sentenceView(`There is no push #${runId}.`);
  const filter = asked.filter === null ? null : writeFilter(asked.filter);
  return confirmModal(choice, run, { zone, filter });
}

/** What the modals below a question show once it was answered. */
interface Below {
  readonly person: Person;
  readonly zone: string;
  readonly runId: number;
  /** Of the list at the bottom; null when there is none. */
  readonly filter: QueueFilter | null;
  readonly said: string;
}

type Confirmed =
  | {
      readonly kind: 'close';
      readonly below: Below & { readonly rootId: string; readonly previousId: string };
    }
  | {
      readonly kind: 'answer';
      readonly response:
        | { response_action: 'update'; view: ModalView }
        | { response_action: 'errors'; errors: Record<string, string> };
    };

/** Never rejects: whatever goes wrong becomes an answer, since Slack must get one. */
async function confirmed(
  context: SlackContext,
  client: InteractiveClient,
  body: ViewSubmitAction,
): Promise<Confirmed> {
  try {
    return await tryConfirmed(context, client, body);
  } catch (error) {
    const block = error instanceof PushRefused ? FIELDS[error.field ?? ''] : undefined;
    if (error instanceof PushRefused && block !== undefined) {
      const errors = { [block]: error.message };
      return { kind: 'answer', response: { response_action: 'errors', errors } };
    }
    if (error instanceof PushRefused) return updatedTo(withAlert(body.view, error.message));
    const reference = newReference();
    context.logger.error({ err: error, reference }, 'changing a push of the queue');
    return updatedTo(withAlert(body.view, faultSentence(reference)));
  }
}

async function tryConfirmed(
  context: SlackContext,
  client: InteractiveClient,
  body: ViewSubmitAction,
): Promise<Confirmed> {
  const { view } = body;
  const entry = await admit(context, client, whoOf(body));
  if (entry.kind === 'refused') return updatedTo(messageView(entry.answer));
  const { person, zone } = entry;
  const target = readTarget(view.private_metadata);
  const { question: choice, runId } = target;
  const said = await doAct(context, client, {
    ...{ choice, runId, person, zone, userId: body.user.id, key: view.id },
    from: fromOf(body),
    ...answersIn(view.state.values),
  });
  const { previous_view_id: previousId, root_view_id: rootId } = view;
  if (previousId === null || rootId === null) return updatedTo(sentenceView(said));
  const filter = target.filter === null ? null : readFilter(target.filter);
  return { kind: 'close', below: { person, zone, runId, filter, said, rootId, previousId } };
}

function updatedTo(view: ModalView): Confirmed {
  return { kind: 'answer', response: { response_action: 'update', view } };
}

/** Brings the modals under a closed question up to date. */
async function showBelow(
  context: SlackContext,
  client: InteractiveClient,
  below: Below & { readonly rootId: string; readonly previousId: string },
): Promise<void> {
  const { rootId, previousId, filter } = below;
  if (filter === null || previousId !== rootId)
    await updateRun(context, client, { ...below, view: { id: previousId } });
  if (filter !== null) await updateList(context, client, { ...below, view: { id: rootId } });
}

async function updateList(
  context: SlackContext,
  client: InteractiveClient,
  { view, person, filter, said }: Below & { readonly view: Shown },
): Promise<void> {
  if (filter === null) return;
  await showView(client, view, await loadQueue(context, person, { filter, said }));
}

async function updateRun(
  context: SlackContext,
  client: InteractiveClient,
  { view, ...wish }: Below & { readonly view: Shown },
): Promise<void> {
  const { view: next } = await loadRun(context, client, { ...wish, kind: 'show' });
  await showView(client, view, next);
}

function refusal(error: unknown): string {
  if (error instanceof PushRefused) return error.message;
  throw error;
}

/** The filter that the list, and what stands above it, carry along. */
function filterOf(metadata: string): QueueFilter | null {
  return metadata === '' ? null : readFilter(metadata);
}

/** The field of a question that a refusal is about. */
const FIELDS: Readonly<Partial<Record<string, string>>> = {
  at: TIME_FIELD.block,
  reason: UNDO_REASON.block,
};

const answers = z.record(
  z.string(),
  z.record(
    z.string(),
    z.looseObject({
      selected_date_time: z.number().int().nullish(),
      value: z.string().nullish(),
    }),
  ),
);

function answersIn(values: unknown): Pick<Act, 'at' | 'reason'> {
  const given = answers.parse(values);
  const seconds = given[TIME_FIELD.block]?.[TIME_FIELD.action]?.selected_date_time;
  return {
    at: seconds === null || seconds === undefined ? null : new Date(seconds * 1000),
    reason: given[UNDO_REASON.block]?.[UNDO_REASON.action]?.value ?? null,
  };
}
