import { type KnownBlock, type TaskCardBlock } from '@slack/types';

import { type RunCalendar, type RunView } from '../../domain/push-run.ts';
import { LIMITS } from '../limits.ts';
import { count, plainName } from '../wording.ts';
import { bullets, lines } from './rich-text.ts';
import { calendarsByCourses, coursesIn, coursesSoFar, emptyCalendars } from './run-words.ts';

type Status = TaskCardBlock['status'];
interface Step {
  readonly id: string;
  readonly title: string;
  readonly status: Status;
}

const STATUS_WORDS: Readonly<Record<Status, string>> = {
  pending: 'waiting',
  in_progress: 'running',
  complete: 'done',
  error: 'stopped',
};

const STATUS_OF_JOB: Readonly<Record<string, Status>> = {
  processing: 'in_progress',
  completed: 'complete',
  completed_with_exceptions: 'complete',
  failed: 'error',
  canceled: 'error',
  rejected: 'error',
  expired: 'error',
};

/**
 * How far each calendar is: a `plan` block with a card per calendar, or a list where Slack refuses
 * the block. At most 12 lines; the calendars that do not fit are summed up in the last, and those
 * without courses of the run below.
 */
export function progressBlocks(run: RunView, planBlock: boolean): KnownBlock[] {
  if (run.calendars.length === 0) return [];
  const title = `Progress: ${coursesSoFar(coursesIn(run.calendars))}`;
  const { withCourses, empty } = calendarsByCourses(run.calendars);
  const steps = stepsOf(withCourses);
  const rest = empty === 0 ? [] : [emptyCalendars(empty, withCourses.length)];
  if (!planBlock || steps.length === 0)
    return [bullets(title, [...steps.map((step) => [step.title]), ...rest.map((line) => [line])])];
  return [
    {
      type: 'plan',
      title,
      tasks: steps.map((step) => ({
        type: 'task_card',
        task_id: step.id,
        title: step.title,
        status: step.status,
      })),
    },
    ...rest.map((line) => lines([line])),
  ];
}

function stepsOf(calendars: readonly RunCalendar[]): Step[] {
  if (calendars.length <= LIMITS.planTasks) return calendars.map(calendarStep);
  // The busy and the troubled ones are worth a line of their own.
  const order: readonly Status[] = ['in_progress', 'error', 'pending', 'complete'];
  const sorted = [...calendars].sort(
    (a, b) => order.indexOf(statusOf(a)) - order.indexOf(statusOf(b)),
  );
  const shown = sorted.slice(0, LIMITS.planTasks - 1);
  return [...shown.map(calendarStep), restStep(sorted.slice(LIMITS.planTasks - 1))];
}

function calendarStep(calendar: RunCalendar): Step {
  const status = statusOf(calendar);
  return {
    id: `calendar-${calendar.calendarId}`,
    title: `${plainName(calendar.name)}: ${coursesSoFar(calendar)}, ${STATUS_WORDS[status]}`,
    status,
  };
}

function restStep(rest: readonly RunCalendar[]): Step {
  const statuses = new Set(rest.map(statusOf));
  const [only] = statuses;
  const status = statuses.size === 1 && only !== undefined ? only : 'in_progress';
  return {
    id: 'calendars-rest',
    title: `${count(rest.length, 'more calendar')}: ${coursesSoFar(coursesIn(rest))}, ${STATUS_WORDS[status]}`,
    status,
  };
}

function statusOf(calendar: RunCalendar): Status {
  return STATUS_OF_JOB[calendar.status] ?? 'pending';
}
