import { parse } from 'csv-parse/sync';
import { sql } from 'kysely';
import { type Db } from '../../src/db/database.ts';
import { belongsOnPushReport, OUTCOME_LABELS } from '../../src/domain/outcome.ts';
import { type RunView } from '../../src/domain/push-run.ts';
import { readWorkbook } from './workbook.ts';

/** Lines or items by "data type: outcome", sorted. */
export type Figures = Readonly<Record<string, number>>;

/** The rows of a report's CSV as records. */
export function readCsv(bytes: Buffer): Record<string, string>[] {
  return parse<Record<string, string>>(bytes, { columns: true, bom: true });
}

/** What the push report's CSV says. */
export function figuresOfCsv(bytes: Buffer): Figures {
  return figures(readCsv(bytes).map((row) => [row['Data Type'] ?? '', row['Outcome'] ?? '', 1]));
}

/** What the table of the push report's XLSX says. */
export async function figuresOfXlsx(bytes: Buffer): Promise<Figures> {
  const [, table] = await readWorkbook(bytes);
  const [header, ...rows] = table?.rows ?? [];
  const column = (name: string): number => header?.findIndex((cell) => cell?.value === name) ?? -1;
  const [type, outcome] = [column('Data Type'), column('Outcome')];
  return figures(rows.map((row) => [row[type]?.value ?? '', row[outcome]?.value ?? '', 1]));
}

/** What the thread's counts say of the items that belong on the push report. */
export function figuresOfView(view: RunView, labels: Readonly<Record<string, string>>): Figures {
  const told = view.counts.filter(({ outcome, reason }) => belongsOnPushReport(outcome, reason));
  return figures(
    told.map(({ dataType, outcome, items }) => [
      labels[dataType] ?? dataType,
      OUTCOME_LABELS[outcome],
      items,
    ]),
  );
}

/** The same from the plan's items, by SQL that knows nothing of the reports. */
export async function figuresOfDatabase(
  db: Db,
  runId: number,
  labels: Readonly<Record<string, string>>,
): Promise<Figures> {
  const { rows } = await sql<{ type: string; outcome: keyof typeof OUTCOME_LABELS; items: number }>`
    select i.data_type as type, case i.result when 'held' then 'WITHHELD'
      when 'rolled_back' then 'FAILED_ERROR' else i.outcome end as outcome, count(*) as items
    from push_item i join push_run r on r.plan_id = i.plan_id
    where r.id = ${runId} and (i.result in ('held', 'rolled_back') or i.outcome not in
      ('INSERTED', 'UPDATED', 'DELETED', 'RELINKED', 'UNCHANGED'))
    group by 1, 2`.execute(db);
  return figures(
    rows.map(({ type, outcome, items }) => [labels[type] ?? type, OUTCOME_LABELS[outcome], items]),
  );
}

function figures(
  entries: readonly (readonly [type: string | number, outcome: string | number, items: number])[],
): Figures {
  const sums = new Map<string, number>();
  for (const [type, outcome, items] of entries) {
    const key = `${type}: ${outcome}`;
    sums.set(key, (sums.get(key) ?? 0) + items);
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}
