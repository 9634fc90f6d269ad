import { randomBytes } from 'node:crypto';

import {
  type ChannelInfo,
  type JsonObject,
  type OpenView,
  type SlackView,
  type StateValues,
} from './contract.ts';
import { stateValues } from './form-state.ts';
import { type Journal } from './journal.ts';
import { isObject, objects, text } from './json.ts';

const ACT_WINDOW_MS = 3000;

interface Held {
  readonly user: string;
  readonly open: OpenView;
  readonly current: ChannelInfo | undefined;
}

/** Ids and hash that the Web API gave a view. */
export interface ViewIdentity {
  readonly id: string;
  readonly hash: string;
}

/** Modal stacks and Home tabs as people have them open, with what they filled in. */
export class ViewStore {
  readonly #stacks = new Map<string, Held[]>();
  readonly #homes = new Map<string, Held>();
  readonly #actedAt = new Map<string, number>();
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  stack(user: string): readonly OpenView[] {
    return (this.#stacks.get(user) ?? []).map((held) => held.open);
  }

  top(user: string): OpenView | undefined {
    return this.stack(user).at(-1);
  }

  home(user: string): OpenView | undefined {
    return this.#homes.get(user)?.open;
  }

  /** Finds an open modal or a Home by its view id or external_id. */
  find(id: string, externalId = ''): { user: string; open: OpenView } | undefined {
    const all = [...[...this.#stacks.values()].flat(), ...this.#homes.values()];
    return all.find(
      ({ open }) =>
        open.id === id || (externalId !== '' && open.view['external_id'] === externalId),
    );
  }

  /** Puts a modal on top; `views.open` starts a new stack, `views.push` adds to the one there is. */
  open(
    user: string,
    made: {
      identity: ViewIdentity;
      view: SlackView;
      push: boolean;
      current: ChannelInfo | undefined;
    },
  ): OpenView {
    const before = made.push ? (this.#stacks.get(user) ?? []) : [];
    if (!made.push) this.clear(user);
    const under = before.at(-1);
    const below = under?.open;
    const current = made.current ?? under?.current;
    const open: OpenView = {
      ...made.identity,
      rootViewId: below?.rootViewId ?? made.identity.id,
      previousViewId: below?.id ?? null,
      view: made.view,
      values: stateValues(made.view.blocks, {}, current),
      errors: {},
    };
    this.#stacks.set(user, [...before, { user, open, current }]);
    this.#journal.emit({ type: 'view_opened', user, view: open });
    return open;
  }

  publishHome(user: string, identity: ViewIdentity, view: SlackView): OpenView {
    const before = this.#homes.get(user)?.open.values ?? {};
    const open: OpenView = {
      ...identity,
      rootViewId: identity.id,
      previousViewId: null,
      view,
      values: stateValues(view.blocks, before, undefined),
      errors: {},
    };
    this.#homes.set(user, { user, open, current: undefined });
    this.#journal.emit({ type: 'home_published', user, view: open });
    return open;
  }

  /** Gives an open view new content; values survive by F14, errors go. */
  update(identity: ViewIdentity, view: SlackView): void {
    this.#change(identity.id, ({ open, current }) => ({
      ...open,
      hash: identity.hash,
      view,
      values: stateValues(view.blocks, open.values, current),
      errors: {},
    }));
  }

  setValue(viewId: string, place: { blockId: string; actionId: string }, state: JsonObject): void {
    this.#change(viewId, ({ open }) => ({
      ...open,
      values: withValue(open.values, place, state),
      errors: Object.fromEntries(
        Object.entries(open.errors).filter(([blockId]) => blockId !== place.blockId),
      ),
    }));
  }

  /** Remembers that the app has just been told of an act in this view. */
  noteAction(viewId: string): void {
    this.#actedAt.set(viewId, Date.now());
  }

  /** The view was submitted: what was done in it before is answered. */
  forgetAction(viewId: string): void {
    this.#actedAt.delete(viewId);
  }

  /** Is an answer to an act in this view still to be expected? */
  wasJustActedIn(viewId: string): boolean {
    return Date.now() - (this.#actedAt.get(viewId) ?? 0) < ACT_WINDOW_MS;
  }

  setErrors(viewId: string, errors: Readonly<Record<string, string>>): void {
    this.#change(viewId, ({ open }) => ({ ...open, errors }));
  }

  /** Takes one view off its stack. */
  remove(viewId: string): void {
    for (const [user, held] of this.#stacks) {
      const gone = held.find(({ open }) => open.id === viewId);
      if (gone === undefined) continue;
      this.#stacks.set(
        user,
        held.filter((one) => one !== gone),
      );
      this.#journal.emit({ type: 'view_closed', user, view: gone.open });
    }
  }

  /** Closes all modals of a person. */
  clear(user: string): void {
    for (const open of this.stack(user).toReversed()) this.remove(open.id);
  }

  #change(viewId: string, make: (held: Held) => OpenView): void {
    for (const [user, held] of this.#stacks) {
      const index = held.findIndex(({ open }) => open.id === viewId);
      const before = held[index];
      if (before === undefined) continue;
      const open = make(before);
      this.#stacks.set(user, held.with(index, { ...before, open }));
      this.#journal.emit({ type: 'view_updated', user, view: open });
    }
    for (const [user, held] of this.#homes) {
      if (held.open.id !== viewId) continue;
      const open = make(held);
      this.#homes.set(user, { ...held, open });
      this.#journal.emit({ type: 'home_published', user, view: open });
    }
  }
}

function withValue(
  values: StateValues,
  { blockId, actionId }: { blockId: string; actionId: string },
  state: JsonObject,
): StateValues {
  return { ...values, [blockId]: { ...values[blockId], [actionId]: state } };
}

/** Gives every block and interactive element that has no id one, as Slack does. */
export function withIds(blocks: readonly JsonObject[]): JsonObject[] {
  return blocks.map((block) => {
    const named: Record<string, JsonObject[string]> = {
      ...block,
      block_id: text(block['block_id']) || madeUpId(),
    };
    for (const key of ['element', 'accessory']) {
      const element = block[key];
      if (isObject(element)) named[key] = withActionId(element);
    }
    if (block['type'] === 'actions' || block['type'] === 'context_actions') {
      named['elements'] = objects(block['elements']).map(withActionId);
    }
    if (block['type'] === 'container')
      named['child_blocks'] = withIds(objects(block['child_blocks']));
    return named;
  });
}

function withActionId(element: JsonObject): JsonObject {
  if (element['type'] === 'image' || text(element['action_id']) !== '') return element;
  return { ...element, action_id: madeUpId() };
}

function madeUpId(): string {
  return randomBytes(4).toString('base64url').slice(0, 5);
}
