import { type App, type BlockAction, type ViewOutput, type ViewSubmitAction } from '@slack/bolt';
import { type ModalView } from '@slack/types';
import { WebAPIPlatformError } from '@slack/web-api';

import { PushRefused } from '../../domain/errors.ts';
import { type FieldErrors } from '../../domain/ports.ts';
import { type InteractiveClient, newReference, type SlackContext, whoOf } from '../context.ts';
import { FIELD, readChoices, readMetadata } from '../form/choices.ts';
import { loadForm } from '../form/model.ts';
import { atBlocks, faultsOf, submitPush } from '../form/submit.ts';
import { FORM, formView, messageView, savingView, sentenceView, withAlert } from '../form/view.ts';
import { faultSentence } from '../messages/answers.ts';
import { within } from '../patience.ts';
import { showView } from '../show-view.ts';
import { admit } from './entry.ts';
import { createViewTurns } from './view-turns.ts';

/** Slack waits 3 s for the answer to a submitted form. */
const PATIENCE_MS = 2000;
/** Fields that change what other fields show. */
export const DISPATCHING_FIELDS = [
  FIELD.year,
  FIELD.catalog,
  FIELD.scope,
  FIELD.mode,
  FIELD.when,
] as const;

/** Changes of a field that others depend on, and the submitted form. */
export function registerForm(app: App, context: SlackContext): void {
  const inTurn = createViewTurns();
  for (const field of DISPATCHING_FIELDS) {
    app.action<BlockAction>(
      { type: 'block_actions', action_id: field },
      async ({ ack, body, client }) => {
        await ack();
        const { view } = body;
        if (view === undefined) return;
        const at = body.actions.at(-1)?.action_ts ?? '0';
        await inTurn({ viewId: view.id, at, hash: view.hash }, (hash) =>
          refreshForm(context, client, { body, view, hash }),
        );
      },
    );
  }
  app.view<ViewSubmitAction>(
    { callback_id: FORM, type: 'view_submission' },
    async ({ ack, body, client }) => {
      const work = submitForm(context, client, body);
      const first = await within(PATIENCE_MS, work);
      if (first !== undefined) {
        await answerInTime(ack, first);
        return;
      }
      await ack({ response_action: 'update', view: savingView() });
      await showView(client, { id: body.view.id }, lateView(await work));
    },
  );
}

/** Shows what follows from the choices made. @returns the hash of the view that is shown then */
async function refreshForm(
  context: SlackContext,
  client: InteractiveClient,
  change: { readonly body: BlockAction; readonly view: ViewOutput; readonly hash: string },
): Promise<string> {
  const { body, view, hash } = change;
  const entry = await admit(context, client, whoOf(body));
  const next =
    entry.kind === 'refused'
      ? messageView(entry.answer)
      : formView(
          await loadForm(context.services, {
            person: entry.person,
            metadata: readMetadata(view.private_metadata),
            now: context.now(),
            choices: readChoices(view.state.values),
          }),
        );
  try {
    const answer = await client.views.update({ view_id: view.id, hash, view: next });
    return answer.view?.hash ?? hash;
  } catch (error) {
    // Another process of the bot has shown a newer change (F13).
    if (error instanceof WebAPIPlatformError && error.data.error === 'hash_conflict') return hash;
    throw error;
  }
}

type Submitted =
  | { readonly kind: 'accepted'; readonly runId: number }
  | { readonly kind: 'errors'; readonly errors: Record<string, string> }
  | { readonly kind: 'view'; readonly view: ModalView; readonly sentence: string };

/** Never rejects: whatever goes wrong becomes an answer, since Slack must get one. */
async function submitForm(
  context: SlackContext,
  client: InteractiveClient,
  body: ViewSubmitAction,
): Promise<Submitted> {
  try {
    return await trySubmit(context, client, body);
  } catch (error) {
    if (error instanceof PushRefused) {
      context.logger.info({ code: error.code, userId: body.user.id }, 'push refused');
      return error.field === undefined
        ? alertOn(body, error.message)
        : refusal(body, { [error.field]: error.message });
    }
    const reference = newReference();
    context.logger.error({ err: error, reference, userId: body.user.id }, 'submitting a push');
    return alertOn(body, faultSentence(reference));
  }
}

async function trySubmit(
  context: SlackContext,
  client: InteractiveClient,
  body: ViewSubmitAction,
): Promise<Submitted> {
  const entry = await admit(context, client, whoOf(body));
  if (entry.kind === 'refused') {
    return { kind: 'view', view: messageView(entry.answer), sentence: entry.answer.text };
  }
  const submission = {
    person: entry.person,
    choices: readChoices(body.view.state.values),
    metadata: readMetadata(body.view.private_metadata),
    viewId: body.view.id,
    now: context.now(),
  };
  const faults = faultsOf(submission);
  if (Object.keys(faults).length > 0) return refusal(body, faults);
  const { runId, created } = await submitPush(context.services, submission);
  context.logger.info({ runId, created, userId: body.user.id }, 'push submitted');
  return { kind: 'accepted', runId };
}

function refusal(body: ViewSubmitAction, faults: FieldErrors): Submitted {
  const errors = atBlocks(faults, body.view);
  return errors === undefined
    ? alertOn(body, Object.values(faults).join(' '))
    : { kind: 'errors', errors };
}

function alertOn(body: ViewSubmitAction, sentence: string): Submitted {
  return { kind: 'view', view: withAlert(body.view, sentence), sentence };
}

type Ack = (
  answer?:
    | { response_action: 'errors'; errors: Record<string, string> }
    | { response_action: 'update'; view: ModalView },
) => Promise<void>;

async function answerInTime(ack: Ack, submitted: Submitted): Promise<void> {
  switch (submitted.kind) {
    case 'accepted':
      await ack();
      return;
    case 'errors':
      await ack({ response_action: 'errors', errors: submitted.errors });
      return;
    case 'view':
      await ack({ response_action: 'update', view: submitted.view });
  }
}

/** What the "Saving…" modal becomes: the fields are gone by then. */
function lateView(submitted: Submitted): ModalView {
  if (submitted.kind === 'accepted') {
    return sentenceView(
      `Push ${submitted.runId} is submitted. Its progress is posted in the conversation you chose.`,
    );
  }
  const why =
    submitted.kind === 'errors' ? Object.values(submitted.errors).join(' ') : submitted.sentence;
  return sentenceView(`Nothing was submitted. ${why} Open the form again to correct it.`);
}
