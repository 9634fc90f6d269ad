import { type Outcome, type Reason } from '../../src/domain/outcome.ts';
import {
  count,
  type Draft,
  dropLink,
  findLink,
  isMarked,
  isJudged,
  isOverwrite,
  linksOf,
  type Place,
  report,
  type Run,
  same,
  setLink,
  typeLock,
} from './draft.ts';
import { type GradingType, type Link, type Payload } from './state.ts';

/** What becomes of a row whose counterpart above is gone. */
export type Gone =
  | { readonly keep: Reason }
  /** `ended`: it had its time, in locked mode and with student work as well (N05). */
  | { readonly remove: Reason | null; readonly ended?: true }
  | { readonly reset: Payload; readonly reason: Reason };

/** One data type at one place, in the terms of the standard behaviours (domain.md 3.9). */
export interface TypeAt {
  readonly place: Place;
  readonly type: GradingType;
  /** Items above by key, as they should stand below. */
  readonly above: ReadonlyMap<string, Payload>;
  /** Rows below by key, as they stand now. */
  readonly below: () => ReadonlyMap<string, Payload>;
  /** The row a key stands for; categories only. */
  readonly rowOf?: (key: string) => string | null;
  /** Why an item above cannot be pushed here (SKIPPED_DEPENDENCY). */
  readonly refusal?: (key: string) => Reason | null;
  /** R08, O5: whether student work keeps a local row from being taken over. */
  readonly keepsLocal: (key: string) => boolean;
  /** `pushed`: the row has been delivered by a push and is not residual. */
  readonly gone: (key: string, pushed: boolean) => Gone;
  /** P10: what may be written of an update. */
  readonly limit?: (key: string, wanted: Payload) => { payload: Payload; withheld: Reason | null };
  readonly write: (key: string, payload: Payload) => void;
  readonly remove: (key: string) => void;
  /** A better word than UPDATED for a change (N03). */
  readonly outcomeOfUpdate?: (key: string, before: Payload, after: Payload) => Outcome;
}

function isPushed(link: Draft<Link> | undefined): boolean {
  return link !== undefined && link.state !== 'residual';
}

/** S02: why a link is broken, or null. Residual links are never broken (R04). */
export function whyBroken(at: TypeAt, link: Link): Reason | null {
  if (link.state === 'residual') return null;
  const row = at.below().get(link.key);
  if (row === undefined) return at.above.has(link.key) ? 'deleted_below' : null;
  if (!same(row, link.base)) return 'changed_below';
  return isMarked(at.place, link) ? 'marked_broken' : null;
}

/** S05, S08: in locked mode one broken link fails a hard-locked type at this place. */
export function failsDesynced(run: Run, at: TypeAt): boolean {
  if (isOverwrite(run) || !isJudged(run, at.type)) return false;
  const broken = linksOf(at.place).flatMap((link) => {
    const reason = link.dataType === at.type ? whyBroken(at, link) : null;
    return reason === null ? [] : [{ key: link.key, reason }];
  });
  for (const { key, reason } of broken)
    report(run, at.place, { dataType: at.type, key, outcome: 'FAILED_DESYNCED', reason });
  return broken.length > 0;
}

/** L1-L5, O1-O5: every item above. */
export function upsertAll(run: Run, at: TypeAt): void {
  for (const key of at.above.keys()) upsert(run, at, key);
}

function upsert(run: Run, at: TypeAt, key: string): void {
  const item = { dataType: at.type, key };
  const link = findLink(at.place, at.type, key);
  const row = at.below().get(key);
  const refusal = at.refusal?.(key) ?? null;
  if (refusal !== null) {
    if (!isSettled(run, at, key))
      report(run, at.place, { ...item, outcome: 'SKIPPED_DEPENDENCY', reason: refusal });
  } else if (keptUnderSoftLock(run, { at, link, row })) {
    report(run, at.place, { ...item, outcome: 'KEPT_SOFT_LOCK', reason: 'soft_lock_changed' });
  } else if (row === undefined) {
    write(at, key); // L1, O1
    report(run, at.place, { ...item, outcome: 'INSERTED' });
  } else if (link === undefined && !isOverwrite(run)) {
    report(run, at.place, { ...item, outcome: 'RETAINED_LOCAL', reason: 'local_same_key' }); // L5
  } else if (link === undefined && at.keepsLocal(key)) {
    report(run, at.place, { ...item, outcome: 'RETAINED_PROTECTED', reason: 'student_work' }); // O5
  } else {
    update(run, at, key);
  }
}

/** N10: what went with its task in this push is not waiting for it. */
function isSettled(run: Run, { place, type }: TypeAt, key: string): boolean {
  return run.items.some(
    (item) =>
      item.course === place.course.id &&
      item.section === (place.section?.id ?? null) &&
      item.dataType === type &&
      item.key === key,
  );
}

