import { App } from '@slack/bolt';
import { pino } from 'pino';
import { z } from 'zod';

import { slackLogger } from '../../src/slack/api.ts';
import { registerListeners } from '../../src/slack/app.ts';
import {
  memoryDistrict,
  memoryHomeTabs,
  memoryPeople,
  memoryQueue,
  memoryReports,
  memoryServices,
  memorySubscriptions,
} from './memory-services.ts';

/** A way for a payload to reach a listener of the app. */
export interface EntryPoint {
  readonly kind: 'command' | 'shortcut' | 'message_action' | 'action' | 'view' | 'options' | 'home';
  /** The words of a command, an action_id, or a callback_id. */
  readonly id: string;
}

const named = z.looseObject({
  type: z.string(),
  action_id: z.union([z.string(), z.instanceof(RegExp)]).optional(),
  callback_id: z.string().optional(),
});

/** Ids of rows, one for each pattern that a listener can have. */
const ROWS = ['people_change~U1', 'people_group~1', 'queue_row~1~1', 'home_show~1'];
const BUTTONS = 'plan_ask plan_push plan_push_now plan_show plan_change plan_withdraw plan_cancel'
  .concat(' plan_file approval_approve approval_reject subscription_remove~1')
  .split(' ');

/** Notes what is registered on it. */
class NotingApp extends App {
  readonly noted: EntryPoint[] = [];
  override shortcut(...[constraints]: readonly unknown[]): void {
    const { type, callback_id: id = '' } = named.parse(constraints);
    this.noted.push({ kind: type === 'message_action' ? type : 'shortcut', id });
  }
  override action(...[constraints]: readonly unknown[]): void {
    this.#note('action', constraints);
  }
  override options(...[constraints]: readonly unknown[]): void {
    this.#note('options', constraints);
  }
  override view(...[constraints]: readonly unknown[]): void {
    this.noted.push({ kind: 'view', id: named.parse(constraints).callback_id ?? '' });
  }
  #note(kind: 'action' | 'options', constraints: unknown): void {
    const { action_id: id = '' } = named.parse(constraints);
    this.noted.push({ kind, id: typeof id === 'string' ? id : rowOf(id) });
  }
}

function rowOf(pattern: RegExp): string {
  const row = [...ROWS, ...BUTTONS].find((id) => pattern.test(id));
  if (row === undefined) throw new Error(`no id is known that ${String(pattern)} takes`);
  return row;
}

/** The words of the command that show or do anything; `help` tells everybody the same. */
const COMMANDS =
  'new|queue|queue mine|approvals|master 1010|report residual|people|notify|show 1|cancel 1';

/** Every way into the app that its own listeners register. */
export function entryPoints(): EntryPoint[] {
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
  const words = ['', ...COMMANDS.split('|')];
  return [
    ...words.map((id): EntryPoint => ({ kind: 'command', id })),
    ...app.noted,
    { kind: 'home', id: 'home' },
  ];
}

/** Who sends a payload, and marks by which its answers are found. */
export interface Sender {
  readonly userId: string;
  readonly teamId: string;
  readonly enterpriseId?: string;
  readonly triggerId: string;
  readonly viewId: string;
  readonly responseUrl: string;
}

/** The value of a button: a run, a run and its plan, or a choice about a run. */
function valueOf(actionId: string): string {
  if (actionId.startsWith('next_')) return '1';
  return /^(plan|approval)_/.test(actionId) ? '1.abcdef012345' : 'show:1';
}

/** What any of our modals may carry along. */
const METADATA = JSON.stringify({
  ...{
    channelId: null,
    zone: 'UTC',
    runId: 1,
    hash: '',
    page: 0,
    question: 'cancel',
    filter: null,
  },
  ...{ report: 'residual', slackTeamId: 'T1', slackUserId: 'U1', shown: [] },
  ...{ groupId: 1, modify: [], see: [] },
});

/** What Slack would send for an entry point. */
export function payloadOf(
  { kind, id }: EntryPoint,
  sender: Sender,
): {
  kind: 'slash_commands' | 'interactive' | 'events_api';
  payload: Record<string, z.core.util.JSONType>;
} {
  const { userId, teamId, enterpriseId, triggerId, viewId, responseUrl } = sender;
  const enterprise = enterpriseId === undefined ? null : { id: enterpriseId, name: 'Others' };
  const way = { trigger_id: triggerId, response_url: responseUrl };
  const common = {
    user: { id: userId, team_id: teamId, name: userId },
    team: { id: teamId, domain: 'x' },
    enterprise,
    channel: { id: 'C1', name: 'pushes' },
  };
  const view = {
    ...{ id: viewId, hash: 'h', type: 'modal', callback_id: id, private_metadata: METADATA },
    ...{ root_view_id: viewId, previous_view_id: null, state: { values: {} }, blocks: [] },
    ...{ title: { type: 'plain_text', text: 'x' }, submit: null, close: null },
  };
  switch (kind) {
    case 'command': {
      const of = { user_id: userId, team_id: teamId, channel_id: 'C1' };
      const organization = enterpriseId === undefined ? {} : { enterprise_id: enterpriseId };
      const command = '/push-course-masters';
      return {
        kind: 'slash_commands',
        payload: { ...of, ...organization, ...way, command, text: id },
      };
    }
    case 'shortcut':
      return {
        kind: 'interactive',
        payload: { ...common, ...way, type: 'shortcut', callback_id: id },
      };
    case 'message_action': {
      const on = { message_ts: '1.1', message: { ts: '1.1', text: 'x' } };
      return {
        kind: 'interactive',
        payload: { ...common, ...way, ...on, type: kind, callback_id: id },
      };
    }
    case 'action': {
      const used = {
        type: 'button',
        action_id: id,
        block_id: 'b',
        action_ts: '1.1',
        value: valueOf(id),
      };
      const actions = [{ ...used, selected_user: 'U1' }];
      return {
        kind: 'interactive',
        payload: { ...common, ...way, type: 'block_actions', actions, view },
      };
    }
    case 'view':
      return {
        kind: 'interactive',
        payload: { ...common, ...way, type: 'view_submission', view, response_urls: [] },
      };
    case 'options': {
      const asked = { action_id: id, block_id: 'picks~1~1', value: '' };
      return {
        kind: 'interactive',
        payload: { ...common, ...asked, type: 'block_suggestion', view },
      };
    }
    case 'home': {
      const event = { type: 'app_home_opened', user: userId, tab: 'home', channel: 'D1' };
      const from = enterpriseId === undefined ? {} : { enterprise_id: enterpriseId };
      return {
        kind: 'events_api',
        payload: { type: 'event_callback', team_id: teamId, ...from, event },
      };
    }
  }
}
