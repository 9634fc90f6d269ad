/**
 * Whether `error` is the system's, with one of these codes (ENOENT …). Judged by its shape: under jest, the system's
 * errors are not instances of the `Error` that a test file sees.
 */
export function isSystemError(error: unknown, ...codes: string[]): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    codes.some((code) => code === error.code)
  );
}
