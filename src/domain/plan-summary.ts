import { z } from 'zod';
import { DATA_TYPES } from './push-options.ts';

const level = z.enum(['run', 'course', 'section']);
const dataType = z.enum([...DATA_TYPES, 'cross_site']);
const tally = z.object({ level, dataType, items: z.number().int() });
const place = z.object({
  calendar: z.string(),
  course: z.string(),
  section: z.string().nullable(),
});

/**
 * What a plan does that a person must know before saying yes (domain.md 5.4): in figures, with a few
 * examples by name. Kept with the plan as JSON; the plan's file has every item.
 */
export const planSummary = z.object({
  deleted: z.array(tally),
  /** Own values of schools and teachers that the course master's replace. */
  replaced: z.array(tally),
  /** Kept although the course master no longer has them, because of student work (R02, P09). */
  residual: z.array(tally),
  /** Of an undo, what is left as it is: changed since the push, or in use by student work (G23). */
  notUndone: z
    .object({ edited: z.number().int(), used: z.number().int() })
    .default({ edited: 0, used: 0 }),
  /** Local categories that get another name (C01). */
  renamed: z.object({
    items: z.number().int(),
    samples: z.array(place.extend({ before: z.string(), after: z.string() })),
  }),
  /** What no longer shows an in-progress grade (N04). Posted grades stay. */
  noCalculation: z.object({ sections: z.number().int(), gradables: z.number().int() }),
  /** Sections whose category weights no longer add up to the same (C05). */
  weightTotals: z.object({
    sections: z.number().int(),
    samples: z.array(place.extend({ before: z.number(), after: z.number() })),
  }),
  /** Values that sections had of their own and lose (M23). */
  overridesCleared: z.number().int(),
  courses: z.object({
    total: z.number().int(),
    ignored: z.number().int(),
    /** Home schools' copies of cross-site courses. */
    mirrors: z.number().int(),
    /** Something of theirs cannot be pushed because it was changed below. */
    desynced: z.number().int(),
    /** Linked to no course master of this catalog any more, or to one of another. */
    linkLost: z.number().int(),
    /** Without a course master, but with the number of one (G09). */
    notLinked: z.number().int(),
  }),
  activeYear: z.boolean(),
  /** Calendars of summer schools with courses in the plan; the first few by name. */
  summerCalendars: z.object({ total: z.number().int(), names: z.array(z.string()) }),
  /** Schools with courses in the plan; the first few, most courses first (G21). */
  schools: z.object({
    total: z.number().int(),
    largest: z.array(z.object({ name: z.string(), courses: z.number().int() })),
  }),
});
export type PlanSummary = z.infer<typeof planSummary>;
export type PlanTally = z.infer<typeof tally>;

/** How many items the tallies or groups stand for. */
export function itemsIn(tallies: readonly { readonly items: number }[]): number {
  return tallies.reduce((sum, { items }) => sum + items, 0);
}
