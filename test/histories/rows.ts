import { type Selectable, sql } from 'kysely';
import { type Database, type Db } from '../../src/db/database.ts';

/** What a push must leave alone: the work of students and their teachers (P11). */
export const STUDENT_TABLES = [
  'assignment',
  'assignment_gradable',
  'score',
  'posted_grade',
  'test_score',
  'roster',
] as const;

/** The setup that pushes write. */
export const SETUP_TABLES = [
  'task_alignment',
  'calc_option',
  'composite',
  'composite_child',
  'category',
  'assessment_alignment',
] as const;

/** Everything of the district, parents before children; the tables of runs and plans are apart. */
export const TABLES = [
  'district',
  'school',
  'school_year',
  'calendar',
  'term',
  'score_group',
  'score_group_item',
  'grading_scale',
  'gradable',
  'test',
  'course_catalog',
  'catalog_school_year',
  'catalog_type_lock',
  'catalog_attribute_lock',
  'course_master',
  'course',
  'section',
  'cross_site_map',
  'setup_scope',
  ...SETUP_TABLES,
  ...STUDENT_TABLES,
  'payload_version',
  'sync_link',
] as const;
export type Table = (typeof TABLES)[number];

/** The rows of every table as JSON has them: numbers as numbers, dates and times as text. */
export type Rows = { readonly [Name in Table]: readonly Selectable<Database[Name]>[] };

const RUN_TABLES = [
  'push_item',
  'push_batch',
  'push_plan_count',
  'push_plan_course',
  'push_plan',
  'push_job',
  'push_run',
];

/** Makes what `restoreRows` needs; call it once for a database. */
export async function prepareRestore(db: Db): Promise<void> {
  await sql`
    create function restore_rows(tables text[], run_tables text[], rows jsonb) returns void language plpgsql as $$
    declare name text; col record;
    begin
      perform set_config('session_replication_role', 'replica', true);
      foreach name in array run_tables || tables loop
        execute format('delete from %I', name);
      end loop;
      foreach name in array tables loop
        execute format('insert into %1$I select * from jsonb_populate_recordset(null::%1$I, $1)', name)
          using coalesce(rows -> name, '[]');
        for col in select column_name from information_schema.columns
          where table_schema = 'public' and table_name = name and is_identity = 'YES' loop
          execute format('select setval(pg_get_serial_sequence(%L, %L), coalesce(max(%I), 0) + 1, false) from %I',
            name, col.column_name, col.column_name, name);
        end loop;
      end loop;
      perform set_config('session_replication_role', 'origin', true);
    end $$`.execute(db);
}

/** Puts the whole district back to what `readRows` saw, ids and sequences included; forgets all runs. */
export async function restoreRows(db: Db, rows: string): Promise<void> {
  await sql`select restore_rows(${[...TABLES]}::text[], ${RUN_TABLES}::text[], ${rows}::jsonb)`.execute(
    db,
  );
}

/** The rows of every table in a stable order, as the text of one JSON object. */
export async function readRows(db: Db): Promise<string> {
  const tables = TABLES.map(
    (table) =>
      sql`select ${sql.lit(table)} as name, (select coalesce(jsonb_agg(to_jsonb(r) order by to_jsonb(r)), '[]')
        from ${sql.table(table)} r) as rows`,
  );
  const { rows } = await sql<{ all: string }>`
    select jsonb_object_agg(name, rows)::text as all from (${sql.join(tables, sql` union all `)}) t`.execute(
    db,
  );
  return rows[0]?.all ?? '{}';
}

/** A row without some of its columns. */
export function without<Row extends object, Column extends keyof Row>(
  row: Row,
  columns: readonly Column[],
): Omit<Row, Column> {
  const left = { ...row };
  for (const column of columns) Reflect.deleteProperty(left, column);
  return left;
}

export function parseRows(text: string): Rows {
  return JSON.parse(text) as Rows;
}

/** A digest per table over every row version: it moves with any write, even one of the same values. */
export async function rowVersions(db: Db): Promise<Readonly<Record<string, string>>> {
  const tables = TABLES.map(
    (table) =>
      sql`select ${sql.lit(table)} as name,
        (select md5(coalesce(string_agg(r.xmin::text || r.ctid::text || r::text, '|' order by r.ctid), ''))
          from ${sql.table(table)} r) as digest`,
  );
  const { rows } = await sql<{
    name: string;
    digest: string;
  }>`${sql.join(tables, sql` union all `)}`.execute(db);
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}

/** The same rows in the opposite physical order once restored. */
export function turnAround(text: string): string {
  const rows = parseRows(text);
  return JSON.stringify(
    Object.fromEntries(TABLES.map((table) => [table, [...rows[table]].reverse()])),
  );
}
