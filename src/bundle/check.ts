import { type RawBuilder, sql } from 'kysely';
import {
  type BundleFile,
  type Check,
  type Reference,
  stage,
  staged,
  type Tx,
} from './bundle-file.ts';
import { MOST_LISTED, type ProblemList } from './problems.ts';

interface Found {
  readonly line: number;
  readonly column: string;
  readonly value: string | null;
  readonly expected: string;
  /** How many rows are bad, of which this is one of the first. */
  readonly total: number;
}

type FoundRows = RawBuilder<Omit<Found, 'total'>>;

/** What only the staged bundle as a whole can tell: keys twice, ids that nothing has, cells that contradict. */
export async function checkStaged(
  tx: Tx,
  { file, columns }: { file: BundleFile; columns: ReadonlySet<string> },
  problems: ProblemList,
): Promise<void> {
  const queries = [
    twiceInFile(file),
    ...attributeCodes(file, columns),
    ...(file.references ?? []).map((reference) => dangling(file, reference)),
    ...(file.checks ?? []).map((check) => failing(file, check)),
  ];
  for (const query of queries) await collect(tx, { file, query, problems });
}

/** What only the written database can tell. */
export async function checkWritten(tx: Tx, file: BundleFile, problems: ProblemList): Promise<void> {
  for (const check of file.checksAfter ?? []) {
    await collect(tx, { file, query: failing(file, check), problems });
  }
}

interface Collecting {
  readonly file: BundleFile;
  readonly query: FoundRows;
  readonly problems: ProblemList;
}

async function collect(tx: Tx, { file, query, problems }: Collecting): Promise<void> {
  const { rows } = await sql<Found>`
    select line, "column", value, expected, (count(*) over ())::int as total
    from (${query}) found order by line limit ${sql.lit(MOST_LISTED)}`.execute(tx);
  for (const { line, column, value, expected } of rows) {
    problems.add({ file: `${file.name}.csv`, line, column, value, expected });
  }
  problems.total += (rows[0]?.total ?? 0) - rows.length;
}

function twiceInFile({ name, key, columns }: BundleFile): FoundRows {
  const own = key.map(staged);
  // A required key cell that is null did not parse, which is a problem already.
  const filled = columns
    .filter((column) => column.required && key.includes(column.name))
    .map((column) => sql`and ${staged(column.name)} is not null`);
  const value = sql.join(
    own.map((cell) => sql`${cell}::text`),
    sql`, `,
  );
  return sql`
    select line, ${sql.lit(key.join(', '))} as "column", value,
      'a key that no other row has; line ' || first || ' has it too' as expected
    from (
      select s.line, concat_ws(', ', ${value}) as value, min(s.line) over same as first
      from ${stage(name)} s where true ${sql.join(filled, sql` `)}
      window same as (partition by ${sql.join(own)})
    ) keyed where line > first`;
}

/** The codes of `attr:` columns must be attributes, whatever the cells. */
function attributeCodes({ open }: BundleFile, columns: ReadonlySet<string>): FoundRows[] {
  if (open !== 'attr:') return [];
  const codes = [...columns].filter((column) => column.startsWith(open));
  return [
    sql`
    select 1 as line, a.column, a.column as value, 'the code of a course attribute' as expected
    from unnest(${codes}::text[]) a("column")
    where not exists (select 1 from course_attribute r where 'attr:' || r.code = a.column)
      and not exists (select 1 from "stage_cmAttributes" r
        where 'attr:' || r.code = a.column and not r.removed)`,
  ];
}

function dangling({ name }: BundleFile, reference: Reference): FoundRows {
  const { column, to, when = sql`true`, isList = false } = reference;
  const value = reference.value ?? staged(column);
  const values = isList ? sql`unnest(${value})` : sql`(select ${value})`;
  return sql`
    select s.line, ${sql.lit(column)} as "column", x.v::text as value,
      ${sql.lit(to.what)} as expected
    from ${stage(name)} s cross join lateral ${values} as x(v)
    where not s.removed and x.v is not null and ${when}
      and not exists (select 1 from ${to.known} d where d.id = x.v)`;
}

function failing({ name, columns }: BundleFile, check: Check): FoundRows {
  const isColumn = columns.some((column) => column.name === check.column);
  const value = check.value ?? (isColumn ? sql`${staged(check.column)}::text` : sql`null`);
  return sql`
    select s.line, ${check.columnOf ?? sql.lit(check.column)} as "column", ${value} as value,
      ${sql.lit(check.expected)} as expected
    from ${stage(name)} s ${check.join ?? sql``}
    where ${check.ofRemoved === true ? sql`s.removed` : sql`not s.removed`} and (${check.bad})`;
}
