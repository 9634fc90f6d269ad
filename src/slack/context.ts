import { randomInt } from 'node:crypto';

import { type BlockAction, type ViewSubmitAction } from '@slack/bolt';
import { type WebClient } from '@slack/web-api';
import { type Logger } from 'pino';

import { type HomeTabs } from '../domain/home-tabs.ts';
import { type PeopleAdmin } from '../domain/people-admin.ts';
import { type PushServices } from '../domain/ports.ts';
import { type QueueServices } from '../domain/queue-list.ts';
import { type SetupReports } from '../domain/setup-report.ts';
import { type Subscriptions } from '../domain/subscriptions.ts';
import { type Profiles } from './profiles.ts';

/** What every listener needs. */
export interface SlackContext {
  readonly services: PushServices;
  readonly queue: QueueServices;
  readonly people: PeopleAdmin;
  readonly subscriptions: Subscriptions;
  readonly reports: SetupReports;
  readonly homeTabs: HomeTabs;
  readonly profiles: Profiles;
  readonly logger: Logger;
  /** IANA zone of the district, for texts that name a time. */
  readonly zone: string;
  readonly now: () => Date;
}

/** A Slack user in their workspace, as a payload names them. */
export interface Who {
  readonly teamId: string;
  readonly userId: string;
}

/** Who clicked or submitted. */
export function whoOf(body: {
  readonly team: { readonly id: string } | null;
  readonly user: { readonly id: string; readonly team_id?: string };
}): Who {
  return { teamId: body.team?.id ?? body.user.team_id ?? '', userId: body.user.id };
}

/** What `fromOf` says of a modal, which has no conversation. */
export const FROM_MODAL = 'slack:modal';

/** From where, for the audit log: the conversation of a message, or a modal. */
export function fromOf(body: BlockAction | ViewSubmitAction): string {
  const channel = body.type === 'block_actions' ? body.channel?.id : undefined;
  return channel === undefined ? FROM_MODAL : `slack:${channel}`;
}

/** A client with the short patience of `interactiveOptions`. */
export type InteractiveClient = WebClient;

const REFERENCE_LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** A short id that a person can read out and that finds the line of the log: "7F3K". */
export function newReference(): string {
  return Array.from(
    { length: 4 },
    () => REFERENCE_LETTERS[randomInt(REFERENCE_LETTERS.length)],
  ).join('');
}
