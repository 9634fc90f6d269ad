import { pino } from 'pino';

import { type SlackStandIn, type StandInOptions } from '../../playground/slack-standin/contract.ts';
import { startSlackStandIn } from '../../playground/slack-standin/start.ts';
import {
  memoryHomeTabs,
  memoryPeople,
  memoryQueue,
  memoryReports,
  memorySubscriptions,
} from './memory-services.ts';
import { createSlackApp, type SlackApp, type SlackAppSettings } from '../../src/slack/app.ts';
import { appManifest } from '../../src/slack/manifest/manifest.ts';

/** A workspace with the app of our own manifest installed. */
export function startWorkspace(
  mode: 'http' | 'socket',
  {
    without = [],
    ...seeds
  }: Pick<StandInOptions, 'people' | 'channels' | 'userGroups'> & {
    /** Optional scopes that the workspace does not grant. */
    readonly without?: readonly string[];
  },
): Promise<SlackStandIn> {
  const manifest = appManifest(mode === 'http' ? 'http' : 'socket-mode', 'http://127.0.0.1');
  const { bot, bot_optional: optional } = manifest.oauth_config.scopes;
  const granted = optional.filter((scope) => !without.includes(scope));
  return startSlackStandIn({
    manifest: { ...manifest, oauth_config: { scopes: { bot, bot_optional: granted } } },
    ...seeds,
  });
}

/** The real bot, connected to the stand-in. @returns the app and its port */
export async function startBot(
  slack: SlackStandIn,
  mode: 'http' | 'socket',
  settings: Pick<SlackAppSettings, 'services' | 'notices'> & Partial<SlackAppSettings>,
): Promise<SlackApp & { readonly port: number }> {
  const app = createSlackApp({
    credentials: { kind: 'one_workspace', botToken: slack.botToken },
    signingSecret: slack.signingSecret,
    apiUrl: slack.apiUrl,
    port: 0,
    queue: memoryQueue(),
    people: memoryPeople(),
    subscriptions: memorySubscriptions(),
    reports: memoryReports(),
    homeTabs: memoryHomeTabs(),
    logger: pino({ level: 'silent' }),
    timeZone: 'America/Chicago',
    ...(mode === 'socket' ? { appToken: slack.appToken } : {}),
    ...settings,
  });
  const { port } = await app.start();
  if (mode === 'http') slack.connectHttp(`http://127.0.0.1:${port}/slack/events`);
  else await slack.socketConnected();
  return { ...app, port };
}
