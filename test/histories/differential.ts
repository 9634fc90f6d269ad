import { sql } from 'kysely';
import { type Db } from '../../src/db/database.ts';
import { type PushedType } from '../../src/domain/push-options.ts';
import { compareItems, compareStates, describeDifferences } from '../oracle/compare.ts';
import { pushModel } from '../oracle/push.ts';
import { type Attribute, type ModelItem, type PushRequest } from '../oracle/state.ts';
import { dumpState } from './dump.ts';
import { type Done } from './invariants.ts';
import { type Item, type PushWish } from './push.ts';
import { type Rows } from './rows.ts';

/** The registry of attributes, which no history changes. */
export async function readRegistry(db: Db): Promise<Attribute[]> {
  const { rows } = await sql<Attribute>`select code, soft_lock_only as "softLockOnly",
    section_overridable as "sectionOverridable" from course_attribute order by code`.execute(db);
  return rows;
}

type ModelledWish = PushWish & { readonly kind: PushRequest['kind'] };

/** The model knows every kind of run but undoing, which has a proof of its own. */
export function isModelled(wish: PushWish): wish is ModelledWish {
  return wish.kind !== 'undo';
}

/**
 * Pushes the same request over the same district with the model of domain.md section 3, and tells
 * every item and every field in which the engine differs from it.
 */
export function differencesToOracle(
  done: Done & { readonly wish: ModelledWish },
  runId: number,
  registry: readonly Attribute[],
): string[] {
  const before = dumpState(done.before, registry);
  const after = dumpState(done.after, registry);
  let fresh = 0;
  const request = requestOf(done.wish, { runId, rows: done.before });
  const model = pushModel(before, request, (kind) => {
    fresh += 1;
    return `model-${kind}-${fresh}`;
  });
  const differences = [
    ...compareItems({
      before,
      oracle: { items: model.items, after: model.state },
      engine: { items: done.items.map((item) => modelItem(item, done.before)), after },
    }),
    ...compareStates({ before, oracle: model.state, engine: after }),
  ];
  return differences.length === 0 ? [] : describeDifferences(differences).split('\n');
}

function requestOf(
  wish: ModelledWish,
  { runId, rows }: { runId: number; rows: Rows },
): Parameters<typeof pushModel>[1] {
  return {
    run: runId,
    kind: wish.kind,
    courses:
      wish.courseIds === undefined
        ? null
        : rows.course.filter(({ id }) => wish.courseIds?.includes(id)).map((c) => c.source_id),
    year: rows.school_year.find(({ id }) => id === wish.schoolYearId)?.label ?? '',
    catalog: rows.course_catalog.find(({ id }) => id === wish.catalogId)?.name ?? '',
    calendars: rows.calendar
      .filter(({ id }) => wish.calendarIds.includes(id))
      .map((calendar) => calendar.source_id),
    mode: wish.mode,
    toSections: wish.toSections,
    crossSite: wish.crossSite,
    types: wish.dataTypes,
    master: wish.courseMasterId === null ? null : String(wish.courseMasterId),
  };
}

/** Items about a whole course or type carry no key in the model. */
const WITHOUT_KEY = ['link', 'tasks', 'mirror', 'type'];

function modelItem(item: Item, rows: Rows): ModelItem {
  return {
    course: rows.course.find(({ id }) => id === item.course_id)?.source_id ?? null,
    section: rows.section.find(({ id }) => id === item.section_id)?.source_id ?? null,
    dataType: item.data_type as PushedType,
    key: WITHOUT_KEY.includes(item.item_key) ? '' : item.item_key,
    outcome: item.outcome as ModelItem['outcome'],
    reason: item.reason as ModelItem['reason'],
  };
}
