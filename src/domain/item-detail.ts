import { z } from 'zod';

const counts = z.object({
  section: z.string(),
  assignments: z.number(),
  scores: z.number(),
  grades: z.number(),
  comments: z.number(),
});

/** What the engine notes beside an item's values, as far as a reader needs it. */
export const itemDetail = z.object({
  /** The sections whose student work keeps a task or standard (M05). */
  sections: z.array(counts).optional(),
  /** The sum of a section's category weights before and after a local one was renamed (C05). */
  weightTotal: z.object({ before: z.number(), after: z.number() }).optional(),
  /** The weights that a composite brings with its new children, by gradable and term (M10). */
  weights: z.record(z.string(), z.number()).nullish(),
  /** Gradables of a category that the course is not aligned to (C06). */
  gradablesNotAligned: z.array(z.string()).optional(),
});
export type ItemDetail = z.infer<typeof itemDetail>;
