import { type RawBuilder, sql } from 'kysely';
import { type Db } from '../../src/db/database.ts';

export type Row = Readonly<Record<string, unknown>>;

/** A course by name: its number, after its calendar's name outside of the fixture's own calendar 1. */
export function courseName(alias: string): RawBuilder<string> {
  const calendar = sql.ref(`${alias}.calendar_id`);
  const number = sql.ref(`${alias}.number`);
  return sql<string>`(case ${calendar} when 1 then ''
    else (select k.name || ' ' from calendar k where k.id = ${calendar}) end || ${number})`;
}

/** Every row that a push could touch, by a name a person understands: `1010/1 calc:quarter:2`. */
export type Tables = ReadonlyMap<string, Row>;

/** What became of a row: its values when added, `[before, after]` per changed field. */
export type Change = { readonly added: Row } | 'deleted' | Readonly<Record<string, unknown>>;

/** Tables that hold the pushes and what is told of them; everything else is the district's. */
const OWN_TABLES =
  /^(push_|kysely_|payload_version|audit_|worker_|source_row|run_thread|slack_|inbound_seen)/;
const NAMED_TABLES = [
  'course',
  'section',
  'task_alignment',
  'calc_option',
  'composite',
  'composite_child',
  'category',
  'assessment_alignment',
  'sync_link',
];

/**
 * The whole district as it is now. Rows of setup and links have one entry each; any other table is
 * one entry with a digest of its rows, so that a change anywhere shows.
 */
export async function readTables(db: Db): Promise<Tables> {
  const others = (await tableNames(db)).filter(
    (table) => !OWN_TABLES.test(table) && !NAMED_TABLES.includes(table),
  );
  const digests = others.map(
    (table) => sql`
      select ${`table ${table}`} as name, jsonb_build_object('rows', count(*),
        'digest', md5(coalesce(string_agg(r::text, '' order by r::text), ''))) as fields
      from ${sql.table(table)} r`,
  );
  const { rows } = await sql<{ name: string; fields: Row }>`
    ${NAMED} union all ${sql.join(digests, sql` union all `)}`.execute(db);
  const tables = new Map(rows.map((row) => [row.name, row.fields]));
  if (tables.size !== rows.length) throw new Error('two rows of the district have one name');
  return tables;
}

const NAMED = sql`
  with place as (
    select s.id as scope_id, coalesce('master ' || m.number, ${courseName('c')},
      ${courseName('o')} || '/' || x.number) as place
    from setup_scope s
    left join course_master m on m.id = s.course_master_id
    left join course c on c.id = s.course_id
    left join section x on x.id = s.section_id left join course o on o.id = x.course_id
  )
  select ${courseName('c')} as name, to_jsonb(c) - 'attrs' || c.attrs as fields from course c
  union all
  select ${courseName('o')} || '/' || x.number, to_jsonb(x) from section x join course o on o.id = x.course_id
  union all
  select place || ' task:' || gradable_id, to_jsonb(r) - '{scope_id,scope_kind,gradable_id}'::text[]
  from task_alignment r join place using (scope_id)
  union all
  select place || ' calc:' || gradable_id || ':' || term_seq,
    to_jsonb(r) - '{scope_id,gradable_id,term_seq}'::text[]
  from calc_option r join place using (scope_id)
  union all
  select place || ' comp:' || parent_gradable_id || ':' || parent_term_seq, jsonb_build_object('id', r.id)
  from composite r join place using (scope_id)
  union all
  select place || ' compw:' || parent_gradable_id || ':' || parent_term_seq || '>'
    || child_gradable_id || ':' || child_term_seq, jsonb_build_object('weight', x.weight)
  from composite_child x join composite r on r.id = x.composite_id join place using (scope_id)
  union all
  select place || ' cat:' || regexp_replace(source_id, '^.*/', ''), to_jsonb(r) - '{scope_id,source_id}'::text[]
  from category r join place using (scope_id)
  union all
  select place || ' assess:' || test_id, to_jsonb(r) - '{scope_id,scope_kind,test_id}'::text[]
  from assessment_alignment r join place using (scope_id)
  union all
  select 'link ' || place || ' ' || regexp_replace(item_key, '^cat:.*/', 'cat:'), jsonb_build_object(
    'state', l.state, 'base', v.payload, 'row_id', l.row_id, 'upstream', l.upstream_scope_id)
  from sync_link l join place using (scope_id) join payload_version v on v.id = l.version_id`;

/** What differs between two states, leaving out the bookkeeping of links. */
export function changesBetween(before: Tables, after: Tables): Record<string, Change> {
  return differences(before, after, (name) => !name.startsWith('link '));
}

/** Which links differ between two states; the names lack the leading `link`. */
export function linkChangesBetween(before: Tables, after: Tables): Record<string, Change> {
  return Object.fromEntries(
    Object.entries(differences(before, after, (name) => name.startsWith('link '))).map(
      ([name, change]) => [name.slice('link '.length), change],
    ),
  );
}

function differences(
  before: Tables,
  after: Tables,
  counts: (name: string) => boolean,
): Record<string, Change> {
  const changes: Record<string, Change> = {};
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    if (!counts(name)) continue;
    const change = differenceOf(before.get(name), after.get(name));
    if (change !== undefined) changes[name] = change;
  }
  return changes;
}

function differenceOf(before: Row | undefined, after: Row | undefined): Change | undefined {
  if (after === undefined) return 'deleted';
  if (before === undefined) return { added: withoutBlanks(after) };
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );
  if (fields.length === 0) return undefined;
  return Object.fromEntries(fields.map((field) => [field, [before[field], after[field]]]));
}

/** An added row without its id and without the values that say nothing. */
function withoutBlanks(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).filter(
      ([field, value]) =>
        field !== 'id' &&
        value !== null &&
        value !== false &&
        value !== 0 &&
        !(Array.isArray(value) && value.length === 0),
    ),
  );
}

async function tableNames(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`.execute(db);
  return rows.map((row) => row.name);
}

/**
 * Keeps the database as it is now, in a schema of its own, and returns what brings it back. That
 * costs a tenth of a new database per test.
 */
export async function keepBaseline(db: Db): Promise<() => Promise<void>> {
  const tables = (await tableNames(db)).filter((table) => !table.startsWith('kysely_'));
  const statements = ['create schema baseline'];
  for (const table of tables)
    statements.push(`create table baseline.${table} as table public.${table}`);
  statements.push(
    `create table baseline.kept_sequences as
       select schemaname || '.' || sequencename as name, coalesce(last_value, 1) as value,
         last_value is not null as called
       from pg_sequences where schemaname = 'public'`,
  );
  await sql.raw(statements.join(';')).execute(db);
  const restore = [
    `set local session_replication_role = replica`,
    ...tables.map((table) => `delete from public.${table}`),
    ...tables.map((table) => `insert into public.${table} table baseline.${table}`),
    `select setval(name::regclass, value, called) from baseline.kept_sequences`,
  ].join(';');
  return async () => {
    await db.transaction().execute((tx) => sql.raw(restore).execute(tx));
  };
}
