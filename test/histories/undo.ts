import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { type Db } from '../../src/db/database.ts';
import { DATA_TYPES } from '../../src/domain/push-options.ts';
import { planRun } from '../../src/engine/plan-run.ts';
import { type Arena } from './arena.ts';
import { idOf, linkId, linksOf } from './effect.ts';
import { happen } from './history.ts';
import { recordsOf } from './payloads.ts';
import { apply, type Item, plan, type Planned, readItems } from './push.ts';
import { parseRows, readRows, restoreRows, type Rows } from './rows.ts';
import { anyStep, type Step } from './steps.ts';

/** A district damaged in many ways, to be overwritten with sections, and what happens before the undo. */
export interface Undone {
  readonly damage: readonly Step[];
  readonly crossSite: boolean;
  readonly since: readonly Step[];
}

export const anyUndone: fc.Arbitrary<Undone> = fc.record({
  damage: fc.array(anyStep, { minLength: 10, maxLength: 30, size: 'max' }),
  crossSite: fc.boolean(),
  since: fc.oneof(fc.constant([]), fc.array(anyStep, { minLength: 1, maxLength: 6, size: 'max' })),
});

/** Damages, overwrites, lets things happen, undoes; every breach of G23 is a sentence of the answer. */
export async function undoProblems({ db, pushed }: Arena, undone: Undone): Promise<string[]> {
  await restoreRows(db, pushed);
  for (const step of undone.damage) await happen(db, step);
  const before = await readRows(db);
  const push = await plan(db, OVERWRITE(undone.crossSite));
  await apply(db, push);
  const after = await readRows(db);
  for (const step of undone.since) await happen(db, step);
  const edited = await readRows(db);
  const taken = await planUndo(db, push.runId);
  await apply(db, taken);
  const items = await readItems(db, taken.planId);
  const end = await readRows(db);
  const district = { before, after, edited, end };
  const nothingHeld = items.every((item) => item.op !== 'none');
  return [
    ...notApplied(items),
    ...(undone.since.length === 0 && nothingHeld ? notAsBefore(before, end) : []),
    ...notMerged(district, items),
  ];
}

const OVERWRITE = (crossSite: boolean): Parameters<typeof plan>[1] => ({
  kind: 'push',
  mode: 'overwrite',
  toSections: true,
  crossSite,
  dataTypes: DATA_TYPES,
  catalogId: 1,
  courseMasterId: null,
  schoolYearId: 1,
  calendarIds: [1, 2],
});

/** Records the undo of a run and plans it. */
export async function planUndo(db: Db, runId: number): Promise<Planned> {
  const { rows } = await sql<{ id: number }>`
    with run as (
      insert into push_run (catalog_id, school_year_id, mode, to_sections, cross_site, data_types,
        all_calendars, requested_by, scheduled_for, run_now, idempotency_key, kind, undoes_run_id)
      select catalog_id, school_year_id, 'overwrite', to_sections, cross_site, data_types, all_calendars,
        requested_by, now(), true, 'undo-' || idempotency_key, 'undo', id from push_run where id = ${runId}
      returning id
    ), jobs as (
      insert into push_job (run_id, calendar_id)
      select run.id, j.calendar_id from run, push_job j where j.run_id = ${runId}
    )
    select id from run`.execute(db);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('recording an undo');
  return { runId: id, ...(await planRun(db, id)) };
}

function notApplied(items: readonly Item[]): string[] {
  return items
    .filter((item) => item.op !== 'none' && item.result !== 'applied')
    .map((item) => `not taken back: ${JSON.stringify(item)}`);
}

/** Every row of every table is as before, ids and links included. */
function notAsBefore(before: string, end: string): string[] {
  return differences(parseRows(before), parseRows(end));
}

/** A payload's version stays for whoever names it next; every other table is compared row by row. */
function differences(before: Rows, end: Rows): string[] {
  return (Object.keys(before) as (keyof Rows)[])
    .filter((table) => table !== 'payload_version')
    .filter((table) => !isDeepStrictEqual(before[table], end[table]))
    .map((table) => {
      const only = (a: Rows, b: Rows): string =>
        a[table]
          .map((row) => JSON.stringify(row))
          .filter((row) => !b[table].some((other) => JSON.stringify(other) === row))
          .join(' ');
      return `${table} is not as before: lost ${only(before, end)}, has ${only(end, before)}`;
    });
}

type Times = Record<'before' | 'after' | 'edited' | 'end', string>;

/**
 * Record by record and link by link: what was edited in between keeps its edit, everything else is as
 * before the push, but for what the undo lists as held; and it holds nothing else.
 */
function notMerged(times: Times, items: readonly Item[]): string[] {
  const at = Object.fromEntries(
    Object.entries(times).map(([name, text]) => [name, everythingOf(parseRows(text))]),
  ) as Record<keyof Times, Map<string, unknown>>;
  const wasEdited = (id: string): boolean =>
    !isDeepStrictEqual(at.after.get(id), at.edited.get(id));
  const held = items.filter((item) => item.op === 'none');
  const heldIds = new Set(held.flatMap((item) => [idOf(item), `link ${linkId(item)}`]));
  const heldComposites = held
    .filter((item) => item.data_type === 'composite_grades')
    .flatMap((item) => [weightsOf(idOf(item)), `link ${weightsOf(linkId(item))}`]);
  const isHeld = (id: string): boolean =>
    heldIds.has(id) || heldComposites.some((prefix) => id.startsWith(prefix));
  const ids = new Set(Object.values(at).flatMap((records) => [...records.keys()]));
  return [
    ...[...ids]
      .filter((id) => {
        const wanted = wasEdited(id) || isHeld(id) ? at.edited : at.before;
        return !isDeepStrictEqual(at.end.get(id), wanted.get(id));
      })
      .map(
        (id) =>
          `${id} ${wasEdited(id) ? 'was edited' : ''} ${isHeld(id) ? 'is held' : ''}: ${JSON.stringify(
            Object.values(at).map((records) => records.get(id)),
          )}`,
      ),
    ...held
      .filter((item) => item.reason === 'changed_since_push')
      .filter((item) => !wasEdited(idOf(item)) && !wasEdited(`link ${linkId(item)}`))
      .filter((item) => !/usedBy|"name":|"value":|"weight":/.test(JSON.stringify(item.before)))
      .map((item) => `held without need: ${JSON.stringify(item)}`),
  ];
}

function everythingOf(rows: Rows): Map<string, unknown> {
  return new Map<string, unknown>([
    ...recordsOf(rows),
    ...[...linksOf(rows)].map(([id, link]) => [`link ${id}`, link] as const),
  ]);
}

/** How the ids of the weights of a composite begin. */
function weightsOf(composite: string): string {
  return `${composite.replace('composite_grades', 'composite_weights').replace('comp:', 'compw:')}>`;
}
