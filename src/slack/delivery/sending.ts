import { type WebClient } from '@slack/web-api';
import { type Logger } from 'pino';

import { type NoticeBox, type PushServices } from '../../domain/ports.ts';
import { type RunView } from '../../domain/push-run.ts';
import { type Surroundings } from '../messages/verdict.ts';
import { type Conversations } from './conversations.ts';
import { type Pace } from './pace.ts';
import { type Posted, type Poster } from './poster.ts';

export interface DeliverySettings {
  readonly client: WebClient;
  readonly services: PushServices;
  readonly notices: NoticeBox;
  readonly logger: Logger;
  /** IANA zone of the district. */
  readonly zone: string;
  readonly now: () => Date;
  /** Where requests for approval are posted, beside directly to each approver. */
  readonly approversChannel?: string | undefined;
}

export interface Sending extends DeliverySettings {
  readonly pace: Pace;
  readonly poster: Poster;
  readonly conversations: Conversations;
  /** What each run's anchor shows once its edit is made, so that one that changes nothing is not. */
  readonly shown: Map<number, { readonly content: string; readonly edit: Promise<void> }>;
  /** Threads being opened anew, by run and lost anchor: two notices open one. */
  readonly reopening: Map<string, Promise<Posted>>;
}

/** A run with a thread to post in. */
export type ThreadedRun = RunView & { readonly thread: NonNullable<RunView['thread']> };

export function isThreaded(run: RunView): run is ThreadedRun {
  return run.thread !== null;
}

export function surroundings(delivery: DeliverySettings): Surroundings {
  return { now: delivery.now(), zone: delivery.zone, planBlock: true };
}
