import { type DeliveryTrouble } from '../../domain/delivery.ts';
import { type Notice } from '../../domain/ports.ts';
import { type RunView } from '../../domain/push-run.ts';
import { finishedMessage } from '../messages/finished.ts';
import { sendAnchor, sendProgress, showEnd } from './anchor.ts';
import { sendApproval, sendDecision, sendPlan, sendReminder } from './ask.ts';
import { createConversations } from './conversations.ts';
import { giveUp } from './give-up.ts';
import { createPace, type Pace } from './pace.ts';
import { sendChangedPlan, sendNewTime } from './news.ts';
import { createPoster } from './poster.ts';
import { sendFiles } from './send-files.ts';
import {
  type DeliverySettings,
  isThreaded,
  type Sending,
  surroundings,
  type ThreadedRun,
} from './sending.ts';
import { sendToSubscriber } from './subscribers.ts';
import { sweep } from './sweep.ts';
import { postInThread } from './thread.ts';

/** Sends one claimed notice, and throws what goes wrong. */
export interface Delivery {
  deliver(notice: Notice): Promise<void>;
  /** Removes doubles of a message of which a call got no answer. */
  sweep(notice: Notice): Promise<void>;
  /** Drops the notice and tells the person who misses it. */
  giveUp(notice: Notice, why: { reason: string; trouble: DeliveryTrouble }): Promise<void>;
  readonly pace: Pace;
}

/** The sender of single notices; the loop around it decides what becomes of a failure. */
export function createDelivery(settings: DeliverySettings): Delivery {
  const { client, logger } = settings;
  const pace = createPace(() => settings.now().getTime());
  const delivery: Sending = {
    ...settings,
    pace,
    poster: createPoster(client, pace, logger),
    conversations: createConversations(client, logger),
    shown: new Map(),
    reopening: new Map(),
  };
  return {
    pace,
    deliver: async (notice) => {
      const run = await settings.services.run(notice.runId);
      if (run === undefined) await settings.notices.drop(notice.id, 'there is no such run');
      else await send(delivery, run, notice);
    },
    sweep: (notice) => sweep(delivery, notice),
    giveUp: (notice, why) => giveUp(delivery, notice, why),
  };
}

async function send(delivery: Sending, run: RunView, notice: Notice): Promise<void> {
  if (notice.kind === 'approval') await sendApproval(delivery, run, notice);
  else if (notice.kind === 'reminder') await sendReminder(delivery, run, notice);
  else if (notice.kind === 'subscribed') await sendToSubscriber(delivery, run, notice);
  else if (isThreaded(run)) await IN_THREAD[notice.kind](delivery, run, notice);
  else await delivery.notices.drop(notice.id, 'the run has no thread');
}

const IN_THREAD: Readonly<
  Record<
    Exclude<Notice['kind'], 'approval' | 'reminder' | 'subscribed'>,
    (delivery: Sending, run: ThreadedRun, notice: Notice) => Promise<void>
  >
> = {
  anchor: sendAnchor,
  progress: sendProgress,
  plan: sendPlan,
  plan_files: sendFiles,
  decision: sendDecision,
  new_time: sendNewTime,
  changed_plan: sendChangedPlan,
  finished: sendFinished,
  files: sendFiles,
};

/** The end state in the anchor first, then the one new reply that notifies (5.5). */
async function sendFinished(delivery: Sending, run: ThreadedRun, notice: Notice): Promise<void> {
  await showEnd(delivery, run);
  const around = surroundings(delivery);
  await postInThread(delivery, {
    ...{ run, notice },
    draft: (more) => finishedMessage(run, { ...around, ...more }),
  });
}
