import { type Logger } from 'pino';

/** What the app cannot work without, and why. */
export const REQUIRED_SCOPES = [
  // The slash command and the shortcut.
  'commands',
  // A run's thread, its progress, its result; also direct messages.
  'chat:write',
  // The report files in the thread.
  'files:write',
  // A person's time zone, and whether they are a guest.
  'users:read',
] as const;

const MAY_APPEAR_TWICE = 'a message whose answer was lost may appear twice';

const NO_LOOK = 'a channel is subscribed without a look whether the app is in it';

/** What the app lives without, and what is then missing. */
const WITHOUT_SCOPE = {
  'channels:history': `${MAY_APPEAR_TWICE} in a public channel`,
  'groups:history': `${MAY_APPEAR_TWICE} in a private channel`,
  'im:history': `${MAY_APPEAR_TWICE} in a direct conversation`,
  'im:write': `${MAY_APPEAR_TWICE} in a direct conversation`,
  'channels:read': NO_LOOK,
  'groups:read': NO_LOOK,
  'usergroups:read':
    'groups are not filled from Slack’s user groups; their members are chosen by hand',
} as const;
export const OPTIONAL_SCOPES = Object.keys(WITHOUT_SCOPE);

/**
 * Says, by name, which scopes the workspace did not grant and what is then missing.
 * @param granted undefined when Slack did not tell
 */
export function logMissingScopes(granted: readonly string[] | undefined, logger: Logger): void {
  if (granted === undefined) return;
  for (const scope of REQUIRED_SCOPES) {
    if (!granted.includes(scope))
      logger.error({ scope }, 'a scope that the app cannot work without was not granted');
  }
  for (const [scope, missing] of Object.entries(WITHOUT_SCOPE)) {
    if (!granted.includes(scope))
      logger.warn({ scope, missing }, 'an optional scope was not granted');
  }
}
