import { approvalsOf } from '../../domain/approval.ts';
import { type RunView } from '../../domain/push-run.ts';
import { count, moment, number, plainName } from '../wording.ts';
import { courseProgress, exceptionsOf, reportLines } from './run-words.ts';

/** Characters of an approver's reason in a message; the audit log has all of it. */
const REASON_LENGTH = 500;

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
  return VERDICTS[run.state](run, around);
}

const VERDICTS: Readonly<
  Record<RunView['state'], (run: RunView, around: Surroundings) => Verdict>
> = {
  planning: waiting,
  planned: asking,
  awaiting_approval: asking,
  queued: waiting,
  running,
  completed,
  completed_with_exceptions: completed,
  failed,
  canceled,
  rejected,
  expired,
};

function expired(run: RunView): Verdict {
  return {
    emoji: 'hourglass',
    headline: 'Expired',
    detail:
      run.approval === null
        ? `${plainName(run.requestedBy.name)} did not confirm the plan in time. Nothing was pushed.`
        : 'Nobody approved it in time. Nothing was pushed.',
  };
}

/** Somebody has to say yes first: the requester to the plan, or the approvers to an overwrite. */
function asking(run: RunView, { zone }: Surroundings): Verdict {
  const until = run.answerBy === null ? '' : ` by ${moment(run.answerBy, zone)}`;
  if (run.state === 'planned') {
    return {
      emoji: 'clipboard',
      headline: 'Planned',
      detail: `It waits for the word of ${plainName(run.requestedBy.name)}${until}.`,
    };
  }
  const given = run.approval === null ? 0 : approvalsOf(run.approval).length;
  const left = Math.max(1, (run.approval?.quorum ?? 1) - given);
  const had = given === 0 ? '' : ` ${count(given, 'person', 'people')} approved it.`;
  return {
    emoji: 'raised_hand',
    headline: 'Waiting for approval',
    detail:
      `${count(left, given === 0 ? 'other person' : 'more person', given === 0 ? 'other people' : 'more people')} ` +
      `with the right to approve ${left === 1 ? 'has' : 'have'} to agree${until} before it starts.${had}`,
  };
}

const WITHDRAWN_RIGHTS = 'Rights withdrawn: ';

function failed(run: RunView): Verdict {
  // Other errors are for the log and the CLI: they may hold text of the database.
  const why = run.error?.startsWith(WITHDRAWN_RIGHTS) === true ? run.error : undefined;
  return {
    emoji: 'x',
    headline: 'Failed',
    detail:
      why === undefined
        ? `${soFar(run)} Tell an administrator: push ${run.id} failed; the log says why.`
        : `${soFar(run)} ${plainName(why, 300)}`,
  };
}

function canceled(run: RunView): Verdict {
  const { endedBy } = run;
  if (endedBy === null) return { emoji: 'no_entry_sign', headline: 'Canceled', detail: soFar(run) };
  const isOwn = endedBy.id === run.requestedBy.id && run.startedAt === null;
  return {
    emoji: 'no_entry_sign',
    headline: isOwn ? 'Withdrawn' : 'Canceled',
    detail: `By ${plainName(endedBy.name)}. ${soFar(run)}`,
  };
}

function rejected(run: RunView): Verdict {
  const decision = run.approval?.decisions.findLast((one) => one.decision === 'reject');
  const who = decision === undefined ? 'The approver' : plainName(decision.by.name);
  const reason = decision?.reason ?? null;
  const why = reason === null ? '.' : `: “${plainName(reason, REASON_LENGTH)}”`;
  return {
    emoji: 'no_entry_sign',
    headline: 'Rejected',
    detail: `${who} said no${why} Nothing was pushed.`,
  };
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
