/** SQLSTATE of a database error, or undefined for anything else. */
export function sqlStateOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code)
    ? error.code
    : undefined;
}

// serialization_failure, deadlock_detected, lock_not_available: the same statement may well pass next time.
const CONFLICTS: ReadonlySet<string> = new Set(['40001', '40P01', '55P03']);

/** True when another transaction was in the way and trying again is right (F21). */
export function isConflict(error: unknown): boolean {
  return CONFLICTS.has(sqlStateOf(error) ?? '');
}
