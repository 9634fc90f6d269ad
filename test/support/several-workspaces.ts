import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

import { type SlackStandIn } from '../../playground/slack-standin/contract.ts';
import { signatureHeaders } from '../../playground/slack-standin/transport/signed-http.ts';

/** A workspace of the town: a stand-in that goes by an id and a token of its own. */
export interface TownWorkspace {
  readonly slack: SlackStandIn;
  readonly teamId: string;
  readonly token: string;
}

/** Slack as an app of several workspaces sees it: one address, a token for each workspace. */
export interface Town {
  readonly apiUrl: string;
  readonly authorizationUrl: string;
  /** Tokens that the app gave back. */
  readonly revoked: readonly string[];
  /** Sends what people of the workspace do to the bot. */
  connect(workspace: TownWorkspace, botPort: number): void;
  /** Consents in a browser: from the install page to the page that the bot shows. */
  install(
    botPort: number,
    grant: Grant,
  ): Promise<{ readonly status: number; readonly text: string }>;
  close(): Promise<void>;
}

/** What Slack grants when somebody consents. */
export interface Grant {
  readonly teamId: string;
  readonly token: string;
  readonly wholeOrganisation?: boolean;
  /** Comes back with a cookie of another browser. */
  readonly otherBrowser?: boolean;
}

/** @param workspaces stand-ins that all believe to be the same team; ids are changed on the way */
export async function startTown(workspaces: readonly TownWorkspace[]): Promise<Town> {
  const grants = new Map<string, Grant>();
  const revoked: string[] = [];
  const bots = new Map<string, string>();
  const server = createServer((request, response) => {
    void route(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const [, area = '', name = ''] = (request.url ?? '').split('/');
    if (area === 'bot') await toBot(name, body, { request, response });
    else if (name === 'oauth.v2.access') send(response, access(grants, body));
    else await toSlack(name, body, { request, response });
  };

  const toBot = async (teamId: string, body: string, { request, response }: Exchange) => {
    const { slack } = workspaces.find((one) => one.teamId === teamId) ?? missing(teamId);
    const outward = body.replaceAll(slack.teamId, teamId);
    const answer = await fetch(bots.get(teamId) ?? '', {
      method: 'POST',
      headers: {
        'content-type': request.headers['content-type'] ?? '',
        ...signatureHeaders(slack.signingSecret, outward),
      },
      body: outward,
    });
    const text = await answer.text();
    const type = answer.headers.get('content-type');
    response.writeHead(answer.status, type === null ? {} : { 'content-type': type }).end(text);
  };

  const toSlack = async (method: string, body: string, { request, response }: Exchange) => {
    const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (method === 'auth.revoke') {
      revoked.push(token);
      send(response, { ok: true, revoked: true });
      return;
    }
    const home = workspaces.find((one) => one.token === token);
    if (home === undefined) {
      // Slack tells the installer who its new token belongs to, also in a workspace that is not ours.
      send(response, { ok: method === 'auth.test', bot_id: 'B9', error: 'invalid_auth' });
      return;
    }
    const answer = await fetch(`${home.slack.apiUrl}${method}`, {
      method: 'POST',
      headers: {
        'content-type': request.headers['content-type'] ?? '',
        authorization: `Bearer ${home.slack.botToken}`,
      },
      body,
    });
    const text = (await answer.text()).replaceAll(home.slack.teamId, home.teamId);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
  };

  const port = await listen(server);
  const origin = `http://127.0.0.1:${port}`;
  return {
    apiUrl: `${origin}/api/`,
    authorizationUrl: `${origin}/consent`,
    revoked,
    connect: ({ slack, teamId }, botPort) => {
      bots.set(teamId, `http://127.0.0.1:${botPort}/slack/events`);
      slack.connectHttp(`${origin}/bot/${teamId}`);
    },
    install: async (botPort, grant) => {
      const bot = `http://127.0.0.1:${botPort}`;
      const start = await fetch(`${bot}/slack/install`, { redirect: 'manual' });
      const state =
        new URL(start.headers.get('location') ?? origin).searchParams.get('state') ?? '';
      const code = `code-${grants.size}`;
      grants.set(code, grant);
      const cookie = grant.otherBrowser === true ? '' : (start.headers.get('set-cookie') ?? '');
      const back = await fetch(
        `${bot}/slack/oauth_redirect?${new URLSearchParams({ code, state }).toString()}`,
        {
          headers: { cookie: cookie.split(';')[0] ?? '' },
        },
      );
      return { status: back.status, text: await back.text() };
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Slack's answer to the exchange of a code. */
function access(grants: ReadonlyMap<string, Grant>, body: string): object {
  const grant = grants.get(new URLSearchParams(body).get('code') ?? '');
  if (grant === undefined) return { ok: false, error: 'invalid_code' };
  const { teamId, token, wholeOrganisation = false } = grant;
  return {
    ok: true,
    app_id: 'A1',
    authed_user: { id: 'U0INSTALLER' },
    scope: 'commands,chat:write,files:write,users:read',
    token_type: 'bot',
    access_token: token,
    bot_user_id: 'U0BOT',
    team: wholeOrganisation ? null : { id: teamId, name: `Workspace ${teamId}` },
    enterprise: wholeOrganisation ? { id: 'E1', name: 'All of it' } : null,
    is_enterprise_install: wholeOrganisation,
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function missing(teamId: string): never {
  throw new Error(`No workspace goes by ${teamId}.`);
}
