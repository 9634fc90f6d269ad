import { type ModalView } from '@slack/types';
import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';

import { type Person } from '../../domain/ports.ts';
import { type InteractiveClient, newReference, type SlackContext, type Who } from '../context.ts';
import { type FormMetadata, NO_CHOICES } from '../form/choices.ts';
import { loadForm } from '../form/model.ts';
import { formView, loadingView, messageView, sentenceView } from '../form/view.ts';
import { faultSentence, tooSlowAnswer } from '../messages/answers.ts';
import { type Message } from '../messages/rich-text.ts';
import { within } from '../patience.ts';
import { admit } from './entry.ts';

/** A trigger lives 3 s and Slack's own delivery counts, so data may take this long, then a skeleton opens (F4). */
const PATIENCE_MS = 700;
const LOST_TRIGGERS = new Set(['expired_trigger_id', 'exchanged_trigger_id', 'invalid_trigger_id']);

export interface Opening {
  readonly who: Who;
  readonly triggerId: string;
  /** The conversation it was asked in, where there is one. */
  readonly channelId: string | null;
  /** Words that may name a catalog. */
  readonly words: string;
  readonly client: InteractiveClient;
  /** Answers in the conversation; without one, a modal says it. */
  readonly tell?: (answer: Message) => Promise<void>;
  /** On top of the modal that it was asked in. */
  readonly onTop?: true;
}

/** A modal that is ready, or what to tell the person instead. */
export type Loaded =
  | { readonly kind: 'view'; readonly view: ModalView }
  | { readonly kind: 'refused'; readonly answer: Message };

/** Opens the form within Slack's 3 s. */
export function openForm(context: SlackContext, opening: Opening): Promise<void> {
  return openModal(context, opening, () => load(context, opening));
}

/** Opens a modal within Slack's 3 s: at once when the data is quick, else as a skeleton that is filled in. */
export async function openModal(
  context: SlackContext,
  opening: Opening,
  loader: () => Promise<Loaded>,
): Promise<void> {
  const loading = orFault(context, loader);
  const first = await within(PATIENCE_MS, loading);
  if (first?.kind === 'refused' && opening.tell !== undefined) {
    await opening.tell(first.answer);
    return;
  }
  const opened = await open(context, opening, first === undefined ? loadingView() : viewOf(first));
  if (first !== undefined || opened === undefined) return;
  await opening.client.views.update({
    view_id: opened.id,
    hash: opened.hash,
    view: viewOf(await loading),
  });
}

/** Never rejects: a fault becomes an answer with a reference. */
async function orFault(context: SlackContext, loader: () => Promise<Loaded>): Promise<Loaded> {
  try {
    return await loader();
  } catch (error) {
    const reference = newReference();
    context.logger.error({ err: error, reference }, 'loading a modal');
    return { kind: 'view', view: sentenceView(faultSentence(reference)) };
  }
}

async function load(context: SlackContext, opening: Opening): Promise<Loaded> {
  const entry = await admit(context, opening.client, opening.who);
  if (entry.kind === 'refused') return entry;
  const metadata = { channelId: opening.channelId, zone: entry.zone };
  return {
    kind: 'view',
    view: await loadFormView(context, { person: entry.person, metadata, words: opening.words }),
  };
}

/** The form as it opens. @param wish words that may name a catalog; the metadata may name a course master */
export async function loadFormView(
  context: SlackContext,
  wish: { readonly person: Person; readonly metadata: FormMetadata; readonly words?: string },
): Promise<ModalView> {
  const { person, metadata, words } = wish;
  const frame = { person, metadata, now: context.now() };
  return formView(await loadForm(context.services, { ...frame, choices: NO_CHOICES }, words));
}

function viewOf(loaded: Loaded): ModalView {
  return loaded.kind === 'view' ? loaded.view : messageView(loaded.answer);
}

async function open(
  context: SlackContext,
  opening: Opening,
  view: ModalView,
): Promise<{ id: string; hash: string } | undefined> {
  try {
    const { views } = opening.client;
    const trigger = { trigger_id: opening.triggerId, view };
    const answer = await (opening.onTop === true ? views.push(trigger) : views.open(trigger));
    return { id: answer.view?.id ?? '', hash: answer.view?.hash ?? '' };
  } catch (error) {
    const lost =
      error instanceof WebAPIRateLimitedError ||
      (error instanceof WebAPIPlatformError && LOST_TRIGGERS.has(error.data.error));
    if (!lost || opening.tell === undefined) throw error;
    context.logger.warn({ err: error }, 'the form could not open in time');
    await opening.tell(tooSlowAnswer());
    return undefined;
  }
}
