import { type PlainTextOption } from '@slack/types';

import { type Person } from '../../domain/ports.ts';
import { type SlackContext } from '../context.ts';
import { LIMITS } from '../limits.ts';
import { runOfBlock } from './change-search.ts';
import { calendarOptions, courseOptions } from './change-view.ts';

/** What a menu of "Change and plan again" finds: options, and how many there are in all. */
export interface Found {
  readonly options: PlainTextOption[];
  readonly total: number;
}

/** What was typed in a menu, and which run its block names. */
export interface Ask {
  readonly context: SlackContext;
  readonly blockId: string;
  readonly typed: string;
  readonly person: Person;
}

/** Courses of the run's plan that hold every word typed. */
export async function findCourses({ context, blockId, typed }: Ask): Promise<Found> {
  const runId = runOfBlock(blockId);
  if (runId === undefined) return { options: [], total: 0 };
  const { courses, total } = await context.services.approvals.courses({
    ...{ runId, typed },
    limit: LIMITS.options,
  });
  return { options: courseOptions(courses), total };
}

/** Courses that the run leaves out now. */
export async function findLeftOutCourses({ context, blockId, typed }: Ask): Promise<Found> {
  const { approvals } = context.services;
  const runId = runOfBlock(blockId);
  const change = runId === undefined ? undefined : await approvals.planChange(runId);
  if (runId === undefined || change === undefined) return { options: [], total: 0 };
  const { courses, total } = await approvals.courses({
    ...{ runId, typed, ids: change.leftOutCourses },
    limit: LIMITS.options,
  });
  return { options: courseOptions(courses), total };
}

/** Calendars of the run, or that it could push to, whose name holds every word typed. */
export async function findCalendars(ask: Ask): Promise<Found> {
  return searchCalendars(ask, []);
}

/** Calendars that the run could push to and leaves out now. */
export async function findLeftOutCalendars(ask: Ask): Promise<Found> {
  const runId = runOfBlock(ask.blockId);
  const change =
    runId === undefined ? undefined : await ask.context.services.approvals.planChange(runId);
  return searchCalendars(ask, change?.calendarIds ?? []);
}

async function searchCalendars(
  { context, blockId, typed, person }: Ask,
  without: readonly number[],
): Promise<Found> {
  const runId = runOfBlock(blockId);
  if (runId === undefined) return { options: [], total: 0 };
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const skipped = new Set(without);
  const calendars = await context.services.approvals.calendars({ person, runId });
  const found = calendars.filter(
    ({ calendarId, name }) =>
      !skipped.has(calendarId) && words.every((word) => name.toLowerCase().includes(word)),
  );
  return { options: calendarOptions(found.slice(0, LIMITS.options)), total: found.length };
}
