import { sql } from 'kysely';
import { openDatabase } from '../../src/db/database.ts';
import { type TestDatabase } from './database.ts';

/** The time that a database and the programs of a test go by. */
export interface TestClock {
  /** For programs that are given a clock. */
  readonly now: () => Date;
  /** Puts it to a time, from which it goes on. */
  set(at: Date): Promise<void>;
  /** Puts it to a time at which it stands still. */
  hold(at: Date): Promise<void>;
  close(): Promise<void>;
}

/**
 * Gives a database a clock of its own: now() and clock_timestamp() of a schema that every connection
 * searches first. Call it before anything else connects.
 */
export async function startTestClock(
  { url }: Pick<TestDatabase, 'url'>,
  at: Date,
): Promise<TestClock> {
  const opened = openDatabase({ url, applicationName: 'test clock', maxConnections: 1 });
  for (const statement of CLOCK) await sql.raw(statement).execute(opened.db);
  let hand = { at: at.getTime(), since: Date.now() as number | null };
  const put = async (to: Date, goesOn: boolean): Promise<void> => {
    await sql`update clock.hand set at = ${to},
        since = case when ${goesOn} then pg_catalog.clock_timestamp() end`.execute(opened.db);
    hand = { at: to.getTime(), since: goesOn ? Date.now() : null };
  };
  await put(at, true);
  return {
    now: () => new Date(hand.at + (hand.since === null ? 0 : Date.now() - hand.since)),
    set: (to) => put(to, true),
    hold: (to) => put(to, false),
    close: opened.close,
  };
}

const CLOCK = [
  'create schema clock',
  'grant usage on schema clock to public',
  'create table clock.hand (at timestamptz not null, since timestamptz)',
  'insert into clock.hand values (now(), null)',
  ...['now', 'clock_timestamp'].map(
    (
      name,
    ) => `create function clock.${name}() returns timestamptz stable security definer language sql
      return (select at + coalesce(pg_catalog.${name}() - since, interval '0') from clock.hand)`,
  ),
  `do $$ begin execute format('alter database %I set search_path = clock, pg_catalog, public',
    current_database()); end $$`,
  // Defaults of columns hold to the function that they were made with.
  `do $$ declare one record; begin
    for one in select adrelid::regclass as owner, attname from pg_attrdef
      join pg_attribute on attrelid = adrelid and attnum = adnum
      where pg_get_expr(adbin, adrelid) = 'now()'
    loop execute format('alter table %s alter %I set default clock.now()', one.owner, one.attname);
    end loop;
  end $$`,
];
