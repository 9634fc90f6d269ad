/** A worker that got nothing through the queue for this long is deaf. */
const DEAF_AFTER_MS = 45_000;

/**
 * Notices a consumer whose connection is dead without an error, which no option of the libraries
 * cures (reliability.md section 8): ticks are sent through the queue, and this counts their absence.
 */
export interface Watchdog {
  /** A tick came. */
  heard(): void;
  /** True when none came for 45 s although the worker was free to take one. */
  isDeaf(isFree: boolean): boolean;
}

/** @param now milliseconds of a clock that never goes back */
export function watchdog(now: () => number): Watchdog {
  let heardAt = now();
  return {
    heard: () => {
      heardAt = now();
    },
    isDeaf: (isFree) => {
      if (!isFree) heardAt = now(); // Ticks wait behind pushes: silence means nothing.
      return now() - heardAt > DEAF_AFTER_MS;
    },
  };
}
