import { type RunView } from '../../domain/push-run.ts';
import { count, moment, number } from '../wording.ts';
import { courseProgress, exceptionsOf, reportLines } from './run-words.ts';

/** What a message is told beside the run: the clock, the district's zone, the workers. */
export interface Surroundings {
  readonly now: Date;
  /** IANA zone of the district; named in every text, since readers may sit elsewhere. */
  readonly zone: string;
  /** Undefined when it was not asked. */
  readonly workers?: { readonly alive: number; readonly lastSeenAt: Date | null };
  /** False once Slack refused a `plan` block. */
  readonly planBlock: boolean;
  /** The conversation the message should have gone to, when it had to go to the person instead. */
  readonly lostChannelId?: string;
}

export interface Verdict {
  readonly emoji: string;
  /** First words of every message about the run; a state word, never only a picture (V20). */
  readonly headline: string;
  /** What it means for the district's data, as a sentence. */
  readonly detail: string;
}

/** The run's state in words (5.3–5.5). */
export function verdictOf(run: RunView, around: Surroundings): Verdict {
  switch (run.state) {
    case 'planning':
    case 'planned':
    case 'queued':
      return waiting(run, around);
    case 'awaiting_approval':
      return {
        emoji: 'raised_hand',
        headline: 'Waiting for approval',
        detail: 'Another person with the right to approve has to agree before it starts.',
      };
    case 'running':
      return running(run);
    case 'completed':
    case 'completed_with_exceptions':
      return completed(run);
    case 'failed':
      // The error is for the log and the CLI: it may hold text of the database.
      return {
        emoji: 'x',
        headline: 'Failed',
        detail: `${soFar(run)} Tell an administrator: push ${run.id} failed; the log says why.`,
      };
    case 'canceled':
      return { emoji: 'no_entry_sign', headline: 'Canceled', detail: soFar(run) };
    case 'rejected':
      return {
        emoji: 'no_entry_sign',
        headline: 'Rejected',
        detail: 'The approver said no. Nothing was pushed.',
      };
    case 'expired':
      return {
        emoji: 'hourglass',
        headline: 'Expired',
        detail: 'Nobody approved it in time. Nothing was pushed.',
      };
  }
}

function waiting(run: RunView, { now, zone, workers }: Surroundings): Verdict {
  if (!run.runNow && run.scheduledFor > now) {
    return {
      emoji: 'calendar',
      headline: 'Scheduled',
      detail: `It starts on ${moment(run.scheduledFor, zone)}.`,
    };
  }
  if (workers?.alive === 0) return noWorker(workers.lastSeenAt, zone);
  return run.state === 'planning'
    ? {
        emoji: 'mag',
        headline: 'Working out the plan',
        detail: 'Comparing every linked course with its course master.',
      }
    : { emoji: 'hourglass_flowing_sand', headline: 'Queued', detail: 'It starts in a moment.' };
}

/** B03: a push that appears and never runs means that batch processing is off. */
function noWorker(lastSeenAt: Date | null, zone: string): Verdict {
  const since = lastSeenAt === null ? '' : ` since ${moment(lastSeenAt, zone)}`;
  return {
    emoji: 'warning',
    headline: 'Queued, but nothing is processing the queue',
    detail: `No worker has been running${since}. The push starts by itself once one is.`,
  };
}

function running(run: RunView): Verdict {
  const { done, total } = courseProgress(run);
  return {
    emoji: 'arrows_counterclockwise',
    headline: 'Running',
    detail: `${number(done)} of ${count(total, 'course')} done.`,
  };
}

function completed(run: RunView): Verdict {
  const exceptions = exceptionsOf(run);
  if (run.applied === 0 && exceptions === 0) {
    return {
      emoji: 'white_check_mark',
      headline: 'Nothing needed doing: everything was already up to date',
      detail: `Nothing was written.${leftAlone(run)}`,
    };
  }
  return {
    emoji: exceptions === 0 ? 'white_check_mark' : 'ballot_box_with_check',
    headline: exceptions === 0 ? 'Completed' : `Completed with ${count(exceptions, 'exception')}`,
    detail: `${written(run)}${leftAlone(run)}`,
  };
}

/** Lines of the push report that are no exceptions: not locked, ignored, or the school's own. */
function leftAlone(run: RunView): string {
  const items = reportLines(run) - exceptionsOf(run);
  if (items <= 0) return '';
  const were = items === 1 ? 'was' : 'were';
  return ` ${count(items, 'item')} ${were} left alone on purpose; the push report says why.`;
}

function soFar(run: RunView): string {
  if (run.applied === 0) return 'Nothing was pushed.';
  const { done, total } = courseProgress(run);
  return `${number(done)} of ${count(total, 'course')} were done and stay pushed.`;
}

function written(run: RunView): string {
  if (run.applied === 0) return 'Nothing was written.';
  return `${count(run.applied, 'item was', 'items were')} written.`;
}
