import { type App } from '@slack/bolt';
import { type Logger } from 'pino';

import { type InstallationBox } from '../../domain/installations.ts';

/** A workspace that removes the app, or revokes the bot's token, is forgotten with its tokens (F49). */
export function registerUninstall(
  app: App,
  { installations, logger }: { readonly installations: InstallationBox; readonly logger: Logger },
): void {
  const forget = async (teamId: string, why: string): Promise<void> => {
    if (await installations.remove(teamId)) logger.warn({ teamId, why }, 'workspace forgotten');
  };
  app.event('app_uninstalled', async ({ body }) => {
    await forget(body.team_id, 'uninstalled');
  });
  app.event('tokens_revoked', async ({ event, body }) => {
    if ((event.tokens.bot ?? []).length > 0) await forget(body.team_id, 'token revoked');
  });
}
