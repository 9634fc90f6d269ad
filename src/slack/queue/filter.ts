import { DateTime } from 'luxon';
import { z } from 'zod';

import { QUEUE_SIZES, type QueueSize } from '../../domain/queue-list.ts';

/** action_ids of the list's controls. */
export const CONTROL = {
  size: 'queue_size',
  from: 'queue_from',
  to: 'queue_to',
  whose: 'queue_whose',
  refresh: 'queue_refresh',
  earlier: 'queue_earlier',
  later: 'queue_later',
} as const;

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const size = z.literal(QUEUE_SIZES);

const filter = z.object({
  size,
  /** Days in the person's zone, both included. */
  from: day,
  to: day,
  mine: z.boolean(),
  skip: z.number().int().min(0),
  /** IANA zone of the person's Slack client. */
  zone: z.string(),
});
/** What the list shows; carried in private_metadata. */
export type QueueFilter = z.infer<typeof filter>;

/** The list as it opens: 7 days back to 35 ahead, 50 rows (B02). */
export function firstFilter(now: Date, zone: string, mine: boolean): QueueFilter {
  const today = DateTime.fromJSDate(now, { zone });
  return {
    size: 50,
    from: today.minus({ days: 7 }).toISODate() ?? '',
    to: today.plus({ days: 35 }).toISODate() ?? '',
    mine,
    skip: 0,
    zone,
  };
}

/** The instants that the days of a filter begin and end at. */
export function windowOf({ from, to, zone }: QueueFilter): { from: Date; to: Date } {
  return {
    from: DateTime.fromISO(from, { zone }).startOf('day').toJSDate(),
    to: DateTime.fromISO(to, { zone }).endOf('day').toJSDate(),
  };
}

export function writeFilter(value: QueueFilter): string {
  return JSON.stringify(value);
}

/** @throws ZodError or SyntaxError when it was not written by writeFilter */
export function readFilter(text: string): QueueFilter {
  return filter.parse(JSON.parse(text));
}

const act = z.looseObject({
  action_id: z.string(),
  selected_date: day.nullish(),
  selected_option: z.looseObject({ value: z.string() }).nullish(),
});

/** The filter after a control was used. Anything but paging goes back to the first page. */
export function changedBy(before: QueueFilter, action: unknown): QueueFilter {
  const { action_id: id, selected_date: date, selected_option: option } = act.parse(action);
  const first = { ...before, skip: 0 };
  switch (id) {
    case CONTROL.size:
      return { ...first, size: sizeOf(option?.value) };
    case CONTROL.from:
      return { ...first, from: date ?? before.from };
    case CONTROL.to:
      return { ...first, to: date ?? before.to };
    case CONTROL.whose:
      return { ...first, mine: option?.value !== 'all' };
    case CONTROL.earlier:
      return { ...before, skip: before.skip + before.size };
    case CONTROL.later:
      return { ...before, skip: Math.max(0, before.skip - before.size) };
    default:
      return first;
  }
}

function sizeOf(value: string | undefined): QueueSize {
  return size.catch(50).parse(Number(value));
}
