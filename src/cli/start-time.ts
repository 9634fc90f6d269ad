import { DateTime } from 'luxon';
import { ChoiceUnclear } from './choose.ts';

/** When a push starts, and what to say about it. */
export interface StartTime {
  readonly at: Date;
  readonly note?: string;
}

/** "…T22:00Z", "…T22:00-05:00": the time is the same whatever the zone. */
const WITH_OFFSET = /T.*(?:Z|[+-]\d{2}(?::?\d{2})?)$/i;

/**
 * The moment of a local time. Where the clocks are put back it comes twice: the first counts, and the
 * note says so.
 * @throws ChoiceUnclear for what is no time, no zone, or an hour that the clocks skip
 */
export function readStartTime(text: string, zone: string): StartTime {
  const at = DateTime.fromISO(text, { zone });
  if (!at.isValid)
    throw new ChoiceUnclear(
      at.invalidReason === 'unsupported zone'
        ? `"${zone}" is no time zone; use a name such as America/Chicago.`
        : `"${text}" is no time; write it as 2026-11-24T22:00.`,
    );
  if (WITH_OFFSET.test(text)) return { at: at.toJSDate() };
  refuseSkippedHour(text, at, zone);
  const [first = at, second] = at.getPossibleOffsets().sort((a, b) => a.toMillis() - b.toMillis());
  if (second === undefined) return { at: at.toJSDate() };
  return {
    at: first.toJSDate(),
    note:
      `${wallTime(at)} comes twice in ${zone}, as the clocks are put back. The push starts at the ` +
      `first, ${withOffset(first)}; for the second use --at ${withOffset(second)}.`,
  };
}

function refuseSkippedHour(text: string, at: DateTime, zone: string): void {
  const wanted = DateTime.fromISO(text, { zone: 'utc' });
  if (wallTime(at) === wallTime(wanted)) return;
  const [before, after] = [at.plus({ days: 1 }), at.minus({ days: 1 })].map((day) =>
    wallTime(wanted.minus({ minutes: day.offset }).setZone(zone)),
  );
  throw new ChoiceUnclear(
    `There is no ${wallTime(wanted)} in ${zone}, as the clocks are put forward. Use --at ${before} or --at ${after}.`,
  );
}

function wallTime(at: DateTime): string {
  return at.toFormat("yyyy-MM-dd'T'HH:mm");
}

function withOffset(at: DateTime): string {
  return at.toFormat("yyyy-MM-dd'T'HH:mmZZ");
}
