import { type ServerResponse } from 'node:http';

import { type HTTPReceiverOptions, type Installation, type InstallationStore } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { type Logger } from 'pino';

import { interactiveOptions, type SlackServer } from '../api.ts';
import { logMissingScopes, OPTIONAL_SCOPES, REQUIRED_SCOPES } from '../manifest/scopes.ts';

/** Of the app's Basic Information, and two secrets of our own. */
export interface OAuthSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Signs the state that guards an installation against forgery. */
  readonly stateSecret: string;
  /** Whether a workspace may install the app (T03). */
  readonly mayInstall: (teamId: string) => boolean;
  /** Slack's consent page; a stand-in's in tests. */
  readonly authorizationUrl?: string | undefined;
}

type Callbacks = NonNullable<
  NonNullable<HTTPReceiverOptions['installerOptions']>['callbackOptions']
>;
type After = Parameters<NonNullable<Callbacks['afterInstallation']>>;
type Succeeded = Parameters<NonNullable<Callbacks['success']>>;
type Failed = Parameters<NonNullable<Callbacks['failure']>>;

/** A little longer than Slack's own answers: a person waits at a page, not at a trigger. */
const PATIENCE_MS = 10_000;

/**
 * The two pages by which a workspace installs the app: /slack/install sends people to Slack, and
 * Slack sends them back to /slack/oauth_redirect (F49).
 */
export function installPages(
  install: { readonly oauth: OAuthSettings; readonly store: InstallationStore },
  settings: SlackServer & { readonly logger: Logger },
): Partial<HTTPReceiverOptions> {
  const { clientId, clientSecret, stateSecret, authorizationUrl } = install.oauth;
  const clientOptions = { ...interactiveOptions(settings), timeout: PATIENCE_MS };
  return {
    clientId,
    clientSecret,
    stateSecret,
    scopes: [...REQUIRED_SCOPES, ...OPTIONAL_SCOPES],
    installationStore: install.store,
    installerOptions: {
      directInstall: true,
      clientOptions,
      callbackOptions: callbacks(settings.logger, async (installation) => {
        const refusal = refusalOf(installation, install.oauth.mayInstall);
        // A token that is not kept must not stay valid.
        if (refusal !== undefined)
          await new WebClient(installation.bot?.token, clientOptions).auth.revoke();
        return refusal;
      }),
      ...(authorizationUrl === undefined ? {} : { authorizationUrl }),
    },
  };
}

function callbacks(
  logger: Logger,
  refuse: (installation: Installation) => Promise<string | undefined>,
): Callbacks {
  return {
    afterInstallation: async (...[installation, , , response]: After) => {
      const refusal = await refuse(installation);
      if (refusal === undefined) return true;
      logger.warn({ team: installation.team?.id }, 'an installation was refused');
      page(response, 403, { title: NOT_INSTALLED, text: refusal });
      return false;
    },
    success: (...[{ team, user, bot }, , , response]: Succeeded) => {
      logger.info({ team: team?.id, by: user.id }, 'the app was installed');
      logMissingScopes(bot?.scopes, logger.child({ team: team?.id }));
      const text =
        `It now serves ${team?.name ?? 'your workspace'}. Invite it to the channels it shall post in, ` +
        'and type /push-course-masters there.';
      page(response, 200, { title: 'Push Course Masters is installed', text });
    },
    failure: (...[error, , , response]: Failed) => {
      logger.warn({ err: error }, 'an installation failed');
      const text = 'Slack or this bot did not complete it. Start again at /slack/install.';
      page(response, 400, { title: NOT_INSTALLED, text });
    },
  };
}

const NOT_INSTALLED = 'Push Course Masters was not installed';

/** Why an installation is not kept; shown to the person who tried. */
function refusalOf(
  installation: Installation,
  mayInstall: (teamId: string) => boolean,
): string | undefined {
  const { team, isEnterpriseInstall } = installation;
  if (isEnterpriseInstall === true || team === undefined)
    return 'Install it in each workspace by itself; a whole organisation at once is not supported.';
  if (!mayInstall(team.id))
    return `It does not serve the workspace ${team.name ?? team.id}; whoever runs it decides which it serves.`;
  return undefined;
}

function page(
  response: ServerResponse,
  status: number,
  { title, text }: { readonly title: string; readonly text: string },
): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  });
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escapeHtml(title)}</title>` +
      '<body style="font: 16px/1.5 sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem">' +
      `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p></body></html>`,
  );
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
