import { sql } from 'kysely';
import { type Tx } from './bundle-file.ts';
import { KEPT_FILES } from './files/kept-files.ts';

const ONE_ROSTER_FILES = [
  ...['academicSessions', 'classes', 'courses', 'demographics', 'enrollments', 'lineItems', 'orgs'],
  ...['results', 'roles', 'userProfiles', 'userResources', 'users'],
  ...KEPT_FILES.map(({ name }) => name),
].toSorted();

/**
 * The lines of manifest.csv: the version, which OneRoster files there are, and what earlier
 * manifests said of their source.
 */
export async function manifestRows(
  tx: Tx,
  written: ReadonlySet<string>,
): Promise<(readonly [string, string | null])[]> {
  const { rows } = await sql<{ name: string; value: string | null }>`
    select source_id as name, body ->> 'value' as value from source_row where file = 'manifest'
    order by source_id collate "C"`.execute(tx);
  const own = new Map([
    ['manifest.version', '1.0'],
    ['oneroster.version', '1.2'],
    ...ONE_ROSTER_FILES.map(
      (name) => [`file.${name}`, written.has(name) ? 'bulk' : 'absent'] as const,
    ),
  ]);
  return [
    ['propertyName', 'value'],
    ...own,
    ...rows.filter(({ name }) => !own.has(name)).map(({ name, value }) => [name, value] as const),
  ];
}
