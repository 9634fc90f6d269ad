import { type Authorize, type AuthorizeResult } from '@slack/bolt';
import { type WebClient } from '@slack/web-api';
import { type Logger } from 'pino';

import { type InstallationBox } from '../domain/installations.ts';
import { backgroundClient, type SlackServer } from './api.ts';
import { type Connection, type ConnectionSettings, connectionTo } from './connection.ts';
import { installationStore, sealAgain } from './install/installation-store.ts';
import { type OAuthSettings } from './install/pages.ts';
import { sealWith } from './install/seal.ts';
import { logMissingScopes } from './manifest/scopes.ts';

/** As whom the bot speaks: with one token, or with those of the workspaces that installed the app. */
export type SlackCredentials =
  | {
      readonly kind: 'one_workspace';
      readonly botToken: string;
      /** Workspaces whose people may use the app; the token's own when absent (T03). */
      readonly teamIds?: readonly string[] | undefined;
    }
  | ({
      readonly kind: 'several_workspaces';
      /** Workspaces that may install the app (T03). */
      readonly teamIds: readonly string[];
      /** 32 bytes each: the first one encrypts the tokens, all of them decrypt. */
      readonly installationKeys: readonly [Buffer, ...Buffer[]];
      readonly installations: InstallationBox;
    } & Omit<OAuthSettings, 'mayInstall'>);

/** How Slack reaches the bot, and the bot its workspaces. */
export function reach(
  settings: Omit<ConnectionSettings, 'install'> & { readonly credentials: SlackCredentials },
): { readonly connection: Connection; readonly workspaces: Workspaces } {
  const { credentials, logger } = settings;
  if (credentials.kind === 'one_workspace') {
    const workspaces = oneWorkspace({ ...credentials, server: settings, logger });
    return { connection: connectionTo(settings), workspaces };
  }
  const { installations: box, installationKeys, teamIds, ...oauth } = credentials;
  const seal = sealWith(installationKeys);
  const store = installationStore(box, seal);
  const mayInstall = (teamId: string): boolean => teamIds.includes(teamId);
  const connection = connectionTo({
    ...settings,
    install: { oauth: { ...oauth, mayInstall }, store },
  });
  const { authorize } = connection;
  if (authorize === undefined) throw new Error('Bolt made no install pages');
  return {
    connection,
    workspaces: installedWorkspaces({
      ...{ server: settings, box, authorize, logger },
      start: async () => {
        await sealAgain(box, seal);
        for (const { teamId, scopes } of await box.list())
          logMissingScopes(scopes, logger.child({ team: teamId }));
      },
    }),
  };
}

/** The workspaces that the bot serves, and how to speak to each. */
export interface Workspaces {
  /** As whom to answer a request; absent where Bolt asks its own install pages. */
  readonly authorize?: Authorize<boolean>;
  /** Signs in. @throws Error when Slack does not accept a token that is configured */
  start(): Promise<void>;
  isOurs(teamId: string): Promise<boolean>;
  /** An Enterprise Grid organization has an id beside those of its workspaces (T03). */
  isOurEnterprise(enterpriseId: string): Promise<boolean>;
  /** The client for notices to a workspace; undefined when the app is not installed there. */
  client(teamId: string): Promise<WebClient | undefined>;
  /** All that are served now. */
  teamIds(): Promise<readonly string[]>;
}

/** One workspace, by its bot token. */
function oneWorkspace(settings: {
  readonly server: SlackServer;
  readonly botToken: string;
  readonly teamIds?: readonly string[] | undefined;
  readonly logger: Logger;
}): Workspaces {
  const { botToken, teamIds: allowed, server, logger } = settings;
  const client = backgroundClient({ ...server, botToken }, logger);
  let self: AuthorizeResult & { readonly teamId?: string } = {};
  return {
    // Answered from memory: signing in happens once, in start().
    authorize: () => Promise.resolve({ botToken, ...self }),
    start: async () => {
      self = await signIn(client, logger);
    },
    isOurs: (teamId) =>
      Promise.resolve(allowed === undefined ? teamId === self.teamId : allowed.includes(teamId)),
    isOurEnterprise: (enterpriseId) => Promise.resolve(enterpriseId === self.enterpriseId),
    client: () => Promise.resolve(client),
    teamIds: () => Promise.resolve(self.teamId === undefined ? [] : [self.teamId]),
  };
}

/** Who the bot token belongs to. */
async function signIn(
  client: WebClient,
  logger: Logger,
): Promise<AuthorizeResult & { readonly teamId?: string }> {
  const identity = await client.auth.test().catch((error: unknown) => {
    throw new Error('signing in to Slack with SLACK_BOT_TOKEN', { cause: error });
  });
  logMissingScopes(identity.response_metadata?.scopes, logger);
  return {
    ...(identity.team_id === undefined ? {} : { teamId: identity.team_id }),
    ...(identity.enterprise_id === undefined ? {} : { enterpriseId: identity.enterprise_id }),
    ...(identity.bot_id === undefined ? {} : { botId: identity.bot_id }),
    ...(identity.user_id === undefined ? {} : { botUserId: identity.user_id }),
  };
}

/** Every workspace that installed the app. Tokens that expire are renewed when they are asked for. */
function installedWorkspaces(settings: {
  readonly server: SlackServer;
  readonly box: InstallationBox;
  readonly authorize: Authorize<boolean>;
  readonly start: () => Promise<void>;
  readonly logger: Logger;
}): Workspaces {
  const { server, box, authorize, start, logger } = settings;
  const clients = new Map<string, { readonly token: string; readonly client: WebClient }>();
  return {
    start,
    isOurs: async (teamId) => (await box.find(teamId)) !== undefined,
    // A workspace that installed the app decides; it may belong to any organization.
    isOurEnterprise: () => Promise.resolve(true),
    client: async (teamId) => {
      if ((await box.find(teamId)) === undefined) return undefined;
      const source = { teamId, enterpriseId: undefined, isEnterpriseInstall: false as const };
      const { botToken: token = '' } = await authorize(source);
      const known = clients.get(teamId);
      if (known?.token === token) return known.client;
      const client = backgroundClient({ ...server, botToken: token }, logger);
      clients.set(teamId, { token, client });
      return client;
    },
    teamIds: async () => (await box.list()).map(({ teamId }) => teamId),
  };
}
