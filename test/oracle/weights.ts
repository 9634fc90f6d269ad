import { type Outcome, type Reason } from '../../src/domain/outcome.ts';
import { compositeKey, weightKey } from './composites.ts';
import {
  count,
  type Draft,
  dropLink,
  findLink,
  isJudged,
  isMarked,
  isOverwrite,
  linksOf,
  type Place,
  placeId,
  report,
  type Run,
  same,
  setLink,
  setupOf,
  typeLock,
} from './draft.ts';
import { type CompositeChild, type CompositeRow, type Link } from './state.ts';

type Child = Draft<CompositeChild>;

function childOf(place: Place, key: string): Child | undefined {
  for (const row of setupOf(place).composites)
    for (const child of row.children) if (weightKey(row, child) === key) return child;
  return undefined;
}

/**
 * Composite Weights at a course or section (M13, M14, M34, M35): the weight of each child present
 * on both sides of a linked composite; nothing is inserted or deleted.
 * Returns whether the type failed as desynced.
 */
export function pushWeights(run: Run, place: Place, above: readonly CompositeRow[]): boolean {
  const wanted = weightsOf(above);
  const keys = new Set(wanted.map(({ row, child }) => weightKey(row, child)));
  const judged = wanted.filter(({ row }) => isLinked(place, row));
  if (failsDesynced(run, place, new Set(judged.map(({ row, child }) => weightKey(row, child)))))
    return true;
  for (const weight of wanted) pushWeight(run, place, weight);
  for (const link of [...linksOf(place)])
    if (
      link.dataType === 'composite_weights' &&
      !keys.has(link.key) &&
      childOf(place, link.key) === undefined
    )
      dropLost(run, place, link);
  return false;
}

/** S13: what is equal and has no link is linked, what is not is listed. */
export function linkWeights(run: Run, place: Place, above: readonly CompositeRow[]): void {
  for (const { row, child } of weightsOf(above)) {
    const item = { dataType: 'composite_weights' as const, key: weightKey(row, child) };
    const own = childOf(place, item.key);
    if (own === undefined) {
      const reason = 'composite_missing';
      report(run, place, { ...item, outcome: 'SKIPPED_DEPENDENCY', reason });
    } else if (isLinked(place, row) && findLink(place, item.dataType, item.key) === undefined) {
      if (own.weight === child.weight) {
        setLink(place, { ...item, base: { weight: own.weight } });
        report(run, place, { ...item, outcome: 'RELINKED', reason: 'baseline_linked' });
      } else report(run, place, { ...item, outcome: 'FAILED_DESYNCED', reason: 'never_linked' });
    }
  }
}

function weightsOf(
  above: readonly CompositeRow[],
): { readonly row: CompositeRow; readonly child: CompositeChild }[] {
  return above.flatMap((row) => row.children.map((child) => ({ row, child })));
}

/** OD: as for every type; when its composite was written in this push, that says enough. */
function dropLost(run: Run, place: Place, { dataType, key }: Link): void {
  dropLink(place, dataType, key);
  const written = run.items.some(
    (item) =>
      item.course === place.course.id &&
      item.section === (place.section?.id ?? null) &&
      item.dataType === 'composite_grades' &&
      WRITTEN.has(item.outcome) &&
      key.startsWith(`${item.key.replace('comp:', 'compw:')}>`),
  );
  if (!written) report(run, place, { dataType, key, outcome: 'DELETED', reason: 'already_gone' });
}

const WRITTEN: ReadonlySet<Outcome> = new Set(['INSERTED', 'UPDATED', 'DELETED', 'RELINKED']);

function isLinked(place: Place, row: CompositeRow): boolean {
  const link = findLink(place, 'composite_grades', compositeKey(row));
  return link !== undefined && link.state !== 'residual';
}

/** M13: desync is judged on weights only; a child that is gone is Composite Grades' matter. */
function whyBroken(place: Place, link: Link): Reason | null {
  const child = childOf(place, link.key);
  if (child === undefined) return null;
  if (!same({ weight: child.weight }, link.base)) return 'changed_below';
  return isMarked(place, link) ? 'marked_broken' : null;
}

/** OD: only what the push concerns: a weight above, of a linked composite. */
function failsDesynced(run: Run, place: Place, judged: ReadonlySet<string>): boolean {
  if (isOverwrite(run) || !isJudged(run, 'composite_weights')) return false;
  let failed = false;
  for (const link of linksOf(place)) {
    const concerned = link.dataType === 'composite_weights' && judged.has(link.key);
    const reason = concerned ? whyBroken(place, link) : null;
    if (reason === null) continue;
    failed = true;
    const item = { dataType: link.dataType, key: link.key };
    report(run, place, { ...item, outcome: 'FAILED_DESYNCED', reason });
  }
  return failed;
}

function pushWeight(
  run: Run,
  place: Place,
  { row, child }: { row: CompositeRow; child: CompositeChild },
): void {
  const key = weightKey(row, child);
  const item = { dataType: 'composite_weights' as const, key };
  const own = childOf(place, key);
  if (own === undefined) {
    report(run, place, { ...item, outcome: 'SKIPPED_DEPENDENCY', reason: 'composite_missing' });
    return;
  }
  // M14, M35: a composite of the school's or teacher's own keeps its weights; its own line says so.
  if (!isLinked(place, row)) return;
  const link = findLink(place, 'composite_weights', key);
  const soft = typeLock(run, 'composite_weights') === 'soft';
  if (soft && !isOverwrite(run) && link !== undefined && !same({ weight: own.weight }, link.base)) {
    report(run, place, { ...item, outcome: 'KEPT_SOFT_LOCK', reason: 'soft_lock_changed' });
    return;
  }
  const outcome = outcomeOf(run, place, { key, own, weight: child.weight, soft });
  const record = outcome === 'UNCHANGED' ? count : report;
  own.weight = child.weight;
  setLink(place, { ...item, base: { weight: child.weight } });
  record(run, place, { ...item, outcome });
}

/** OD: a child that came in this run brought its weight (M10); an equal weight without a link gets one. */
function outcomeOf(
  run: Run,
  place: Place,
  now: { key: string; own: Child; weight: number; soft: boolean },
): Outcome {
  const link = findLink(place, 'composite_weights', now.key);
  if (run.newChildren.has(`${placeId(place)}|${now.key}`)) return 'UNCHANGED';
  if (link === undefined)
    return isOverwrite(run) || now.own.weight === now.weight ? 'RELINKED' : 'UPDATED';
  if (isMarked(place, link)) return 'RELINKED';
  // As for every type: drift that overwrite replaces is relinked under a soft lock too (O2).
  if ((isOverwrite(run) || !now.soft) && whyBroken(place, link) !== null) return 'RELINKED';
  return now.own.weight === now.weight ? 'UNCHANGED' : 'UPDATED';
}
