import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { App } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { pino } from 'pino';
import ts from 'typescript';

import { registerListeners } from '../../../src/slack/app.ts';
import { slackLogger } from '../../../src/slack/api.ts';
import { registerUninstall } from '../../../src/slack/install/uninstall.ts';
import { appManifest, MANIFEST_MODES } from '../../../src/slack/manifest/manifest.ts';
import { OPTIONAL_SCOPES, REQUIRED_SCOPES } from '../../../src/slack/manifest/scopes.ts';
import { manifestFiles } from '../../../src/slack/manifest/write.ts';
import {
  memoryDistrict,
  memoryHomeTabs,
  memoryPeople,
  memoryQueue,
  memoryReports,
  memoryServices,
  memorySubscriptions,
} from '../../support/memory-services.ts';

const SLACK_SOURCES = 'src/slack';

/** What Slack's documentation says each method needs of a bot; without an entry a new call fails the test. */
const SCOPES_OF: Readonly<Record<string, readonly string[]>> = {
  'auth.revoke': [],
  'auth.test': [],
  'chat.delete': ['chat:write'],
  'chat.getPermalink': [],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.open': ['im:write'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'files.completeUploadExternal': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
  'usergroups.list': ['usergroups:read'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'views.open': [],
  'views.publish': [],
  'views.push': [],
  'views.update': [],
};

/** All methods of the Web API, as the client offers them: "chat.postMessage". */
function webApiMethods(): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (value: object, path: string): void => {
    for (const key of Object.keys(value)) {
      const member: unknown = Reflect.get(value, key);
      const at = path === '' ? key : `${path}.${key}`;
      if (typeof member === 'function') names.add(at);
      else if (typeof member === 'object' && member !== null && at.split('.').length < 4)
        visit(member, at);
    }
  };
  for (const family of [
    'auth',
    'chat',
    'conversations',
    'files',
    'users',
    'views',
    'usergroups',
    'reactions',
    'pins',
    'bookmarks',
    'team',
    'dnd',
    'reminders',
    'search',
    'stars',
    'emoji',
    'bots',
    'apps',
    'admin',
  ]) {
    const value: unknown = Reflect.get(new WebClient(), family);
    if (typeof value === 'object' && value !== null) visit(value, family);
  }
  return names;
}

/** `a.b.c.d` of a call's callee, as ["a", "b", "c", "d"]. */
function namesOf(node: ts.Expression): string[] {
  if (ts.isPropertyAccessExpression(node)) return [...namesOf(node.expression), node.name.text];
  return ts.isIdentifier(node) ? [node.text] : [''];
}

