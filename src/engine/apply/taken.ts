import { sql } from 'kysely';
import { payloadAt } from '../setup-types.ts';
import { type Tx } from '../plan/staging.ts';
import { held, pending, type PlanScope } from './scope.ts';

/**
 * Holds what would take a category name or a course number that is not free (any more): somebody
 * else has it since the plan, or whoever was to give it up is held. A local category is not renamed
 * for one that does not come. Returns whether anything was held: that may concern others in turn.
 */
export async function holdTakenNames(tx: Tx, scope: PlanScope): Promise<boolean> {
  const held = [
    await holdCategoryNames(tx, scope),
    await holdIdleRenames(tx, scope),
    await holdCourseNumbers(tx, scope),
  ];
  return held.includes(true);
}

/** C01, C03: names are once per owner; a rename or deletion that still waits frees its name. */
async function holdCategoryNames(tx: Tx, scope: PlanScope): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    with waiting as materialized (
      select i.id, i.scope_id, i.row_id, i.op, i.before ->> 'name' as name, i.after ->> 'name' as next
      from push_item i
      where ${pending(scope)} and i.data_type = 'categories' and i.op in ('insert', 'update', 'delete')
    )
    update push_item i set ${held(sql`t.found`)}
    from (
      select w.id, ${payloadAt('categories', 'course')} as found from waiting w
      join category r on r.scope_id = w.scope_id and r.name = w.next and r.id <> w.row_id
      where w.op <> 'delete' and w.name is distinct from w.next
        and not exists (select 1 from waiting o
          where o.row_id = r.id and (o.op = 'delete' or o.next <> o.name))
    ) t
    where t.id = i.id`.execute(tx);
  return numAffectedRows > 0n;
}

async function holdIdleRenames(tx: Tx, scope: PlanScope): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    with waiting as materialized (
      select i.id, i.rule, i.scope_id, i.before, i.after ->> 'name' as next from push_item i
      where ${pending(scope)} and i.data_type = 'categories' and i.op in ('insert', 'update')
    )
    update push_item i set ${held(sql`i.before`)}
    from waiting w
    where w.id = i.id and w.rule like 'C01%'
      and not exists (select 1 from waiting o
        where o.scope_id = w.scope_id and o.next = w.before ->> 'name')`.execute(tx);
  return numAffectedRows > 0n;
}

/** A24: numbers are once per calendar; courses may pass them on to each other within a batch. */
async function holdCourseNumbers(tx: Tx, scope: PlanScope): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    with waiting as materialized (
      select i.id, i.course_id, i.calendar_id, i.after ->> 'value' as next from push_item i
      where ${pending(scope)} and i.item_key = 'attr:number' and i.op = 'update'
    )
    update push_item i set ${held(sql`jsonb_build_object('value', t.next)`)}
    from (
      select w.id, w.next from waiting w
      join course c on c.calendar_id = w.calendar_id and c.number = w.next and c.id <> w.course_id
      where not exists (select 1 from waiting o where o.course_id = c.id and o.next <> c.number)
    ) t
    where t.id = i.id`.execute(tx);
  return numAffectedRows > 0n;
}
