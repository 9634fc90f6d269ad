import { itemKey } from '../../src/domain/item-payload.ts';
import { type Outcome, type Reason } from '../../src/domain/outcome.ts';
import {
  count,
  type Draft,
  findLink,
  isMarked,
  isOverwrite,
  type Place,
  report,
  restoresMasters,
  type Run,
  same,
  setLink,
  type Written,
} from './draft.ts';
import {
  type AttributeValue,
  type Course,
  type Link,
  type LockMode,
  type Master,
} from './state.ts';

import { type Target } from './targets.ts';

const TYPE = 'course_info';

export function attributeLock(run: Run, code: string): LockMode {
  const mode = run.catalog?.attributeLocks[code] ?? 'unlocked';
  const softOnly = run.state.attributes.some((each) => each.code === code && each.softLockOnly);
  return mode === 'hard' && softOnly ? 'soft' : mode;
}

export function valueOf(owner: Master | Draft<Course>, code: string): AttributeValue {
  return owner.attrs[code] ?? null;
}

/** Course Info at a course (M01, M22): each locked attribute by itself (G16). */
export function pushAttributes(run: Run, place: Place, master: Master): void {
  for (const { code } of run.state.attributes)
    if (attributeLock(run, code) !== 'unlocked') pushAttribute(run, place, { code, master });
}

function pushAttribute(
  run: Run,
  place: Place,
  { code, master }: { code: string; master: Master },
): void {
  const key = itemKey.attribute(code);
  const item = { dataType: TYPE, key } as const;
  const wanted = valueOf(master, code);
  const now = valueOf(place.course, code);
  const link = findLink(place, TYPE, key);
  const broken = whyBroken(run, place, { code, link });
  const locked = !isOverwrite(run);
  if (locked && broken !== null) {
    run.refused.add(`${place.course.id}|${key}`);
    report(run, place, { ...item, outcome: 'FAILED_DESYNCED', reason: broken });
    return;
  }
  // M01, soft: kept when the course changed it and the master did not since the last push.
  const drifted = link !== undefined && !same({ value: now }, link.base);
  if (locked && drifted && same({ value: wanted }, link.base)) {
    report(run, place, { ...item, outcome: 'KEPT_SOFT_LOCK', reason: 'soft_lock_changed' });
    return;
  }
  const taken = code === 'number' && run.keepNumber.has(place.course.id);
  const value = taken ? now : wanted;
  if (!same(now, value)) place.course.attrs[code] = value;
  setLink(place, { ...item, base: { value } });
  record(
    run,
    place,
    taken && !same(now, wanted)
      ? withheld(item)
      : { ...item, ...outcomeOf({ now, value, link, broken }) },
  );
}

function withheld(item: Pick<Written, 'dataType' | 'key'>): Written {
  return { ...item, outcome: 'WITHHELD', reason: 'number_taken' }; // A24
}

function record(run: Run, place: Place, item: Written): void {
  if (item.outcome === 'UNCHANGED') count(run, place, item);
  else report(run, place, item);
}

/** OD (S13): an equal attribute gets its link, or has it renewed, as RELINKED. */
function outcomeOf(was: {
  now: AttributeValue;
  value: AttributeValue;
  link: Link | undefined;
  broken: Reason | null;
}): { outcome: Outcome; reason: Reason | null } {
  if (was.broken !== null) return { outcome: 'RELINKED', reason: null };
  if (!same(was.now, was.value)) return { outcome: 'UPDATED', reason: null };
  return was.link?.state === 'linked' && same(was.link.base, { value: was.value })
    ? { outcome: 'UNCHANGED', reason: null }
    : { outcome: 'RELINKED', reason: 'baseline_linked' };
}

/** S02, S04: only a hard-locked attribute with a base can be broken. OD: overwrite relinks any drift. */
function whyBroken(
  run: Run,
  place: Place,
  { code, link }: { code: string; link: Link | undefined },
): Reason | null {
  if (link === undefined) return null;
  if (attributeLock(run, code) !== 'hard' && !isOverwrite(run)) return null;
  if (!same({ value: valueOf(place.course, code) }, link.base)) return 'changed_below';
  return isMarked(place, link) ? 'marked_broken' : null;
}

