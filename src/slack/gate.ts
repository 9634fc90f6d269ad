import { type AnyMiddlewareArgs, type App } from '@slack/bolt';
import { type Logger } from 'pino';
import { z } from 'zod';

/** Bolt refuses requests signed over 5 minutes ago, but takes any from the future (T02). */
const MOST_AHEAD_SECONDS = 300;

const anybody = z.looseObject({
  team_id: z.string().nullish(),
  team: z.looseObject({ id: z.string() }).nullish(),
  user: z.looseObject({ team_id: z.string().nullish() }).nullish().catch(null),
});

/**
 * Drops what does not come from our own workspaces, and what claims to be signed in the future
 * (T02, T03). The workspace of the payload and that of the person must both be allowed.
 */
export function registerGate(
  app: App,
  gate: {
    readonly isOurs: (teamId: string) => Promise<boolean>;
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
    const teams = teamsOf(body);
    const ours = await Promise.all(teams.map(gate.isOurs));
    if (teams.length > 0 && !ours.includes(false)) {
      await next();
      return;
    }
    gate.logger.warn({ teams }, 'request refused: another workspace');
    await refuse(args);
  });
}

/** The workspaces a payload names. */
function teamsOf(body: unknown): string[] {
  const { team_id: teamId, team, user } = anybody.parse(body);
  return [teamId, team?.id, user?.team_id].filter((id) => typeof id === 'string');
}

async function refuse(args: AnyMiddlewareArgs): Promise<void> {
  if ('command' in args) {
    await args.ack('This command works only for members of the workspace that installed it.');
  } else if ('options' in args) {
    await args.ack({ options: [] });
  } else if ('ack' in args && typeof args.ack === 'function') {
    await args.ack();
  }
}
