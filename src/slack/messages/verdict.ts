import { approvalsOf } from '../../domain/approval.ts';
import { neededNothing, type RunView } from '../../domain/push-run.ts';
import { clock, count, moment, number, plainName } from '../wording.ts';
import {
  type CourseFigures,
  coursesDone,
  coursesIn,
  didWord,
  exceptionsOf,
  reportLines,
} from './run-words.ts';

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
  const nothing = `Nothing was ${didWord(run)}.`;
  return {
    emoji: 'hourglass',
    headline: 'Expired',
    detail:
      run.approval === null
        ? `${plainName(run.requestedBy.name)} did not confirm the plan in time. ${nothing}`
        : `Nobody approved it in time. ${nothing}`,
  };
}

/** Somebody has to say yes first: the requester to the plan, or the approvers to an overwrite. */
function asking(run: RunView, { zone }: Surroundings): Verdict {
  const until = run.answerBy === null ? '' : ` by ${moment(run.answerBy, zone)}`;
  if (run.state === 'awaiting_approval') return askingOthers(run, until);
  return {
    emoji: 'clipboard',
    headline: 'Planned',
    detail: `${plainName(run.requestedBy.name)} has to confirm it${until}.`,
  };
}

function askingOthers({ approval }: RunView, until: string): Verdict {
  const given = approval === null ? 0 : approvalsOf(approval).length;
  const left = Math.max(1, (approval?.quorum ?? 1) - given);
  const others =
    given === 0
      ? count(left, 'other person', 'other people')
      : count(left, 'more person', 'more people');
  const had = given === 0 ? '' : ` ${count(given, 'person', 'people')} approved it.`;
  const isAgain = approval !== null && approval.earlierPlanId !== null;
  return {
    emoji: 'raised_hand',
    headline: isAgain ? 'Approval needed again' : 'Waiting for approval',
    detail:
      `${others} with the right to approve ${left === 1 ? 'has' : 'have'} to agree${until} before it starts.${had}` +
      (isAgain ? ' The plan changed since it was approved.' : ''),
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
  const why = reason === null ? '.' : `: “${plainName(reason, REASON_LENGTH)}”.`;
  return {
    emoji: 'no_entry_sign',
    headline: 'Rejected',
    detail: `${who} said no${why} Nothing was ${didWord(run)}.`,
  };
}

/** Answer to whoever canceled a push that a worker is at, be it planning or writing. */
export function stoppingSentence(runId: number): string {
  return `Push #${runId} is stopping: what it is at right now is finished first.`;
}

/** Planning is due at once, also of a push for later: its requester waits for the preview. */
function waiting(run: RunView, around: Surroundings): Verdict {
  if (run.state === 'planning' && run.isStopping && run.endedBy !== null)
    return {
      emoji: 'no_entry_sign',
      headline: 'Stopping',
      detail: `It was canceled and ends with the plan it works out. Nothing was ${didWord(run)}.`,
    };
  const { now, zone, workers } = around;
  const isLater = !run.runNow && run.scheduledFor > now;
  const start = isLater ? ` It starts on ${moment(run.scheduledFor, zone)}.` : '';
  if (run.state === 'queued' && isLater)
    return { emoji: 'calendar', headline: 'Scheduled', detail: start.trim() };
  if (workers?.alive === 0) return noWorker(run, workers.lastSeenAt, zone);
  return run.state === 'planning'
    ? {
        emoji: 'mag',
        headline: 'Working out the plan',
        detail: `${
          run.undoes === null
            ? 'Comparing every linked course with its course master.'
            : `Comparing what push ${run.undoes} wrote with what is there now.`
        }${start}`,
      }
    : { emoji: 'hourglass_flowing_sand', headline: 'Queued', detail: 'It starts in a moment.' };
}

/** B03: a push that appears and never runs means that batch processing is off. */
function noWorker(run: RunView, lastSeenAt: Date | null, zone: string): Verdict {
  const since = lastSeenAt === null ? '' : ` since ${moment(lastSeenAt, zone)}`;
  const next =
    run.state === 'planning'
      ? 'Its plan is worked out by itself once one is.'
      : 'The push starts by itself once one is.';
  return {
    emoji: 'warning',
    headline: 'Queued, but nothing is processing the queue',
    detail: `No worker has been running${since}. ${next}`,
  };
}

function running(run: RunView, around: Surroundings): Verdict {
  // A push that starts is planned once more (G13, G20); until then no course is done.
  const far =
    run.plan === null
      ? 'Working out the plan once more; nothing was written yet.'
      : `${coursesDone(coursesIn(run.calendars))}${run.calendars.some(isApart) ? '' : ' done'}.`;
  const silence = silenceOf(run, around);
  if (silence !== undefined)
    return { emoji: 'warning', headline: 'Interrupted', detail: `${far} ${silence}` };
  return run.isStopping
    ? {
        emoji: 'no_entry_sign',
        headline: 'Stopping',
        detail: `${far} It was canceled and ends after the courses it is at.`,
      }
    : { emoji: 'arrows_counterclockwise', headline: 'Running', detail: far };
}

function isApart({ coursesIgnored, coursesUnlinked }: RunView['calendars'][number]): boolean {
  return coursesIgnored + coursesUnlinked > 0;
}

/** A push that runs while no worker is alive goes on with the next one (5.4). */
function silenceOf(run: RunView, { workers, now, zone }: Surroundings): string | undefined {
  if (workers?.alive !== 0 || !run.isUnattended) return undefined;
  const { lastSeenAt } = workers;
  const since = lastSeenAt === null ? '' : ` since ${clock(lastSeenAt, now, zone)}`;
  return run.isStopping
    ? `No news from the worker${since}; the push was canceled and ends when a worker is back.`
    : `No news from the worker${since}; it goes on by itself when a worker is back.`;
}

function completed(run: RunView): Verdict {
  if (neededNothing(run)) {
    return {
      emoji: 'white_check_mark',
      headline: 'Nothing needed doing; everything was already up to date',
      detail: `Nothing was written.${leftAlone(run)}`,
    };
  }
  const exceptions = exceptionsOf(run);
  const courses = coursesIn(run.calendars);
  return {
    emoji: exceptions === 0 ? 'white_check_mark' : 'ballot_box_with_check',
    headline: exceptions === 0 ? 'Completed' : `Completed with ${count(exceptions, 'exception')}`,
    detail: `${completedCourses(courses)}${written(run)}${leftAlone(run)}`,
  };
}

/** Lines of the push report that are no exceptions: not locked, ignored, or the school's own. */
function leftAlone(run: RunView): string {
  const items = reportLines(run) - exceptionsOf(run);
  if (items <= 0) return '';
  const were = items === 1 ? 'was' : 'were';
  return ` ${count(items, 'item')} ${were} left alone on purpose; the push report says why.`;
}

function completedCourses(courses: CourseFigures): string {
  const { coursesTotal, coursesDone: done } = courses;
  if (coursesTotal === 0) return '';
  return done === coursesTotal ? `${count(done, 'course')}. ` : `${coursesDone(courses)}. `;
}

/** What stays of a push that ended early, and what it never came to. */
function soFar(run: RunView): string {
  if (run.applied === 0) return `Nothing was ${didWord(run)}.`;
  const courses = coursesIn(run.calendars);
  const { coursesDone: done, coursesTotal, coursesLeft } = courses;
  const left =
    coursesLeft === 0
      ? ''
      : ` ${count(coursesLeft, 'course was', 'courses were')} not reached, and nothing was changed there.`;
  return (
    `${number(done)} of ${count(coursesTotal, 'course')} ${done === 1 ? 'was' : 'were'} done and ` +
    `${done === 1 ? 'stays' : 'stay'} ${didWord(run)}: ${written(run)}${left}`
  );
}

function written(run: RunView): string {
  if (run.applied === 0) return 'Nothing was written.';
  return `${count(run.applied, 'item was', 'items were')} ${run.undoes === null ? 'written' : 'put back'}.`;
}
