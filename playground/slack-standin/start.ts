import { type Server } from 'node:http';

import { z } from 'zod';

import { Backing } from './backing.ts';
import {
  type AppManifest,
  type Person,
  type SlackStandIn,
  StandInSetupError,
  type StandInOptions,
} from './contract.ts';
import { type Core, SlackApiError } from './core.ts';
import { Journal } from './journal.ts';
import { checkManifest, grantedScopes } from './manifest.ts';
import { MessageStore } from './messages.ts';
import { Passes } from './passes.ts';
import { nowTs } from './person/desk.ts';
import { eventEnvelope } from './person/entries.ts';
import { Client } from './person/person.ts';
import { type Transport } from './transport/delivery.ts';
import { SignedHttp } from './transport/signed-http.ts';
import { SocketMode } from './transport/socket-mode.ts';
import { ViewStore } from './view-store.ts';
import { chatMethods } from './web-api/chat.ts';
import { fileMethods, Uploads } from './web-api/files.ts';
import { Gate } from './web-api/gate.ts';
import { lookupMethods, userPart } from './web-api/lookups.ts';
import { method } from './web-api/method.ts';
import { listen, type Site } from './web-api/server.ts';
import { viewMethods } from './web-api/views.ts';
import { INSTALLATION, World } from './world.ts';

/**
 * Starts a stand-in for Slack on loopback with the app of the manifest installed.
 * @throws StandInSetupError for a manifest Slack would refuse or people and channels that do not fit together
 */
export async function startSlackStandIn(options: StandInOptions): Promise<SlackStandIn> {
  checkManifest(options.manifest);
  const scopes = grantedScopes(options.manifest);
  const journal = new Journal();
  const world = new World(options, journal);
  const backing = await Backing.start(scopes);
  for (const seed of options.people) backing.claimPerson(seed.id);
  for (const seed of options.channels) backing.claimChannel(seed.id);
  const late: { site?: Site } = {};
  const { server, port } = await listen(() => ready(late.site));
  const core: Core = {
    manifest: options.manifest,
    scopes,
    world,
    journal,
    messages: new MessageStore(journal),
    views: new ViewStore(journal),
    passes: new Passes(options.clock ?? Date.now),
    backing,
    rootUrl: `http://127.0.0.1:${port}`,
  };
  const socket = new SocketMode(server, INSTALLATION.appId);
  const uploads = new Uploads();
  const methods = new Map([
    ...chatMethods,
    ...viewMethods,
    ...fileMethods(uploads),
    ...lookupMethods,
    connectionsOpen(socket),
  ]);
  late.site = { core, uploads, gate: new Gate(core, methods) };
  return assemble(core, { server, socket });
}

function ready(site: Site | undefined): Site {
  if (site === undefined)
    throw new StandInSetupError('The stand-in was called before it was ready.');
  return site;
}

function connectionsOpen(socket: SocketMode): ReturnType<typeof method> {
  return method({
    name: 'apps.connections.open',
    token: 'app',
    args: z.looseObject({}),
    run: (core) => {
      if (!isSocketApp(core.manifest)) throw new SlackApiError('socket_mode_not_enabled');
      const url = socket.issueUrl(core.rootUrl);
      if (url === undefined) throw new SlackApiError('too_many_websockets');
      return { ok: true, url };
    },
  });
}

function isSocketApp(manifest: AppManifest): boolean {
  return manifest.settings?.socket_mode_enabled === true;
}

