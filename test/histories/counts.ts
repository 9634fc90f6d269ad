import { sql } from 'kysely';
import { type Db } from '../../src/db/database.ts';
import { type Item, type Planned } from './push.ts';

interface Count {
  readonly group: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly items: number;
}

/** The counts of a plan are those of its items; only what is unchanged or left alone is counted besides. */
export async function countProblems(
  db: Db,
  { planId, items: size, writes }: Planned,
  items: readonly Item[],
): Promise<string[]> {
  const { rows } = await sql<Count>`
    select concat_ws('|', coalesce(calendar_id, 0), level, data_type, outcome, coalesce(reason, '')) as group,
      outcome, reason, sum(items)::int as items
    from push_plan_count where plan_id = ${planId} group by 1, 2, 3`.execute(db);
  const listed = new Map<string, number>();
  for (const item of items) {
    const group = [
      item.calendar_id ?? 0,
      item.level,
      item.data_type,
      item.outcome,
      item.reason ?? '',
    ].join('|');
    listed.set(group, (listed.get(group) ?? 0) + 1);
  }
  const counted = new Map(rows.map((row) => [row.group, row]));
  const problems = [...new Set([...listed.keys(), ...counted.keys()])]
    .filter((group) => {
      const row = counted.get(group);
      const lines = listed.get(group) ?? 0;
      return mayBeSilent(row) ? lines > (row?.items ?? 0) : lines !== row?.items;
    })
    .map(
      (group) =>
        `${group}: counted ${counted.get(group)?.items ?? 0}, listed ${listed.get(group) ?? 0}`,
    );
  if (items.length !== size)
    problems.push(`the plan says ${size} items, there are ${items.length}`);
  if (items.filter((item) => item.op !== 'none').length !== writes)
    problems.push(`the plan says ${writes} writes`);
  return problems;
}

function mayBeSilent(row: Count | undefined): boolean {
  return (
    row?.outcome === 'UNCHANGED' ||
    (row?.outcome === 'RETAINED_LOCAL' && row.reason === 'made_here')
  );
}
