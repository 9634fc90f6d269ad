import { type App } from '@slack/bolt';

import { type SlackContext } from '../context.ts';
import { stateOf } from './states.ts';

/** Slack tells at once when an account is deactivated, made a guest, or given back. */
export function registerAccountChanges(app: App, context: SlackContext): void {
  app.event('user_change', async ({ event, body }) => {
    const { user } = event;
    context.profiles.forget(user.id);
    const states = [{ slackUserId: user.id, state: stateOf(user) }];
    await context.people.noteSlackStates({ slackTeamId: body.team_id, states });
  });
}
