import { type App, type BlockAction } from '@slack/bolt';
import { type ModalView } from '@slack/types';

import { missingForApproval } from '../../domain/approval.ts';
import {
  FROM_MODAL,
  fromOf,
  type InteractiveClient,
  type SlackContext,
  whoOf,
} from '../context.ts';
import { sentenceView } from '../form/view.ts';
import { LIMITS } from '../limits.ts';
import { plain } from '../messages/answers.ts';
import { differenceLines } from '../messages/difference-words.ts';
import { approverWarning } from '../messages/plan-words.ts';
import { stoppingSentence } from '../messages/verdict.ts';
import { escapeMrkdwn } from '../wording.ts';
import { showView } from '../show-view.ts';
import {
  actionIds,
  type PlanAction,
  type PlanTarget,
  readTargetValue,
  seenHash,
} from './buttons.ts';
import { changeView } from './change-view.ts';
import { decideView, type DecisionKind } from './decide-views.ts';
import { registerAnswers } from './forms.ts';
import { PAGE, planView, readPlanMetadata } from './plan-view.ts';
import { sendPlanFile } from './send-plan-file.ts';
import { admitVisitor, sentenceOf, type Visitor } from './visitor.ts';

/** What using a button leads to: a modal, a sentence only the person sees, or nothing but its effect. */
type Shown =
  | { readonly kind: 'view'; readonly view: ModalView }
  | { readonly kind: 'sentence'; readonly sentence: string }
  | { readonly kind: 'done' };

/** The buttons under plans and requests for approval, and the modals they open. */
export function registerApproval(app: App, context: SlackContext): void {
  for (const action of ACTIONS) {
    app.action<BlockAction>(
      { type: 'block_actions', action_id: actionIds(action) },
      async ({ ack, body, client, respond }) => {
        await ack();
        const shown = await use(context, client, { body, action });
        if (shown.kind === 'view') await show(client, body, shown.view);
        else if (shown.kind === 'sentence' && body.view !== undefined)
          await show(client, body, sentenceView(shown.sentence));
        else if (shown.kind === 'sentence')
          await respond({
            ...plain(escapeMrkdwn(shown.sentence)),
            response_type: 'ephemeral',
            replace_original: false,
          });
      },
    );
  }
  for (const action of Object.values(PAGE)) {
    app.action<BlockAction>(
      { type: 'block_actions', action_id: action },
      async ({ ack, body, client }) => {
        await ack();
        await turnPage(context, client, { body, by: action === PAGE.on ? 1 : -1 });
      },
    );
  }
  registerAnswers(app, context);
}

const ACTIONS = [
  'push',
  'pushNow',
  'ask',
  'show',
  'change',
  'withdraw',
  'cancel',
  'file',
  'approve',
  'reject',
] as const satisfies readonly PlanAction[];

/** From a message or the Home tab a modal opens; from a modal it lies on top. */
async function show(client: InteractiveClient, body: BlockAction, view: ModalView): Promise<void> {
  const { trigger_id } = body;
  await (body.view?.type !== 'modal'
    ? client.views.open({ trigger_id, view })
    : client.views.push({ trigger_id, view }));
}

/** Never rejects for what a person can act on or a fault of ours: that becomes a sentence. */
async function use(
  context: SlackContext,
  client: InteractiveClient,
  { body, action }: { body: BlockAction; action: PlanAction },
): Promise<Shown> {
  let zone = context.zone;
  try {
    const target = readTargetValue(body.actions[0]);
    const visitor = await admitVisitor(context, client, {
      who: whoOf(body),
      runId: target.runId,
      from: fromOf(body),
    });
    ({ zone } = visitor);
    return await USE[action]({ context, client, visitor, target });
  } catch (error) {
    return { kind: 'sentence', sentence: sentenceOf(context, error, zone) };
  }
}

interface Using {
  readonly context: SlackContext;
  readonly client: InteractiveClient;
  readonly visitor: Visitor;
  readonly target: PlanTarget;
}

const DONE: Shown = { kind: 'done' };

const push =
  (now: boolean) =>
  async ({ context, visitor, target }: Using): Promise<Shown> => {
    const { person, run, from } = visitor;
    const planHash = seenHash(run, target);
    await context.services.approvals.confirm({ person, runId: run.id, from, planHash, now });
    return DONE;
  };