function assemble(
  core: Core,
  { server, socket }: { server: Server; socket: SocketMode },
): SlackStandIn {
  const { world, journal, messages, views, backing } = core;
  const clients = new Map<string, Person>();
  let http: SignedHttp | undefined;
  const transport = (): Transport =>
    isSocketApp(core.manifest)
      ? socket
      : (http ?? new SignedHttp('http://127.0.0.1:9/', INSTALLATION.signingSecret));
  const changes = userChanges(core, () =>
    isSocketApp(core.manifest) || http !== undefined ? transport() : undefined,
  );
  return {
    apiUrl: `${core.rootUrl}/api/`,
    ...installed(),
    connectHttp: (requestUrl) => {
      http = new SignedHttp(requestUrl, INSTALLATION.signingSecret);
    },
    socketConnected: () => socket.connected(),
    people: () => [...world.people.values()],
    channels: () => [...world.channels.values()],
    person: (userId) => {
      world.person(userId);
      const client = clients.get(userId) ?? new Client({ core, transport, userId });
      clients.set(userId, client);
      return client;
    },
    messages: (channelId) => messages.list(channelId),
    ephemeral: (userId) => messages.ephemerals(userId),
    fileContent: (fileId) => fileContent(messages, fileId),
    homeView: (userId) => views.home(userId),
    viewStack: (userId) => views.stack(userId),
    violations: () => [...journal.violations],
    calls: () => [...journal.calls],
    backingCalls: () => [...backing.calls],
    subscribe: (listener) => journal.subscribe(listener),
    ...disorders(journal),
    ...administration(core, (userId) => {
      changes.tell(userId);
    }),
    close: async () => {
      await changes.told();
      await socket.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await backing.close();
    },
  };
}

/** What the app and its tests need to know of the installation. */
function installed(): Pick<
  SlackStandIn,
  'botToken' | 'appToken' | 'signingSecret' | 'teamId' | 'appId' | 'botUserId'
> {
  const { botToken, appToken, signingSecret, teamId, appId, botUserId } = INSTALLATION;
  return { botToken, appToken, signingSecret, teamId, appId, botUserId };
}

/** What goes wrong on order. */
function disorders(journal: Journal): Pick<SlackStandIn, 'faults' | 'setTokenRevoked'> {
  return {
    faults: {
      next: (name, fault, times = 1) => {
        journal.orderFault(name, fault, times);
      },
      clear: (name) => {
        journal.clearFaults(name);
      },
    },
    setTokenRevoked: (revoked) => {
      journal.isTokenRevoked = revoked;
    },
  };
}

/** Sends user_change for what became of a person, one after the other, to an app that asks for it. */
function userChanges(
  core: Core,
  transport: () => Transport | undefined,
): { tell(userId: string): void; told(): Promise<void> } {
  let last: Promise<void> = Promise.resolve();
  const isWanted =
    core.manifest.settings?.event_subscriptions?.bot_events?.includes('user_change') === true;
  const send = async (userId: string): Promise<void> => {
    const user = userPart(core, core.world.person(userId), false);
    const event = { type: 'user_change', user, event_ts: nowTs() };
    await transport()?.deliver({ kind: 'events_api', payload: eventEnvelope(event) });
  };
  return {
    tell: (userId) => {
      if (isWanted) last = last.then(() => send(userId)).catch(() => undefined);
    },
    told: () => last,
  };
}

function administration(
  core: Core,
  tellChange: (userId: string) => void,
): Pick<
  SlackStandIn,
  | 'addPerson'
  | 'setDeactivated'
  | 'changePerson'
  | 'setUserGroup'
  | 'addChannel'
  | 'invite'
  | 'remove'
  | 'setArchived'
  | 'deleteMessage'
> {
  const { world, backing, messages } = core;
  return {
    addPerson: (seed) => {
      world.addPerson(seed);
      backing.claimPerson(seed.id);
    },
    setDeactivated: (userId, deactivated) => {
      world.changePerson(userId, { isDeactivated: deactivated });
      tellChange(userId);
    },
    changePerson: (userId, change) => {
      world.changePerson(userId, change);
      tellChange(userId);
    },
    setUserGroup: (seed) => {
      world.userGroups.set(seed.id, seed);
    },
    addChannel: (seed) => {
      world.addChannel(seed);
      backing.claimChannel(seed.id);
    },
    invite: (channelId, userId) => {
      world.setMember(channelId, userId, true);
    },
    remove: (channelId, userId) => {
      world.setMember(channelId, userId, false);
    },
    setArchived: (channelId, archived) => {
      world.setArchived(channelId, archived);
    },
    deleteMessage: async (channelId, ts) => {
      await backing.call('chat.delete', { channel: channelId, ts });
      messages.remove(channelId, ts);
    },
  };
}

function fileContent(messages: MessageStore, fileId: string): Uint8Array {
  const held = messages.file(fileId);
  if (held === undefined) throw new StandInSetupError(`No file has the id "${fileId}".`);
  return held.content;
}