/** A24: another course of the calendar has this number. */
function isNumberTaken(run: Run, place: Place, number: AttributeValue): boolean {
  return run.state.courses.some(
    (other) =>
      other.id !== place.course.id &&
      other.calendar === place.course.calendar &&
      same(other.attrs['number'], number),
  );
}

/**
 * A24: the courses that cannot have their master's number. OD: courses may pass numbers on to each
 * other; where two want the same one, neither gets it; who keeps its number keeps it from the next.
 */
export function numbersToKeep(run: Run, targets: readonly Target[]): ReadonlySet<string> {
  const wanting = new Map<string, AttributeValue>();
  for (const { course, master, verdict } of targets)
    if (verdict === 'push' || (verdict === 'link_lost' && restoresMasters(run)))
      if (wouldWriteNumber(run, { course, section: null }, master))
        wanting.set(course.id, valueOf(master, 'number'));
  const kept = new Set<string>();
  for (let before = -1; before < kept.size;) {
    before = kept.size;
    const losers = targets.filter(({ course }) => {
      const number = wanting.get(course.id);
      return (
        number !== undefined &&
        run.state.courses.some(
          (other) =>
            other.id !== course.id &&
            other.calendar === course.calendar &&
            same(wanting.get(other.id) ?? other.attrs['number'], number),
        )
      );
    });
    for (const { course } of losers) {
      wanting.delete(course.id);
      kept.add(course.id);
    }
  }
  return kept;
}

function wouldWriteNumber(run: Run, place: Place, master: Master): boolean {
  const code = 'number';
  const wanted = valueOf(master, code);
  const now = valueOf(place.course, code);
  if (attributeLock(run, code) === 'unlocked' || same(wanted, now)) return false;
  if (isOverwrite(run)) return true;
  const link = findLink(place, TYPE, itemKey.attribute(code));
  if (whyBroken(run, place, { code, link }) !== null) return false;
  return (
    link === undefined || same({ value: now }, link.base) || !same({ value: wanted }, link.base)
  );
}

/** S13: an attribute that is the master's and has no link is linked. Others are simply pushed some day. */
export function linkAttributes(run: Run, place: Place, master: Master): void {
  for (const { code } of run.state.attributes) {
    const item = { dataType: TYPE, key: itemKey.attribute(code) } as const;
    const value = valueOf(place.course, code);
    if (attributeLock(run, code) === 'unlocked' || !same(value, valueOf(master, code))) continue;
    if (findLink(place, TYPE, item.key) !== undefined) continue;
    setLink(place, { ...item, base: { value } });
    report(run, place, { ...item, outcome: 'RELINKED', reason: 'baseline_linked' });
  }
}

/** Section overrides (M02, M23, E07). OD: an overwrite does not clear one whose attribute was refused at the course. */
export function pushOverrides(run: Run, place: Place): void {
  const { section, course } = place;
  if (section === null) return;
  for (const [code, value] of Object.entries(section.overrides)) {
    const key = itemKey.attribute(code);
    if (value === null || attributeLock(run, code) !== 'hard') continue;
    if (isOverwrite(run) && run.refused.has(`${course.id}|${key}`)) continue;
    const item = { dataType: TYPE, key, reason: 'section_override' } as const;
    if (isOverwrite(run)) {
      section.overrides = Object.fromEntries(
        Object.entries(section.overrides).filter(([other]) => other !== code),
      );
      report(run, place, { ...item, outcome: 'UPDATED' });
    } else {
      report(run, place, { ...item, outcome: 'RETAINED_LOCAL' });
    }
  }
}

/**
 * X07: with the cross-site option a mirror's Course Info follows its serving course.
 * OD: its locked attributes, without judging drift, as it is read-only; nothing is linked.
 */
export function refreshMirror(run: Run, place: Place): void {
  const serving = run.state.courses.find((course) => course.id === place.course.mirrorOf);
  if (serving === undefined) return;
  for (const { code } of run.state.attributes) {
    if (attributeLock(run, code) === 'unlocked') continue;
    const item = { dataType: TYPE, key: itemKey.attribute(code) } as const;
    const value = valueOf(serving, code);
    if (same(valueOf(place.course, code), value)) {
      count(run, place, { ...item, outcome: 'UNCHANGED' });
    } else if (code === 'number' && isNumberTaken(run, place, value)) {
      report(run, place, withheld(item));
    } else {
      place.course.attrs[code] = value;
      report(run, place, { ...item, outcome: 'UPDATED' });
    }
  }
}
