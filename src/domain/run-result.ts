import { type Outcome } from './outcome.ts';

const EXCEPTIONS: ReadonlySet<string> = new Set([
  'RETAINED_PROTECTED',
  'WITHHELD',
  'SKIPPED_DEPENDENCY',
  'FAILED_DESYNCED',
  'FAILED_ERROR',
] satisfies Outcome[]);

/**
 * Whether an item with this outcome makes its job "Completed (n exceptions)" (B01): data that was
 * to be pushed and was not. What the catalog does not lock or a school may keep is no exception.
 */
export function isException(outcome: string): boolean {
  return EXCEPTIONS.has(outcome);
}