/** The Web API methods that the sources call. */
async function calledMethods(): Promise<Set<string>> {
  const methods = webApiMethods();
  const called = new Set<string>();
  const files = await readdir(SLACK_SOURCES, { recursive: true });
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    const text = await readFile(join(SLACK_SOURCES, file), 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) {
        const names = namesOf(node.expression);
        if (names.at(-1) === 'apiCall') called.add('apiCall');
        // The longest: usergroups.users.list is not users.list.
        const path = [3, 2]
          .map((length) => names.slice(-length).join('.'))
          .find((one) => names.length > one.split('.').length && methods.has(one));
        if (path !== undefined) called.add(path);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return called;
}

/** A Bolt app that notes what is registered on it. */
class NotingApp extends App {
  readonly noted: string[] = [];
  override command(...args: readonly unknown[]): void {
    this.noted.push(`command ${String(args[0])}`);
  }
  override event(...args: readonly unknown[]): void {
    this.noted.push(`event ${String(args[0])}`);
  }
  override shortcut(...args: readonly unknown[]): void {
    this.noted.push(`shortcut ${JSON.stringify(args[0])}`);
  }
  override action(...args: readonly unknown[]): void {
    this.noted.push(`interactivity action ${JSON.stringify(args[0])}`);
  }
  override view(...args: readonly unknown[]): void {
    this.noted.push(`interactivity view ${JSON.stringify(args[0])}`);
  }
  override options(...args: readonly unknown[]): void {
    this.noted.push(`menu ${JSON.stringify(args[0])}`);
  }
}

function registered(): string[] {
  const logger = pino({ level: 'silent' });
  const app = new NotingApp({
    signingSecret: 'secret',
    authorize: () => Promise.resolve({}),
    logger: slackLogger(logger),
  });
  registerListeners(app, {
    services: memoryServices(memoryDistrict()),
    queue: memoryQueue(),
    people: memoryPeople(),
    subscriptions: memorySubscriptions(),
    reports: memoryReports(),
    homeTabs: memoryHomeTabs(),
    profiles: {
      of: () => Promise.resolve({ zone: 'UTC', state: 'member' }),
      forget: () => undefined,
    },
    logger,
    zone: 'UTC',
    now: () => new Date(),
  });
  return app.noted;
}

describe('The manifest', () => {
  const manifest = appManifest('http');

  it('asks for exactly the scopes that the calls of the code need (F65)', async () => {
    const called = [...(await calledMethods())].sort();
    expect(called).toEqual(Object.keys(SCOPES_OF).sort());
    const needed = new Set(['commands', ...called.flatMap((method) => SCOPES_OF[method] ?? [])]);
    expect([...REQUIRED_SCOPES, ...OPTIONAL_SCOPES].sort()).toEqual([...needed].sort());
  });

  it('keeps optional what the code lives without', () => {
    const spared = OPTIONAL_SCOPES.filter((scope) => !scope.endsWith(':history'));
    expect(spared).toEqual(['im:write', 'channels:read', 'groups:read', 'usergroups:read']);
  });

  it('names exactly the commands, shortcuts and events that the code listens to', () => {
    const noted = registered();
    const { slash_commands: commands, shortcuts } = manifest.features;
    expect(noted.filter((one) => one.startsWith('command '))).toEqual(
      commands.map(({ command }) => `command ${command}`),
    );
    expect(noted.filter((one) => one.startsWith('shortcut '))).toEqual(
      shortcuts.map(
        ({ callback_id: id, type }) =>
          `shortcut ${JSON.stringify({ callback_id: id, type: type === 'global' ? 'shortcut' : 'message_action' })}`,
      ),
    );
    expect(noted.filter((one) => one.startsWith('event '))).toEqual(
      manifest.settings.event_subscriptions.bot_events.map((event) => `event ${event}`),
    );
  });

  it('switches interactivity on, and names where menus ask for options, since the code does (F18)', () => {
    const noted = registered();
    expect(noted.some((one) => one.startsWith('interactivity '))).toBe(true);
    expect(noted.some((one) => one.startsWith('menu '))).toBe(true);
    expect(manifest.settings.interactivity).toEqual({
      is_enabled: true,
      request_url: 'https://example.com/slack/events',
      message_menu_options_url: 'https://example.com/slack/events',
    });
  });

  it('sends people back who install it, and hears of workspaces that remove it, where there are several (F49)', () => {
    const app = new NotingApp({
      signingSecret: 'secret',
      authorize: () => Promise.resolve({}),
      logger: slackLogger(pino({ level: 'silent' })),
    });
    registerUninstall(app, {
      installations: {
        save: () => Promise.resolve(),
        find: () => Promise.resolve(undefined),
        list: () => Promise.resolve([]),
        remove: () => Promise.resolve(false),
      },
      logger: pino({ level: 'silent' }),
    });
    const several = appManifest('several-workspaces', 'https://push.example.org');
    const { bot_events: events } = several.settings.event_subscriptions;
    expect(events.map((event) => `event ${event}`)).toEqual([
      ...registered().filter((one) => one.startsWith('event ')),
      ...app.noted,
    ]);
    expect(several.oauth_config.redirect_urls).toEqual([
      'https://push.example.org/slack/oauth_redirect',
    ]);
    expect(appManifest('http').oauth_config).not.toHaveProperty('redirect_urls');
  });

  it('carries no address in the Socket Mode variant (F64)', () => {
    const text = JSON.stringify(appManifest('socket-mode'));
    expect(text).not.toContain('http');
    expect(text).toContain('"socket_mode_enabled":true');
  });

  it('puts the given address into every place of the HTTP variant', () => {
    const text = JSON.stringify(appManifest('http', 'https://push.example.org/'));
    expect(text.match(/https:\/\/push\.example\.org\/slack\/events/g)).toHaveLength(4);
    expect(text).not.toContain('example.com');
  });

  it('stays inside Slack’s lengths (F62)', () => {
    const { display_information: display, features } = manifest;
    expect(display.name.length).toBeLessThanOrEqual(35);
    expect(display.description.length).toBeLessThanOrEqual(140);
    expect(display.long_description.length).toBeGreaterThanOrEqual(175);
    expect(display.long_description.length).toBeLessThanOrEqual(4000);
    for (const shortcut of features.shortcuts) {
      expect(shortcut.name.length).toBeLessThanOrEqual(24);
      expect(shortcut.description.length).toBeLessThanOrEqual(150);
    }
    for (const { command, usage_hint: hint } of features.slash_commands) {
      expect(command.length).toBeLessThanOrEqual(32);
      expect(hint.length).toBeLessThanOrEqual(1000);
    }
  });

  it('is what `npm run manifests` wrote', async () => {
    expect((await readdir('manifests')).sort()).toEqual(
      MANIFEST_MODES.flatMap((mode) => [`${mode}.json`, `${mode}.yaml`]).sort(),
    );
    for (const [name, text] of manifestFiles()) {
      expect(await readFile(join('manifests', name), 'utf8')).toBe(text);
    }
  });
});
