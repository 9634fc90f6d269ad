import { z } from 'zod';

import { type JsonObject, type OpenView, type SlackView } from '../contract.ts';
import { accepted, type Core, enforce } from '../core.ts';
import { isObject, objects, text } from '../json.ts';
import { type Trigger } from '../passes.ts';
import { type Finding, houseRule } from '../rules/finding.ts';
import { checkView } from '../rules/payloads.ts';
import { type ViewIdentity, withIds } from '../view-store.ts';
import { INSTALLATION } from '../world.ts';
import { refuseWhen } from './channels.ts';
import { type Method, method, needed } from './method.ts';

const STACK_LIMIT = 3;
const opening = z.looseObject({ trigger_id: needed, view: z.unknown().optional() });
const updating = z.looseObject({
  view: z.unknown().optional(),
  view_id: z.string().optional(),
  external_id: z.string().optional(),
  hash: z.string().optional(),
});
const publishing = z.looseObject({
  user_id: needed,
  view: z.unknown().optional(),
  hash: z.string().optional(),
});

/** The views.* methods; emulate makes ids, hashes and conflicts, the stand-in checks views and keeps the stacks. */
export const viewMethods: readonly [string, Method][] = [
  method({
    name: 'views.open',
    args: opening,
    run: async (core, args) => {
      const view = checkedView(core, 'views.open', args.view);
      const trigger = exchange(core, 'views.open', args.trigger_id);
      return { ok: true, view: await openView(core, { trigger, view, push: false }) };
    },
  }),
  method({
    name: 'views.push',
    args: opening,
    run: async (core, args) => {
      const view = checkedView(core, 'views.push', args.view);
      const trigger = exchange(core, 'views.push', args.trigger_id);
      const depth = core.views.stack(trigger.userId).length;
      refuseWhen(core, 'views.push', [
        [
          trigger.viewId === undefined || depth === 0,
          'view_not_found',
          'The trigger does not come from an open modal.',
        ],
        [depth >= STACK_LIMIT, 'push_limit_reached', 'Three modals are open already.'],
      ]);
      return { ok: true, view: await openView(core, { trigger, view, push: true }) };
    },
  }),
  method({ name: 'views.update', args: updating, run: updateCall }),
  method({
    name: 'views.publish',
    args: publishing,
    run: async (core, args) => {
      const where = 'views.publish';
      const person = core.world.people.get(args.user_id);
      refuseWhen(core, where, [
        [
          person === undefined || person.isBot,
          'user_not_found',
          `Nobody has the id ${args.user_id}.`,
        ],
        [
          core.manifest.features?.app_home?.home_tab_enabled !== true,
          'not_enabled',
          'The manifest does not enable the Home tab.',
        ],
      ]);
      const view = checkedView(core, where, args.view);
      const answer = accepted(
        await core.backing.call(where, {
          user_id: args.user_id,
          view,
          ...(args.hash === undefined ? {} : { hash: args.hash }),
        }),
      );
      const open = core.views.publishHome(args.user_id, identityOf(answer), view);
      return { ok: true, view: viewPayload(open) };
    },
  }),
];

async function updateCall(core: Core, args: z.infer<typeof updating>): Promise<JsonObject> {
  const where = 'views.update';
  const held = core.views.find(args.view_id ?? '', args.external_id);
  refuseWhen(core, where, [
    [held === undefined, 'not_found', 'The view is not open any more, or never was.'],
  ]);
  const view = checkedView(core, where, args.view);
  // V22: without the hash, two answers to quick acts can overtake each other (F13).
  const isAnswer = core.views.wasJustActedIn(held?.open.id ?? '');
  const isRisky = isAnswer && args.hash === undefined;
  const findings: Finding[] = isRisky
    ? [houseRule('V22', ['hash'], 'views.update without hash.')]
    : [];
  enforce(core, where, { findings, usualError: 'invalid_arguments' });
  return {
    ok: true,
    view: await updateView(core, { viewId: held?.open.id ?? '', view, hash: args.hash }),
  };
}

