import { type App, type BlockAction, type ViewSubmitAction } from '@slack/bolt';
import { type ModalView } from '@slack/types';
import { z } from 'zod';

import { PushRefused } from '../../domain/errors.ts';
import { type Person } from '../../domain/ports.ts';
import { SUBJECT_KINDS, type SubjectKind } from '../../domain/subscriptions.ts';
import {
  fromOf,
  type InteractiveClient,
  newReference,
  type SlackContext,
  whoOf,
} from '../context.ts';
import { namedChoices } from '../form/fields.ts';
import { messageView, withAlert } from '../form/view.ts';
import { LIMITS } from '../limits.ts';
import { admit } from '../listeners/entry.ts';
import { openModal, type Opening } from '../listeners/open-form.ts';
import { firstHundred } from '../listeners/first-hundred.ts';
import { faultSentence } from '../messages/answers.ts';
import { showView } from '../show-view.ts';
import { ensureReached } from './membership.ts';
import {
  FIELD,
  REMOVE,
  SUBJECT_FIELDS,
  subjectField,
  subscribedSentence,
  SUBSCRIPTIONS,
  subscriptionsView,
} from './view.ts';
import { answerNotify, parseNotify } from './words.ts';

/** Opens the modal. @param words "school Harrison" chooses what is subscribed to */
export function openSubscriptions(
  context: SlackContext,
  opening: Opening,
  words: string,
): Promise<void> {
  return openModal(context, opening, async () => {
    const entry = await admit(context, opening.client, opening.who);
    if (entry.kind === 'refused') return entry;
    const { person } = entry;
    const ask = parseNotify(words);
    if (ask !== undefined) {
      const channelId = tellable(opening.channelId, person);
      const from = `slack:${opening.channelId ?? 'modal'}`;
      const asking = { person, channelId, client: opening.client, from };
      return { kind: 'refused', answer: await answerNotify(context, ask, asking) };
    }
    const [first = '', ...rest] = words.split(' ');
    const kind = kindOf(first.toLowerCase());
    const search = rest.join(' ');
    const named =
      search === '' ? [] : await context.subscriptions.subjects({ person, kind, search, limit: 2 });
    const [chosen, another] = named;
    const view = await shownView(context, person, {
      kind,
      channelId: opening.channelId,
      ...(chosen === undefined || another !== undefined ? {} : { chosen }),
    });
    return { kind: 'view', view };
  });
}

/** The conversation of a command; a direct one between two people is closed to us, so the person is told. */
function tellable(channelId: string | null, { slackUserId }: Person): string {
  return channelId !== null && /^[CG]/.test(channelId) ? channelId : slackUserId;
}

/** The fields and buttons of the modal. */
export function registerSubscriptions(app: App, context: SlackContext): void {
  for (const field of SUBJECT_FIELDS) {
    app.options<'block_suggestion'>(
      { type: 'block_suggestion', action_id: field },
      async ({ ack, options, client }) => {
        const who = { teamId: options.team?.id ?? '', userId: options.user.id };
        const entry = await admit(context, client, who);
        const found =
          entry.kind === 'refused'
            ? []
            : await context.subscriptions.subjects({
                person: entry.person,
                kind: kindOf(field.split('~')[1] ?? ''),
                search: options.value,
                limit: LIMITS.options + 1,
              });
        await ack(firstHundred(namedChoices(found.slice(0, LIMITS.options)), found.length));
      },
    );
  }
  for (const actionId of [FIELD.kind, REMOVE]) {
    app.action<BlockAction>(
      { type: 'block_actions', action_id: actionId },
      async ({ ack, body, client }) => {
        await ack();
        await changed(context, client, body);
      },
    );
  }
  app.view<ViewSubmitAction>(
    { type: 'view_submission', callback_id: SUBSCRIPTIONS },
    async ({ ack, body, client }) => {
      await ack({ response_action: 'update', view: await submitted(context, client, body) });
    },
  );
}

async function changed(
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
      : await afterChange(context, entry.person, { body, view });
  await showView(client, view, next);
}

async function afterChange(
  context: SlackContext,
  person: Person,
  { body, view }: { body: BlockAction; view: NonNullable<BlockAction['view']> },
): Promise<ModalView> {
  const { kind } = readFields(view.state.values);
  const { channelId } = metadata.parse(JSON.parse(view.private_metadata));
  const id = REMOVE.exec(body.actions[0]?.action_id ?? '')?.[1];
  if (id === undefined) return shownView(context, person, { kind, channelId });
  const said = await context.subscriptions
    .remove({ person, id: Number(id), from: fromOf(body) })
    .then(() => 'Removed.')
    .catch(refusal);
  return shownView(context, person, { kind, channelId, said });
}

/** Never rejects: whatever goes wrong becomes an answer, since Slack must get one. */
async function submitted(
  context: SlackContext,
  client: InteractiveClient,
  body: ViewSubmitAction,
): Promise<ModalView> {
  try {
    const entry = await admit(context, client, whoOf(body));
    if (entry.kind === 'refused') return messageView(entry.answer);
    const { person } = entry;
    const { kind, subjectId, where } = readFields(body.view.state.values);
    const { channelId } = metadata.parse(JSON.parse(body.view.private_metadata));
    if (subjectId === null || where === null)
      return withAlert(body.view, 'Choose what to hear of, and who is told.');
    const more = await ensureReached(context, client, where);
    const subject = { kind, id: subjectId };
    const { name } = await context.subscriptions.add({
      ...{ person, channelId: where, subject },
      from: `slack:${channelId ?? 'modal'}`,
    });
    const said = `${subscribedSentence(kind, name)}${more}`;
    return await shownView(context, person, { kind, channelId, said });
  } catch (error) {
    if (error instanceof PushRefused) return withAlert(body.view, error.message);
    const reference = newReference();
    context.logger.error({ err: error, reference }, 'subscribing');
    return withAlert(body.view, faultSentence(reference));
  }
}

async function shownView(
  context: SlackContext,
  person: Person,
  shown: Omit<Parameters<typeof subscriptionsView>[0], 'subscriptions'>,
): Promise<ModalView> {
  const { channelId } = shown;
  const subscriptions = await context.subscriptions.list({ person, channelId });
  return subscriptionsView({ ...shown, subscriptions });
}

const metadata = z.object({ channelId: z.string().nullable() });
const fieldValue = z.looseObject({
  selected_option: z.looseObject({ value: z.string() }).nullish(),
  selected_conversation: z.string().nullish(),
});
const fields = z.record(z.string(), z.record(z.string(), fieldValue));

function readFields(values: unknown): {
  kind: SubjectKind;
  subjectId: number | null;
  where: string | null;
} {
  const form = fields.parse(values);
  const valueOf = (field: string): z.infer<typeof fieldValue> => form[field]?.[field] ?? {};
  const kind = kindOf(valueOf(FIELD.kind).selected_option?.value ?? '');
  const subject = valueOf(subjectField(kind)).selected_option?.value ?? '';
  return {
    kind,
    subjectId: /^\d{1,9}$/.test(subject) ? Number(subject) : null,
    where: valueOf(FIELD.where).selected_conversation ?? null,
  };
}

function kindOf(word: string): SubjectKind {
  return SUBJECT_KINDS.find((kind) => kind === word) ?? 'school';
}

function refusal(error: unknown): string {
  if (error instanceof PushRefused) return error.message;
  throw error;
}
