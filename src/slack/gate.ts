import { type AnyMiddlewareArgs, type App, type RespondFn } from '@slack/bolt';
import { type WebClient } from '@slack/web-api';
import { type Logger } from 'pino';
import { z } from 'zod';

import { sentenceView } from './form/view.ts';
import { type Workspaces } from './workspaces.ts';

/** Bolt refuses requests signed over 5 minutes ago, but takes any from the future (T02). */
const MOST_AHEAD_SECONDS = 300;

const id = z.string().nullish();
const named = z.looseObject({ id: z.string() }).nullish().catch(null);
const user = z.looseObject({ team_id: id }).nullish().catch(null);
const anybody = z.looseObject({
  team_id: id,
  team: named,
  user,
  enterprise_id: id,
  enterprise: named,
  /** Of an event: who did it, where the payload says so. */
  event: z.looseObject({ user, user_team: id, source_team: id }).nullish().catch(null),
});
const answerable = z.looseObject({ trigger_id: z.string() });

/**
 * Drops what does not come from our own workspaces, and what claims to be signed in the future
 * (T02, T03). The workspace and the organization of the payload and of the person must all be ours.
 */
export function registerGate(
  app: App,
  gate: {
    readonly workspaces: Pick<Workspaces, 'isOurs' | 'isOurEnterprise'>;
    readonly logger: Logger;
    readonly now: () => Date;
  },
): void {
  app.use(async (args) => {
    const { body, context, next } = args;
    const signedAt: unknown = context['signedAt'];
    if (
      typeof signedAt === 'number' &&
      signedAt > gate.now().getTime() / 1000 + MOST_AHEAD_SECONDS
    ) {
      gate.logger.warn({ signedAt }, 'request dropped: signed in the future');
      return;
    }
    const { teams, enterprises } = placesOf(body);
    const { workspaces } = gate;
    const ours = await Promise.all([
      ...teams.map((teamId) => workspaces.isOurs(teamId)),
      ...enterprises.map((enterpriseId) => workspaces.isOurEnterprise(enterpriseId)),
    ]);
    if (teams.length > 0 && !ours.includes(false)) {
      await next();
      return;
    }
    gate.logger.warn({ teams, enterprises }, 'request refused: another workspace');
    await refuse(args);
  });
}

/** The workspaces and organizations a payload names. */
function placesOf(body: unknown): { teams: string[]; enterprises: string[] } {
  const { team_id: teamId, team, user: actor, event, enterprise, ...rest } = anybody.parse(body);
  const ofEvent = [event?.user?.team_id, event?.user_team, event?.source_team];
  const isNamed = (one: string | null | undefined): one is string =>
    typeof one === 'string' && one !== '';
  return {
    teams: [teamId, team?.id, actor?.team_id, ...ofEvent].filter(isNamed),
    enterprises: [rest.enterprise_id, enterprise?.id].filter(isNamed),
  };
}

const REFUSAL = 'This works only for members of the workspace that installed it.';

/** Says so in whatever way the payload can be answered. */
async function refuse(args: AnyMiddlewareArgs & { readonly client: WebClient }): Promise<void> {
  if ('command' in args) {
    await args.ack(REFUSAL);
  } else if ('options' in args) {
    await args.ack({ options: [] });
  } else if ('view' in args && args.body.type === 'view_submission') {
    await args.ack({ response_action: 'update', view: sentenceView(REFUSAL) });
  } else if ('respond' in args && 'action' in args && args.body.type === 'block_actions') {
    await args.ack();
    await say(args);
  } else if ('shortcut' in args) {
    await args.ack();
    await say(args);
  } else if ('ack' in args && typeof args.ack === 'function') {
    await args.ack();
  }
}

/** In the conversation, or in a modal where there is none. */
async function say({
  body,
  client,
  respond,
}: {
  readonly body: unknown;
  readonly client: WebClient;
  readonly respond?: RespondFn;
}): Promise<void> {
  const { response_url: url, trigger_id: triggerId, view } = answerable.parse(body);
  if (typeof url === 'string' && respond !== undefined) {
    await respond({ text: REFUSAL, response_type: 'ephemeral', replace_original: false });
    return;
  }
  const way = { trigger_id: triggerId, view: sentenceView(REFUSAL) };
  await (view === undefined ? client.views.open(way) : client.views.push(way));
}
