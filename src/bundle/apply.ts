import { type RawBuilder, sql } from 'kysely';
import { type Sql, type Tx, type Value, type Write } from './bundle-file.ts';

export interface Changed {
  readonly created: number;
  readonly updated: number;
}

/** Runs one write for a file with these columns; rows that are the same already are not touched. */
export async function applyWrite(
  tx: Tx,
  write: Write,
  columns: ReadonlySet<string>,
): Promise<Changed> {
  const statement = write.mode === 'upsert' ? upsert(write, columns) : update(write, columns);
  if (statement === null) return { created: 0, updated: 0 };
  const { rows } = await statement.execute(tx);
  return rows[0] ?? { created: 0, updated: 0 };
}

interface Parts {
  readonly keys: readonly string[];
  /** Every column, as a row is created. */
  readonly all: readonly string[];
  /** The columns that an existing row takes over. */
  readonly changing: readonly string[];
  /** `i`: the incoming rows. */
  readonly incoming: Sql;
}

function partsOf(write: Write, columns: ReadonlySet<string>): Parts {
  const { key, values, bags = {} } = write;
  const present = ({ of }: Value): boolean => of.some((column) => columns.has(column));
  const expressions = [
    ...Object.entries(key),
    ...Object.entries(values).map(([column, { value }]) => [column, value] as const),
    ...Object.entries(bags).map(([column, { value }]) => [column, value] as const),
  ];
  const changing = Object.entries(values).filter(([, value]) => present(value));
  const removed = sql`not s.removed`;
  return {
    keys: Object.keys(key),
    all: expressions.map(([column]) => column),
    changing: [...changing.map(([column]) => column), ...Object.keys(bags)],
    incoming: sql`(select ${sql.join(
      expressions.map(([column, value]) => sql`${value} as ${sql.id(column)}`),
    )} from ${write.from} where ${removed} ${write.where === undefined ? sql`` : sql`and ${write.where}`})`,
  };
}

/** What a column becomes: the incoming value, or for a bag the old cells with the incoming ones on top. */
function outcome(write: Write, column: string, columns: ReadonlySet<string>): Sql {
  const own = sql.ref(`i.${column}`);
  const bag = write.bags?.[column];
  if (bag === undefined) return own;
  const given = [...columns].map((name) =>
    bag.keys === 'attributes' ? name.replace(/^attr:/, '') : name,
  );
  return sql`(coalesce(t.${sql.id(column)}, '{}') - ${given}::text[]) || ${own}`;
}

/** Whether anything of `t` changes; jsonb nulls are the same as nothing. */
function differs(write: Write, parts: Parts, columns: ReadonlySet<string>): Sql {
  const pairs = parts.changing.map((column) => {
    const next = outcome(write, column, columns);
    const isBag = write.bags?.[column] !== undefined;
    return isBag
      ? sql`jsonb_strip_nulls(t.${sql.id(column)}) is distinct from jsonb_strip_nulls(${next})`
      : sql`t.${sql.id(column)} is distinct from ${next}`;
  });
  return pairs.length === 0 ? sql`false` : sql.join(pairs, sql` or `);
}

function sameKey(parts: Parts): Sql {
  return sql.join(
    parts.keys.map((key) => sql`t.${sql.id(key)} = i.${sql.id(key)}`),
    sql` and `,
  );
}

function upsert(write: Write, columns: ReadonlySet<string>): RawBuilder<Changed> {
  const parts = partsOf(write, columns);
  const sets = parts.changing.map((column) => sql`${sql.id(column)} = excluded.${sql.id(column)}`);
  const onConflict = sets.length === 0 ? sql`do nothing` : sql`do update set ${sql.join(sets)}`;
  const [firstKey = ''] = parts.keys;
  return sql`
    with written as (
      insert into ${sql.table(write.table)} as w (${sql.join(parts.all.map((column) => sql.id(column)))})
      select ${sql.join(parts.all.map((column) => outcome(write, column, columns)))}
      from ${parts.incoming} i left join ${sql.table(write.table)} t on ${sameKey(parts)}
      where t.${sql.id(firstKey)} is null or ${differs(write, parts, columns)}
      on conflict (${sql.join(parts.keys.map((key) => sql.id(key)))}) ${onConflict}
      returning (w.xmax = 0) as created
    )
    select (count(*) filter (where created))::int as created,
      (count(*) filter (where not created))::int as updated from written`;
}

function update(write: Write, columns: ReadonlySet<string>): RawBuilder<Changed> | null {
  const parts = partsOf(write, columns);
  if (parts.changing.length === 0) return null;
  const sets = parts.changing.map(
    (column) => sql`${sql.id(column)} = ${outcome(write, column, columns)}`,
  );
  return sql`
    with written as (
      update ${sql.table(write.table)} t set ${sql.join(sets)}
      from ${parts.incoming} i
      where ${sameKey(parts)} and (${differs(write, parts, columns)})
      returning 1
    )
    select 0 as created, count(*)::int as updated from written`;
}
