import { App } from '@slack/bolt';
import { type WebClient } from '@slack/web-api';
import { type Logger } from 'pino';

import { type NoticeBox, type PushServices } from '../domain/ports.ts';
import { type PeopleAdmin } from '../domain/people-admin.ts';
import { type QueueServices } from '../domain/queue-list.ts';
import { registerApproval } from './approval/listeners.ts';
import { backgroundClient, interactiveOptions, slackLogger } from './api.ts';
import { registerErrors } from './app-errors.ts';
import { connectionTo } from './connection.ts';
import { type SlackContext } from './context.ts';
import { type SetupReports } from '../domain/setup-report.ts';
import { type Subscriptions } from '../domain/subscriptions.ts';
import { type Features } from './features.ts';
import { registerGate } from './gate.ts';
import { registerForm } from './listeners/form.ts';
import { registerWhichMaster } from './listeners/open-master.ts';
import { registerOptions } from './listeners/options.ts';
import { registerWaysIn } from './listeners/ways-in.ts';
import { createNotifier } from './notify.ts';
import { registerPeople } from './people/listeners.ts';
import { syncSubteams } from './people/subteams.ts';
import { homeWatch, type HomeWatch, registerHome } from './home/listeners.ts';
import { profiles } from './profiles.ts';
import { registerSubscriptions } from './subscriptions/listeners.ts';
import { registerQueue } from './queue/listeners.ts';
import { registerNextSteps } from './queue/next-steps.ts';
import { registerReports } from './reports/listeners.ts';

export interface SlackAppSettings {
  readonly botToken: string;
  readonly signingSecret: string;
  /** Present: Socket Mode; `port` then serves health checks only. */
  readonly appToken?: string | undefined;
  /** For a stand-in; ends with /api/. */
  readonly apiUrl?: string | undefined;
  /** 0 takes a free one. */
  readonly port: number;
  /** Workspaces that may use the app; the one of the bot token when absent (T03). */
  readonly teamAllowList?: readonly string[] | undefined;
  /** IANA zone of the district: texts that name a time name it in this zone. Default UTC. */
  readonly timeZone?: string | undefined;
  readonly services: PushServices;
  readonly queue: QueueServices;
  readonly people: PeopleAdmin;
  readonly subscriptions: Subscriptions;
  readonly reports: SetupReports;
  readonly notices: NoticeBox;
  /** Where requests for approval are posted, beside directly to each approver. */
  readonly approversChannel?: string | undefined;
  readonly features: Features;
  readonly logger: Logger;
  readonly now?: () => Date;
}

export interface SlackApp {
  /** @throws Error when Slack does not accept the token or the port is taken */
  start(): Promise<{ port: number }>;
  /** Publishes the Home tabs that would look different now. */
  refreshHomes(): Promise<void>;
  /** Brings the groups that Slack user groups fill up to date with Slack. */
  syncSubteams(): Promise<void>;
  /** Takes no more requests, lets those under way and the notice being sent finish. */
  stop(): Promise<void>;
}

/** Who the bot token belongs to. */
interface Identity {
  readonly teamId: string;
  readonly botId?: string;
  readonly botUserId?: string;
}

/** The bot: its listeners, its connection to Slack, and the sender of notices. */
export function createSlackApp(settings: SlackAppSettings): SlackApp {
  const { services, notices, features, logger, teamAllowList: allowed } = settings;
  const zone = settings.timeZone ?? 'UTC';
  const now = settings.now ?? ((): Date => new Date());
  const connection = connectionTo({ ...settings, isReady: () => services.workers() });
  const client = backgroundClient(settings, logger);
  const { approversChannel } = settings;
  const notifier = createNotifier({
    ...{ client, services, notices, zone, logger, now, approversChannel },
  });
  let self: Identity | undefined;

  const app = new App({
    receiver: connection.receiver,
    clientOptions: interactiveOptions(settings),
    // Answered from memory: signing in happens once, in start().
    authorize: () => Promise.resolve({ botToken: settings.botToken, ...self }),
    convoStore: false,
    extendedErrorHandler: true,
    logger: slackLogger(logger),
  });
  const isOurs = (teamId: string): boolean =>
    allowed === undefined ? teamId === self?.teamId : allowed.includes(teamId);
  registerGate(app, { isOurs, logger, now });
  const home = registerListeners(app, {
    services,
    queue: settings.queue,
    people: settings.people,
    subscriptions: settings.subscriptions,
    reports: settings.reports,
    features,
    profiles: profiles({ zone, logger, now }),
    logger,
    zone,
    now,
  });
  registerErrors(app, { client, logger });

  return {
    start: async () => {
      self = await signIn(client);
      const { port } = await connection.start();
      notifier.start();
      logger.info({ port, team: self.teamId }, 'connected to Slack');
      return { port };
    },
    refreshHomes: () => home.refresh(client),
    syncSubteams: () =>
      syncSubteams({ client, people: settings.people, teamId: self?.teamId ?? '', logger }),
    stop: async () => {
      await connection.stop();
      await notifier.stop();
    },
  };
}

async function signIn(client: WebClient): Promise<Identity> {
  const identity = await client.auth.test().catch((error: unknown) => {
    throw new Error('signing in to Slack with SLACK_BOT_TOKEN', { cause: error });
  });
  return {
    teamId: identity.team_id ?? '',
    ...(identity.bot_id === undefined ? {} : { botId: identity.bot_id }),
    ...(identity.user_id === undefined ? {} : { botUserId: identity.user_id }),
  };
}

/** Everything the app listens to; the manifest is compared with it. */
export function registerListeners(app: App, context: SlackContext): HomeWatch {
  registerWaysIn(app, context);
  registerForm(app, context);
  registerWhichMaster(app, context);
  registerOptions(app, context);
  registerQueue(app, context);
  registerApproval(app, context);
  registerPeople(app, context);
  registerSubscriptions(app, context);
  registerReports(app, context);
  registerNextSteps(app, context);
  const watch = homeWatch(context);
  registerHome(app, context, watch);
  return watch;
}
