import { type App, type ViewSubmitAction } from '@slack/bolt';
import { type ModalView } from '@slack/types';
import { z } from 'zod';

import { PushRefused } from '../../domain/errors.ts';
import { fromOf, type InteractiveClient, type SlackContext, whoOf } from '../context.ts';
import { LIMITS, truncate } from '../limits.ts';
import { savingView, sentenceView, withAlert } from '../form/view.ts';
import { within } from '../patience.ts';
import { showView } from '../show-view.ts';
import { CHANGE_FIELD } from './change-search.ts';
import { CHANGE, readChange } from './change-view.ts';
import { DECIDE, type DecisionKind, readDecideMetadata, TYPED, WORDS } from './decide-views.ts';
import { PLAN, readPlanMetadata, REASON } from './plan-view.ts';
import { admitVisitor, sentenceOf, type Visitor } from './visitor.ts';

/** Slack waits 3 s for the answer to a submitted form. */
const PATIENCE_MS = 2000;

type Response =
  | { response_action: 'clear' }
  | { response_action: 'update'; view: ModalView }
  | { response_action: 'errors'; errors: Record<string, string> };

/** What a submitted modal does, for the person and the run as they are now. */
type Answer = (answering: {
  readonly context: SlackContext;
  readonly visitor: Visitor;
  readonly body: ViewSubmitAction;
}) => Promise<unknown>;

/** The submitted modals: the requester's word, a change of the plan, and the two decisions. */
export function registerAnswers(app: App, context: SlackContext): void {
  const answers: Readonly<Record<string, Answer>> = {
    [PLAN]: confirmPlan,
    [CHANGE]: changePlan,
    [DECIDE.approve]: decision('approve'),
    [DECIDE.reject]: decision('reject'),
  };
  for (const [callbackId, answer] of Object.entries(answers)) {
    app.view<ViewSubmitAction>(
      { type: 'view_submission', callback_id: callbackId },
      async ({ ack, body, client }) => {
        const work = respondTo(context, client, { body, answer });
        const first = await within(PATIENCE_MS, work);
        await ack(first ?? { response_action: 'update', view: savingView() });
        if (first === undefined) await showView(client, { id: body.view.id }, lateView(await work));
      },
    );
  }
}

/** Never rejects: whatever goes wrong becomes an answer, since Slack must get one. */
async function respondTo(
  context: SlackContext,
  client: InteractiveClient,
  { body, answer }: { body: ViewSubmitAction; answer: Answer },
): Promise<Response> {
  let zone = context.zone;
  try {
    const { runId } = ofRun.parse(JSON.parse(body.view.private_metadata));
    const visit = { who: whoOf(body), runId, from: fromOf(body) };
    const visitor = await admitVisitor(context, client, visit);
    ({ zone } = visitor);
    await answer({ context, visitor, body });
    return { response_action: 'clear' };
  } catch (error) {
    const sentence = sentenceOf(context, error, zone);
    const block = error instanceof PushRefused ? blockOf(body, error) : undefined;
    if (block !== undefined)
      return {
        response_action: 'errors',
        errors: { [block]: truncate(sentence, LIMITS.fieldError) },
      };
    // A refusal longer than an alert, such as who can approve, takes the place of the form.
    return {
      response_action: 'update',
      view:
        sentence.length <= LIMITS.alert ? withAlert(body.view, sentence) : sentenceView(sentence),
    };
  }
}

const ofRun = z.looseObject({ runId: z.number().int() });

const BLOCKS: Readonly<Partial<Record<string, readonly string[]>>> = {
  reason: [WORDS.block, REASON.block],
  catalog: [TYPED.block],
  types: [CHANGE_FIELD.types],
  calendars: [CHANGE_FIELD.calendars, CHANGE_FIELD.calendarsOut],
};

/** The input block of this view that a refusal is about (F16). */
function blockOf(body: ViewSubmitAction, { field }: PushRefused): string | undefined {
  const wanted = BLOCKS[field ?? ''] ?? [];
  return body.view.blocks
    .filter(({ type }) => type === 'input')
    .map(({ block_id: id }) => id)
    .find((id) => wanted.some((name) => id === name || id?.startsWith(`${name}~`)));
}

const texts = z.record(
  z.string(),
  z.record(z.string(), z.looseObject({ value: z.string().nullish() })),
);

function textIn(body: ViewSubmitAction, at: { block: string; action: string }): string | null {
  return texts.parse(body.view.state.values)[at.block]?.[at.action]?.value ?? null;
}

const confirmPlan: Answer = ({ context, visitor: { person, run, from }, body }) => {
  const { hash } = readPlanMetadata(body.view.private_metadata);
  const reason = textIn(body, REASON);
  return context.services.approvals.confirm({
    ...{ person, from, runId: run.id, planHash: hash, now: false },
    ...(reason === null ? {} : { reason }),
  });
};

const changePlan: Answer = async ({ context, visitor: { person, run, from }, body }) => {
  const { approvals } = context.services;
  const [change, calendars] = await Promise.all([
    approvals.planChange(run.id),
    approvals.calendars({ person, runId: run.id }),
  ]);
  if (change === undefined)
    throw new PushRefused('not_found', `There is no push #${run.id} any more.`);
  return approvals.planAgain({
    ...{ person, from, runId: run.id },
    change: readChange({
      ...{ change, calendars },
      privateMetadata: body.view.private_metadata,
      stateValues: body.view.state.values,
    }),
  });
};

const decision =
  (kind: DecisionKind): Answer =>
  ({ context, visitor: { person, run, from }, body }) =>
    context.services.approvals.decide({
      ...{ person, from, runId: run.id, decision: kind },
      planHash: readDecideMetadata(body.view.private_metadata).hash,
      reason: textIn(body, WORDS),
      typedCatalog: textIn(body, TYPED),
    });

/** What the "Saving…" modal becomes: the fields are gone by then. */
function lateView(response: Response): ModalView {
  switch (response.response_action) {
    case 'clear':
      return sentenceView('Done. The messages about this push show it.');
    case 'update':
      return response.view;
    case 'errors':
      return sentenceView(Object.values(response.errors).join(' '));
  }
}
