import { type RawBuilder, sql } from 'kysely';
import { SETUP_TYPES, type SetupType } from '../setup-types.ts';
import { type Tx } from '../plan/staging.ts';
import { held, inScope, pending, type PlanScope } from './scope.ts';

/** The types that courses give their sections (E03), and the table each lies in. */
export const SECTION_TYPES = [
  ['composite_grades', 'composite'],
  ['composite_weights', 'composite'],
  ['grade_calc_options', 'calc_option'],
  ['categories', 'category'],
] as const satisfies readonly (readonly [SetupType, string])[];
type SectionType = (typeof SECTION_TYPES)[number][0];

/**
 * Sections receive what their course holds (E02). A row of the course that this push writes is judged
 * as an item of its own, and its sections with it (S07). One that it leaves as it is has no such item:
 * when it is not what the plan saw, the items of the sections are held (P12).
 */
export async function holdChangedUpstream(tx: Tx, scope: PlanScope): Promise<void> {
  for (const [type] of SECTION_TYPES) {
    const { rows, key } = SETUP_TYPES[type];
    await sql`
      with written as materialized (${writtenAbove(scope, type)}),
      taken as materialized (
        select i.id, i.upstream_scope_id, i.item_key, ${seenAbove(type)} as seen,
          i.detail -> 'gradablesNotAligned' as dropped
        from push_item i
        left join written w on w.scope_id = i.upstream_scope_id and w.item_key in (i.item_key,
          'comp:' || substring(i.item_key from '^compw:(.*)>[^>]*$'))
        where ${takesFromCourse(scope, type)} and w.scope_id is null
      )
      update push_item i set ${held(sql`i.before`)}
      from (
        select t.id, t.seen, ${presentAbove(type)} as present
        from taken t left join ${rows} r on r.scope_id = t.upstream_scope_id and ${key} = t.item_key
      ) above
      where above.id = i.id and above.present is distinct from above.seen`.execute(tx);
  }
}

/** `i` is an item of a section, and takes what its course has. */
export function takesFromCourse(scope: PlanScope, type: SectionType): RawBuilder<boolean> {
  return sql<boolean>`${pending(scope)} and i.level = 'section' and i.data_type = ${sql.lit(type)}
    and i.undoes_item_id is null and i.rule not like 'C01%'`;
}

/** What this push writes at the courses, by scope and by the key that items of sections have for it. */
function writtenAbove(scope: PlanScope, type: SectionType): RawBuilder<unknown> {
  const key = type === 'categories' ? sql`'cat:' || (i.detail ->> 'sourceId')` : sql`i.item_key`;
  // Weights come and go with their composite, which may be what is written.
  const types = type === 'composite_weights' ? [type, 'composite_grades'] : [type];
  return sql`select i.scope_id, ${key} as item_key from push_item i
    where ${inScope(scope)} and i.level = 'course' and i.op <> 'none'
      and i.data_type in (${sql.join(types.map((one) => sql.lit(one)))})`;
}

/** What the plan saw above `i`, as the course has it: whether a pushed row is read-only is the section's. */
function seenAbove(type: SectionType): RawBuilder<unknown> {
  const seen = sql`case when i.master = 'null' then null else coalesce(i.master, i.after) end`;
  return type === 'grade_calc_options' ? sql`${seen} - 'readOnly'` : seen;
}

/** What is above now; a category without the gradables that the course is not aligned to (C06). */
function presentAbove(type: SectionType): RawBuilder<unknown> {
  const { payload } = SETUP_TYPES[type];
  if (type !== 'categories') return sql`case when r.id is not null then ${payload} end`;
  return sql`case when r.id is not null then ${payload} || jsonb_build_object('gradables',
    (${payload} -> 'gradables') - array(select jsonb_array_elements_text(t.dropped))) end`;
}
