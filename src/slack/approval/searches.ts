import { type PlainTextOption } from '@slack/types';

import { type SlackContext } from '../context.ts';
import { LIMITS } from '../limits.ts';
import { calendarOptions, courseOptions, runOfBlock } from './change-view.ts';

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

/** Calendars of the run whose name holds every word typed. */
export async function findCalendars({ context, blockId, typed }: Ask): Promise<Found> {
  const runId = runOfBlock(blockId);
  const run = runId === undefined ? undefined : await context.services.run(runId);
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (run?.calendars ?? []).filter(({ name }) =>
    words.every((word) => name.toLowerCase().includes(word)),
  );
  return { options: calendarOptions(found.slice(0, LIMITS.options)), total: found.length };
}
