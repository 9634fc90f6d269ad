import { type Kysely, sql } from 'kysely';

/**
 * Which plan a new one stands in for, and why that one was not carried out. Locks that the apply
 * needs on student work are taken by a function, so that a worker needs no right to write there.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table push_plan
      add replaces_plan_id bigint references push_plan,
      add stale_because text check (stale_because in ('sources_changed', 'items_changed')),
      add stale_items int`.execute(db);
  // An assignment can be aligned to a task, or moved to a category, without touching its section.
  await sql`
    create function hold_assignments(courses bigint[]) returns void
    language sql security definer set search_path = pg_catalog, public as $$
      select count(*) from (
        select a.id from assignment a join section s on s.id = a.section_id
        where s.course_id = any(courses) order by a.id for update of a
      ) held
    $$`.execute(db);
  await sql`comment on function hold_assignments is
    'Locks the assignments of the courses until the transaction ends; changes nothing.'`.execute(
    db,
  );
}
