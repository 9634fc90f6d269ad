import { type Kysely, sql } from 'kysely';

/** Grading setup by the table that holds it. The key speaks of `r`, a row of it with its owner. */
interface Setup {
  readonly type: string;
  readonly table: string;
  readonly events: readonly Event[];
  readonly key: string;
}

type Event = 'insert' | 'update' | 'delete';
const ALL: readonly Event[] = ['insert', 'update', 'delete'];
const COMPOSITE_KEY = `'comp:' || r.parent_gradable_id || ':' || r.parent_term_seq`;

const SETUP: readonly Setup[] = [
  {
    type: 'grading_tasks_standards',
    table: 'task_alignment',
    events: ALL,
    key: `'task:' || r.gradable_id`,
  },
  {
    type: 'grade_calc_options',
    table: 'calc_option',
    events: ALL,
    key: `'calc:' || r.gradable_id || ':' || r.term_seq`,
  },
  {
    type: 'composite_grades',
    table: 'composite',
    events: ['insert', 'delete'],
    key: COMPOSITE_KEY,
  },
  {
    type: 'composite_grades',
    table: 'composite_child',
    events: ['insert', 'delete'],
    key: COMPOSITE_KEY,
  },
  {
    type: 'composite_weights',
    table: 'composite_child',
    events: ALL,
    key: `'compw:' || r.parent_gradable_id || ':' || r.parent_term_seq || '>' || r.child_gradable_id
      || ':' || r.child_term_seq`,
  },
  { type: 'categories', table: 'category', events: ALL, key: `'cat:' || r.source_id` },
  {
    type: 'assessments',
    table: 'assessment_alignment',
    events: ALL,
    key: `'assess:' || r.test_id`,
  },
];

/**
 * Since when masters have the grading setup they have, whoever changed it: imports, scripts, people.
 * What a master no longer has keeps the time it was removed. Of courses and sections nothing is noted.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table master_change (
      scope_id bigint not null references setup_scope on delete cascade,
      data_type data_type not null,
      item_key text not null,
      changed_at timestamptz not null default now(),
      primary key (scope_id, data_type, item_key)
    )`.execute(db);
  for (const setup of SETUP) for (const event of setup.events) await noteChanges(db, setup, event);
}

/** One statement per statement that writes setup, whatever the number of its rows. */
async function noteChanges(
  db: Kysely<unknown>,
  { type, table, key }: Setup,
  event: Event,
): Promise<void> {
  const name = `note_${event}_of_${type}_in_${table}`;
  const owned = (rows: string): string =>
    table === 'composite_child'
      ? `(select p.scope_id, p.parent_gradable_id, p.parent_term_seq, x.*
          from ${rows} x join composite p on p.id = x.composite_id)`
      : rows;
  const ofMasters = (rows: string): string =>
    `select r.* from ${owned(rows)} r join setup_scope s on s.id = r.scope_id and s.kind = 'master'`;
  // A row written again as it was is no change.
  const changed = {
    insert: ofMasters('new_rows'),
    delete: ofMasters('old_rows'),
    update: `(${ofMasters('old_rows')} except ${ofMasters('new_rows')})
      union (${ofMasters('new_rows')} except ${ofMasters('old_rows')})`,
  }[event];
  const tables = {
    insert: 'new table as new_rows',
    delete: 'old table as old_rows',
    update: 'old table as old_rows new table as new_rows',
  }[event];
  // A worker writes setup of courses and sections, and may note nothing of masters.
  await sql
    .raw(
      `create function ${name}() returns trigger language plpgsql
       security definer set search_path = pg_catalog, public, pg_temp as $$
       begin
         insert into master_change (scope_id, data_type, item_key)
         select distinct r.scope_id, '${type}'::data_type, ${key}
         from (${changed}) r
         on conflict (scope_id, data_type, item_key) do update set changed_at = excluded.changed_at;
         return null;
       end $$`,
    )
    .execute(db);
  await sql
    .raw(
      `create trigger ${name} after ${event} on ${table} referencing ${tables}
       for each statement execute function ${name}()`,
    )
    .execute(db);
}