/** OD (M19): a soft-locked type keeps local changes and local removals, whatever the master did. */
function keptUnderSoftLock(
  run: Run,
  { at, link, row }: { at: TypeAt; link: Link | undefined; row: Payload | undefined },
): boolean {
  if (isOverwrite(run) || typeLock(run, at.type) !== 'soft') return false;
  return link !== undefined && link.state !== 'residual' && !same(row ?? null, link.base);
}

/** L2, L4, O2-O4 */
function update(run: Run, at: TypeAt, key: string): void {
  const item = { dataType: at.type, key };
  const link = findLink(at.place, at.type, key);
  const before = at.below().get(key) ?? {};
  const relinked = isRelinked(run, at, link);
  const withheld = write(at, key);
  const after = at.below().get(key) ?? {};
  if (withheld !== null) {
    // OD (A11): an item has one outcome; what is withheld is the one a person must see.
    report(run, at.place, { ...item, outcome: 'WITHHELD', reason: withheld });
  } else if (relinked) {
    report(run, at.place, { ...item, outcome: 'RELINKED' });
  } else if (same(before, after)) {
    count(run, at.place, { ...item, outcome: 'UNCHANGED' });
  } else {
    const outcome = at.outcomeOfUpdate?.(key, before, after) ?? 'UPDATED';
    const reason = outcome === 'SET_NO_CALCULATION' ? 'master_task_removed' : null;
    report(run, at.place, { ...item, outcome, reason });
  }
}

/** O2. OD: drift that overwrite replaces is relinked under a soft lock too. */
function isRelinked(run: Run, at: TypeAt, link: Link | undefined): boolean {
  if (link?.state !== 'linked' || isMarked(at.place, link)) return true;
  const judged = isOverwrite(run) || isJudged(run, at.type);
  return judged && whyBroken(at, link) !== null;
}

function write(at: TypeAt, key: string): Reason | null {
  const wanted = at.above.get(key) ?? {};
  const { payload, withheld } = at.below().has(key)
    ? (at.limit?.(key, wanted) ?? { payload: wanted, withheld: null })
    : { payload: wanted, withheld: null };
  at.write(key, payload);
  setLink(at.place, {
    dataType: at.type,
    key,
    base: at.below().get(key) ?? payload,
    row: at.rowOf?.(key) ?? null,
  });
  return withheld;
}

/** L6, L7, O6, O7: every row below without an item above; and links of rows gone on both sides. */
export function removeAll(run: Run, at: TypeAt): void {
  for (const key of at.below().keys()) if (!at.above.has(key)) settleGone(run, at, key);
  endLostLinks(run, at);
}

/** OD: the link of a row that is gone on both sides is deleted, and a plan tells all it writes. */
export function endLostLinks(run: Run, at: TypeAt): void {
  for (const link of [...linksOf(at.place)]) {
    if (link.dataType !== at.type || at.above.has(link.key) || at.below().has(link.key)) continue;
    dropLink(at.place, at.type, link.key);
    const item = { dataType: at.type, key: link.key };
    report(run, at.place, { ...item, outcome: 'DELETED', reason: 'already_gone' });
  }
}

function settleGone(run: Run, at: TypeAt, key: string): void {
  const item = { dataType: at.type, key };
  const link = findLink(at.place, at.type, key);
  const gone = at.gone(key, isPushed(link));
  const mine = isPushed(link) || isOverwrite(run) || 'ended' in gone;
  if (!mine && (link === undefined || 'remove' in gone)) {
    count(run, at.place, { ...item, outcome: 'RETAINED_LOCAL' }); // L7, R02
  } else if ('reset' in gone) {
    at.write(key, gone.reset); // N02
    becomeResidual(run, at, key).wasReset = true;
    report(run, at.place, { ...item, outcome: 'SET_NO_CALCULATION', reason: gone.reason });
  } else if ('keep' in gone) {
    becomeResidual(run, at, key); // R01
    report(run, at.place, { ...item, outcome: 'RETAINED_PROTECTED', reason: gone.keep });
  } else {
    at.remove(key);
    dropLink(at.place, at.type, key);
    report(run, at.place, { ...item, outcome: 'DELETED', reason: gone.remove });
  }
}

/** R01: the first run is kept. OD: what stays is what the link stores, also after a change below (S01). */
export function becomeResidual(run: Run, at: TypeAt, key: string): Draft<Link> {
  const link = findLink(at.place, at.type, key);
  if (link?.state === 'residual') return link;
  const base = at.below().get(key) ?? {};
  const upstream = link?.upstream;
  const residual = setLink(at.place, {
    dataType: at.type,
    key,
    base,
    row: at.rowOf?.(key) ?? null,
  });
  residual.state = 'residual';
  residual.residualRun = run.request.run;
  if (upstream !== undefined) residual.upstream = upstream;
  return residual;
}
