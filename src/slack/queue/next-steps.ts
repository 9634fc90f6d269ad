import { type App, type BlockAction } from '@slack/bolt';

import { DATA_TYPES } from '../../domain/push-options.ts';
import { fromOf, type InteractiveClient, type SlackContext, whoOf } from '../context.ts';
import { admitVisitor, sentenceOf, type Visitor } from '../approval/visitor.ts';
import { plain } from '../messages/answers.ts';
import { NEXT, type NextStep, readNextValue } from '../messages/next-steps.ts';
import { makeReport } from '../reports/make.ts';
import { escapeMrkdwn } from '../wording.ts';
import { openUndo } from './open.ts';

/** Those that are done at once; an undo has a form. */
const STEPS = ['residual', 'repair', 'repeat'] as const satisfies readonly NextStep[];

/** The buttons under a result. Each looks the person and their rights up anew. */
export function registerNextSteps(app: App, context: SlackContext): void {
  app.action<BlockAction>(
    { type: 'block_actions', action_id: NEXT.undo },
    async ({ ack, body, client }) => {
      await ack();
      const opening = { who: whoOf(body), triggerId: body.trigger_id, channelId: null, words: '' };
      const runId = readNextValue(body.actions[0]);
      await openUndo(context, { ...opening, client }, { runId, filter: null });
    },
  );
  for (const step of STEPS) {
    app.action<BlockAction>(
      { type: 'block_actions', action_id: NEXT[step] },
      async ({ ack, body, client, respond }) => {
        await ack();
        const sentence = await take(context, client, { body, step });
        await respond({
          ...plain(escapeMrkdwn(sentence)),
          response_type: 'ephemeral',
          replace_original: false,
        });
      },
    );
  }
}

/** Never rejects: whatever goes wrong becomes a sentence. */
async function take(
  context: SlackContext,
  client: InteractiveClient,
  { body, step }: { readonly body: BlockAction; readonly step: (typeof STEPS)[number] },
): Promise<string> {
  try {
    const runId = readNextValue(body.actions[0]);
    const visit = { who: whoOf(body), runId, from: fromOf(body) };
    const visitor = await admitVisitor(context, client, visit);
    return await TAKE[step](context, client, { visitor, key: body.message?.ts ?? body.trigger_id });
  } catch (error) {
    return sentenceOf(context, error, context.zone);
  }
}

/** The same button of the same message makes the same push, however often it is used (B08). */
interface Taking {
  readonly visitor: Visitor;
  readonly key: string;
}

type Taker = (context: SlackContext, client: InteractiveClient, taking: Taking) => Promise<string>;

const TAKE: Readonly<Record<(typeof STEPS)[number], Taker>> = {
  residual: async (context, client, { visitor: { person, run } }) =>
    makeReport(context, client, {
      ...{ person, report: 'residual', schoolYearId: run.yearId, catalogId: run.catalogId },
      calendarIds: run.calendars.map(({ calendarId }) => calendarId),
      dataTypes: DATA_TYPES.filter((type) => run.dataTypes.includes(type)),
      withRemovals: false,
      withLinked: false,
    }),
  repair: async ({ queue }, _, { visitor: { person, run, from }, key }) => {
    const repair = await queue.repair({ person, runId: run.id, from, key });
    return `Push #${repair} repairs what was desynced in push #${run.id}. Its plan comes in its own thread.`;
  },
  repeat: async ({ queue }, _, { visitor: { person, run, from }, key }) =>
    `Push #${run.id} is pushed again as push #${await queue.repeat({ person, runId: run.id, from, key })}.`,
};
