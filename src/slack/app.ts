import { App } from '@slack/bolt';
import { type Logger } from 'pino';

import { type HomeTabs } from '../domain/home-tabs.ts';
import { type NoticeBox, type PushServices } from '../domain/ports.ts';
import { type PeopleAdmin } from '../domain/people-admin.ts';
import { type QueueServices } from '../domain/queue-list.ts';
import { registerApproval } from './approval/listeners.ts';
import { interactiveOptions, slackLogger } from './api.ts';
import { registerErrors } from './app-errors.ts';
import { type SlackContext } from './context.ts';
import { type SetupReports } from '../domain/setup-report.ts';
import { type Subscriptions } from '../domain/subscriptions.ts';
import { registerGate } from './gate.ts';
import { registerUninstall } from './install/uninstall.ts';
import { registerForm } from './listeners/form.ts';
import { registerWhichMaster } from './listeners/open-master.ts';
import { registerOptions } from './listeners/options.ts';
import { registerWaysIn } from './listeners/ways-in.ts';
import { type ApproversChannel } from './delivery/post-office.ts';
import { createNotifier } from './notify.ts';
import { registerAccountChanges } from './people/account-changes.ts';
import { registerPeople } from './people/listeners.ts';
import { checkPeople } from './people/states.ts';
import { syncSubteams } from './people/subteams.ts';
import { registerHome } from './home/listeners.ts';
import { homeWatch, type HomeWatch } from './home/watch.ts';
import { profiles } from './profiles.ts';
import { registerSubscriptions } from './subscriptions/listeners.ts';
import { registerQueue } from './queue/listeners.ts';
import { registerNextSteps } from './queue/next-steps.ts';
import { registerReports } from './reports/listeners.ts';
import { reach, type SlackCredentials } from './workspaces.ts';

export interface SlackAppSettings {
  readonly credentials: SlackCredentials;
  readonly signingSecret: string;
  /** Present: Socket Mode; `port` then serves health checks only. */
  readonly appToken?: string | undefined;
  /** For a stand-in; ends with /api/. */
  readonly apiUrl?: string | undefined;
  /** 0 takes a free one. */
  readonly port: number;
  readonly host?: string | undefined;
  /** IANA zone of the district: texts that name a time name it in this zone. Default UTC. */
  readonly timeZone?: string | undefined;
  readonly services: PushServices;
  readonly queue: QueueServices;
  readonly people: PeopleAdmin;
  readonly subscriptions: Subscriptions;
  readonly reports: SetupReports;
  readonly homeTabs: HomeTabs;
  readonly notices: NoticeBox;
  /** Where requests for approval are posted, beside directly to each approver. */
  readonly approversChannel?: ApproversChannel | undefined;
  readonly logger: Logger;
  readonly now?: () => Date;
}

export interface SlackApp {
  /** @throws Error when Slack does not accept the token or the port is taken */
  start(): Promise<{ port: number }>;
  /** Publishes the Home tabs that would look different now. */
  refreshHomes(): Promise<void>;
  /** Asks Slack whether people are still full members, those first of whom it was asked the longest ago. */
  checkPeople(): Promise<void>;
  /** Brings the groups that Slack user groups fill up to date with Slack. */
  syncSubteams(): Promise<void>;
  /** Takes no more requests, lets those under way and the notice being sent finish. */
  stop(): Promise<void>;
}

/** The bot: its listeners, its connection to Slack, and the sender of notices. */
export function createSlackApp(settings: SlackAppSettings): SlackApp {
  const { services, notices, logger } = settings;
  const zone = settings.timeZone ?? 'UTC';
  const now = settings.now ?? ((): Date => new Date());
  const { connection, workspaces } = reach({ ...settings, isReady: () => services.workers() });
  const { approversChannel } = settings;
  const notifier = createNotifier({
    ...{ workspaces, services, notices, zone, logger, now, approversChannel },
  });

  const app = new App({
    receiver: connection.receiver,
    clientOptions: interactiveOptions(settings),
    ...(workspaces.authorize === undefined ? {} : { authorize: workspaces.authorize }),
    convoStore: false,
    extendedErrorHandler: true,
    logger: slackLogger(logger),
  });
  registerGate(app, { workspaces, logger, now });
  const home = registerListeners(app, {
    services,
    queue: settings.queue,
    people: settings.people,
    subscriptions: settings.subscriptions,
    reports: settings.reports,
    homeTabs: settings.homeTabs,
    profiles: profiles({ people: settings.people, zone, logger, now }),
    logger,
    zone,
    now,
  });
  registerErrors(app, { workspaces, logger });
  if (settings.credentials.kind === 'several_workspaces')
    registerUninstall(app, { installations: settings.credentials.installations, logger });

  const { people } = settings;
  const inEach = async (round: typeof syncSubteams): Promise<void> => {
    for (const teamId of await workspaces.teamIds()) {
      const client = await workspaces.client(teamId);
      if (client !== undefined) await round({ client, people, teamId, logger });
    }
  };
  return {
    start: async () => {
      await workspaces.start();
      const { port } = await connection.start();
      notifier.start();
      logger.info({ port, teams: await workspaces.teamIds() }, 'connected to Slack');
      return { port };
    },
    refreshHomes: () => home.refresh((teamId) => workspaces.client(teamId)),
    checkPeople: () => inEach(checkPeople),
    syncSubteams: () => inEach(syncSubteams),
    stop: async () => {
      await connection.stop();
      await notifier.stop();
    },
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
  registerAccountChanges(app, context);
  return watch;
}
