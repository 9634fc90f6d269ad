import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { type DB } from './schema.generated.ts';

/** The tables as kysely-codegen reads them off the migrated database. */
export type Database = DB;
export type Db = Kysely<Database>;

export interface OpenDatabase {
  readonly db: Db;
  close: () => Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  readonly maxConnections?: number;
  /** Session settings, e.g. `statement_timeout`; a worker sets its time-outs here. */
  readonly session?: Readonly<Record<string, string>>;
  /** Told of errors on idle connections; without a listener they would end the process. */
  readonly onError?: (error: Error) => void;
}

/**
 * Opens a connection pool. bigint arrives as a number (throws beyond 2^53), numeric as a number,
 * dates as `YYYY-MM-DD` text.
 */
export function openDatabase(options: DatabaseOptions): OpenDatabase {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.maxConnections ?? 10,
    keepAlive: true,
    options: Object.entries(options.session ?? {})
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    types: { getTypeParser },
  });
  const onError = options.onError ?? ignoreIdleError;
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  return { db, close: () => db.destroy() };
}

// The failed query itself rejects; an idle connection's loss needs no action, the pool reconnects.
function ignoreIdleError(): void {
  return;
}

const OWN_PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<
  number,
  (text: string) => unknown
>([
  [pg.types.builtins.INT8, parseInt8],
  [pg.types.builtins.NUMERIC, Number],
  [pg.types.builtins.DATE, String],
]);

const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (oid, format) => {
  const own = format === 'binary' ? undefined : OWN_PARSERS.get(oid);
  if (own !== undefined) return own;
  const standard: unknown = pg.types.getTypeParser(oid, 'text');
  return standard;
};

function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`bigint ${text} is beyond 2^53`);
  return value;
}
