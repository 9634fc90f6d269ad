import { DateTime } from 'luxon';

/** Hour of the evening, in the person's zone, at which schools are quiet (B09: a suggestion, never enforced). */
const EVENING_HOUR = 20;
/** A slot nearer than this would be gone by the time the form is filled in. */
const SOONEST_MINUTES = 30;

/** The next evening slot for a large push. @param zone IANA zone of the person */
export function nextOffHours(now: Date, zone: string): Date {
  const local = DateTime.fromJSDate(now, { zone });
  const tonight = local.set({ hour: EVENING_HOUR, minute: 0, second: 0, millisecond: 0 });
  const slot =
    tonight.diff(local, 'minutes').minutes >= SOONEST_MINUTES ? tonight : tonight.plus({ days: 1 });
  return slot.toJSDate();
}

/** True when luxon knows the zone. */
export function isZone(zone: string): boolean {
  return DateTime.now().setZone(zone).isValid;
}
