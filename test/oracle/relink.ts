import {
  count,
  dropLink,
  findLink,
  isOverwrite,
  report,
  type Run,
  same,
  setLink,
} from './draft.ts';
import { becomeResidual, endLostLinks, type TypeAt, upsertAll, whyBroken } from './standard.ts';

/**
 * Relinks one type at one place. Overwrite: what is above is adopted and updated; nothing is removed,
 * and what is broken without a counterpart above is the school's own from now on, or residual (S12).
 * Locked mode: rows equal to those above and without a link get one, unequal ones are listed (S13).
 */
export function relink(run: Run, at: TypeAt): void {
  if (!isOverwrite(run)) {
    linkEqual(run, at);
    return;
  }
  upsertAll(run, at);
  for (const key of [...at.below().keys()]) if (!at.above.has(key)) letGo(run, at, key);
  endLostLinks(run, at);
}

function linkEqual(run: Run, at: TypeAt): void {
  for (const [key, wanted] of at.above) {
    const item = { dataType: at.type, key };
    const row = at.below().get(key);
    const refusal = at.refusal?.(key) ?? null;
    if (refusal !== null) {
      report(run, at.place, { ...item, outcome: 'SKIPPED_DEPENDENCY', reason: refusal });
    } else if (row !== undefined && findLink(at.place, at.type, key) === undefined) {
      if (same(row, wanted)) {
        setLink(at.place, { ...item, base: row, row: at.rowOf?.(key) ?? null });
        report(run, at.place, { ...item, outcome: 'RELINKED', reason: 'baseline_linked' });
      } else {
        report(run, at.place, { ...item, outcome: 'FAILED_DESYNCED', reason: 'never_linked' });
      }
    }
  }
}

/** OD: what would fail every push to come, as after a change of master, stops being the master's. */
function letGo(run: Run, at: TypeAt, key: string): void {
  const item = { dataType: at.type, key };
  const link = findLink(at.place, at.type, key);
  if (link === undefined || whyBroken(at, link) === null) {
    count(run, at.place, { ...item, outcome: 'RETAINED_LOCAL' });
    return;
  }
  const gone = at.gone(key, false);
  const row = at.rowOf?.(key) ?? null;
  const base = at.below().get(key) ?? {};
  const name = base['name'];
  const isTaken =
    name !== undefined && [...at.above.values()].some((other) => other['name'] === name);
  const isKept = 'keep' in gone && gone.keep === 'student_work';
  dropLink(at.place, at.type, key);
  // C01: a category that has to give up its name keeps a link, so that its next owner finds it.
  if (isKept || isTaken) {
    setLink(at.place, { ...item, base, row });
    becomeResidual(run, at, key);
  }
  report(
    run,
    at.place,
    isKept
      ? { ...item, outcome: 'RETAINED_PROTECTED', reason: 'student_work' }
      : { ...item, outcome: 'RETAINED_LOCAL', reason: 'master_item_removed' },
  );
}
