import { type HomeView, type ModalView } from '@slack/types';

import { type Person } from '../../src/domain/ports.ts';
import { TOOLS } from '../../src/domain/rights.ts';
import { type Message } from '../../src/slack/messages/rich-text.ts';
import { type Surroundings } from '../../src/slack/messages/verdict.ts';

/** What the examples of every builder are made of. */
export interface Scene {
  /** Stands for every name that comes from a person or the database. */
  readonly name: string;
  /** Calendars, catalogs, courses, people, groups, subscriptions. */
  readonly size: number;
  /** Stands for every count. */
  readonly amount: number;
}

/** What one builder makes of a scene in one state. */
export type Example = { readonly state: string } & (
  | { readonly message: Message }
  | { readonly view: ModalView | HomeView }
  | { readonly text: string }
);

/** The examples of builders, by the builder's name in the source. */
export type Builders = Readonly<Record<string, (scene: Scene) => readonly Example[]>>;

export const NOW = new Date('2026-11-23T16:00:00Z');
export const ZONE = 'America/Chicago';
export const ALICE = { id: 7, slackUserId: 'U0ALICE' } as const;
export const BOB = { id: 8, slackUserId: 'U0BOB' } as const;

export const AROUND: Surroundings = {
  now: NOW,
  zone: ZONE,
  planBlock: true,
  workers: { alive: 1, lastSeenAt: NOW },
};

/** One of something for each of the scene's size, at most `most`. */
export function each<T>(scene: Scene, make: (index: number) => T, most = Infinity): T[] {
  return Array.from({ length: Math.min(scene.size, most) }, (_, index) => make(index));
}

/** Somebody who may do everything, on as many calendars as the scene has. */
export function personOf(scene: Scene): Person {
  const all = { read: true, write: true, add: true, delete: true };
  const calendars = new Set(each(scene, (index) => index + 1));
  return {
    ...ALICE,
    slackTeamId: 'T0DISTRICT',
    name: scene.name,
    rights: {
      tools: Object.fromEntries(TOOLS.map((tool) => [tool, all])),
      modifiableCalendars: calendars,
      visibleCalendars: calendars,
    },
  };
}