const decision =
  (kind: DecisionKind) =>
  async ({ context, visitor: { run, person } }: Using): Promise<Shown> => {
    const calendarIds = run.calendars.map(({ calendarId }) => calendarId);
    const isOpen =
      run.state === 'awaiting_approval' &&
      run.requestedBy.id !== person.id &&
      missingForApproval(person.rights, calendarIds).length === 0 &&
      run.approval?.decisions.every(({ by }) => by.id !== person.id) === true;
    if (!isOpen) return refusedDecision({ context, run, person });
    return { kind: 'view', view: decideView(kind, run, await differenceOf(context, run.id)) };
  };

/** Lets the service say why not, and who can: nothing is decided by an empty rejection. */
async function refusedDecision({
  context,
  run,
  person,
}: Pick<Visitor, 'run' | 'person'> & { context: SlackContext }): Promise<Shown> {
  await context.services.approvals.decide({
    ...{ person, runId: run.id, from: 'slack', planHash: run.plan?.hash ?? '' },
    ...{ decision: 'reject', reason: null, typedCatalog: null },
  });
  return DONE;
}

const showPlan = async ({ context, visitor }: Using): Promise<Shown> => ({
  kind: 'view',
  view: await loadPlan(context, visitor, 0),
});

const USE: Readonly<Record<PlanAction, (using: Using) => Promise<Shown>>> = {
  push: push(false),
  pushNow: push(true),
  ask: showPlan,
  show: showPlan,
  change: async ({ context, visitor: { run, person } }) => {
    const { approvals } = context.services;
    if (run.requestedBy.id !== person.id)
      return {
        kind: 'sentence',
        sentence: `Only ${run.requestedBy.name}, who asked for push #${run.id}, can change it.`,
      };
    const change = await approvals.planChange(run.id);
    if (
      change === undefined ||
      run.kind === 'undo' ||
      !['planned', 'awaiting_approval'].includes(run.state)
    )
      return { kind: 'sentence', sentence: `Push #${run.id} can no longer be planned again.` };
    const ids = change.leftOutCourses;
    const [calendars, { courses }] = await Promise.all([
      approvals.calendars({ person, runId: run.id }),
      approvals.courses({ runId: run.id, typed: '', ids, limit: LIMITS.options }),
    ]);
    const view = changeView({ run, person, change, calendars, leftOut: courses });
    return { kind: 'view', view };
  },
  withdraw: async ({ context, visitor: { run, person, from } }) => {
    const ended = await context.services.approvals.withdraw({ person, runId: run.id, from });
    return from === FROM_MODAL ? { kind: 'sentence', sentence: stopSentence(run.id, ended) } : DONE;
  },
  cancel: async ({ context, visitor: { run, person, from } }) => {
    const ended =
      run.requestedBy.id === person.id
        ? await context.services.approvals.withdraw({ person, runId: run.id, from })
        : await context.queue.cancel({ person, runId: run.id, from });
    return { kind: 'sentence', sentence: stopSentence(run.id, ended) };
  },
  file: async ({ context, client, visitor: { run, person } }) => ({
    kind: 'sentence',
    sentence: await sendPlanFile(context.services, client, { run, userId: person.slackUserId }),
  }),
  approve: decision('approve'),
  reject: decision('reject'),
};

function stopSentence(runId: number, ended: 'canceled' | 'stopping'): string {
  return ended === 'canceled' ? `Push #${runId} is canceled.` : stoppingSentence(runId);
}

/** "The plan" as it stands now. */
export async function loadPlan(
  context: SlackContext,
  { run, person, zone }: Pick<Visitor, 'run' | 'person' | 'zone'>,
  page: number,
): Promise<ModalView> {
  const difference = await differenceOf(context, run.id);
  const isRequester = run.requestedBy.id === person.id;
  const outlook =
    run.state === 'planned' ? await context.services.approvals.outlook(run.id) : undefined;
  const said = approverWarning(outlook);
  return planView({
    ...{ run, page, isRequester, difference, zone, now: context.now() },
    ...(said === undefined ? {} : { said }),
  });
}

async function differenceOf(context: SlackContext, runId: number): Promise<string[]> {
  const difference = await context.services.approvals.difference(runId);
  return difference === undefined ? [] : differenceLines(difference);
}

async function turnPage(
  context: SlackContext,
  client: InteractiveClient,
  { body, by }: { body: BlockAction; by: number },
): Promise<void> {
  const { view } = body;
  if (view === undefined) return;
  const { runId, page } = readPlanMetadata(view.private_metadata);
  const visit = { who: whoOf(body), runId, from: fromOf(body) };
  const next = await admitVisitor(context, client, visit)
    .then((visitor) => loadPlan(context, visitor, Math.max(0, page + by)))
    .catch((error: unknown) => sentenceView(sentenceOf(context, error, context.zone)));
  await showView(client, view, next);
}