/** Opens or pushes a view that has been checked. @returns the `view` of the answer */
export async function openView(
  core: Core,
  made: { trigger: Trigger; view: SlackView; push: boolean },
): Promise<JsonObject> {
  const { trigger, view, push } = made;
  const below = push ? core.views.top(trigger.userId)?.id : undefined;
  // emulate never forgets a closed view and would count it in the stack, so a push is an open to it.
  const triggerId = await core.backing.trigger(trigger.userId);
  const answer = accepted(await core.backing.call('views.open', { trigger_id: triggerId, view }));
  const current = core.world.channels.get(trigger.channelId ?? '');
  const open = core.views.open(trigger.userId, {
    identity: identityOf(answer),
    view,
    push: below !== undefined,
    current,
  });
  return viewPayload(open);
}

/** Replaces an open view. @throws SlackApiError hash_conflict */
export async function updateView(
  core: Core,
  made: { viewId: string; view: SlackView; hash?: string | undefined },
): Promise<JsonObject> {
  const { viewId, view, hash } = made;
  const answer = await core.backing.call('views.update', {
    view_id: viewId,
    view,
    ...(hash === undefined ? {} : { hash }),
  });
  if (answer['error'] === 'hash_conflict') {
    refuseWhen(core, 'views.update', [
      [true, 'hash_conflict', 'The view has changed since this hash.'],
    ]);
  }
  core.views.update(identityOf(accepted(answer)), view);
  const open = core.views.find(viewId)?.open;
  return open === undefined ? {} : viewPayload(open);
}

/** Tells emulate that a view is gone, so that its external_id is free again. */
export async function forgetView(core: Core, open: OpenView): Promise<void> {
  core.views.remove(open.id);
  if (open.view['external_id'] === undefined) return;
  await core.backing.call('views.update', {
    view_id: open.id,
    view: { ...open.view, external_id: '' },
  });
}

/** Checks a view by the rules and gives its blocks ids. @throws SlackApiError invalid_arguments */
export function checkedView(core: Core, where: string, sent: unknown): SlackView {
  enforce(core, where, { findings: checkView(sent), usualError: 'invalid_arguments' });
  return named(sent);
}

/** A view with ids on all blocks and elements. */
export function named(sent: unknown): SlackView {
  const view = isObject(sent) ? sent : {};
  return {
    ...view,
    type: view['type'] === 'home' ? 'home' : 'modal',
    blocks: withIds(objects(view['blocks'])),
  };
}

function exchange(core: Core, where: string, triggerId: string): Trigger {
  const trigger = core.passes.exchangeTrigger(triggerId);
  if (typeof trigger !== 'string') return trigger;
  refuseWhen(core, where, [[true, trigger, 'A trigger_id works once and for 3 seconds.']]);
  return { userId: '' };
}

function identityOf(answer: JsonObject): ViewIdentity {
  const view = isObject(answer['view']) ? answer['view'] : {};
  return { id: text(view['id']), hash: text(view['hash']) };
}

/** A view as Slack puts it into answers and interaction payloads. */
export function viewPayload(open: OpenView): JsonObject {
  const { view } = open;
  return {
    id: open.id,
    team_id: INSTALLATION.teamId,
    type: view.type,
    blocks: view.blocks,
    private_metadata: text(view['private_metadata']),
    callback_id: text(view['callback_id']),
    state: { values: open.values },
    hash: open.hash,
    title: view['title'] ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: view['clear_on_close'] ?? false,
    notify_on_close: view['notify_on_close'] ?? false,
    close: view['close'] ?? null,
    submit: view['submit'] ?? null,
    previous_view_id: open.previousViewId,
    root_view_id: open.rootViewId,
    app_id: INSTALLATION.appId,
    external_id: text(view['external_id']),
    app_installed_team_id: INSTALLATION.teamId,
    bot_id: INSTALLATION.botId,
  };
}
