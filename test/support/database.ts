import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { openDatabase, type Db } from '../../src/db/database.ts';
import { fromGlobalSetup } from './environment.ts';

export interface TestDatabase {
  url: string;
  db: Db;
  /** Closes `db` and removes the database, whoever else is connected to it. */
  drop: () => Promise<void>;
}

/**
 * A database of its own for a test file: a copy of the migrated template of this run, or with `{ migrated: false }` one
 * without a schema.
 */
export async function createTestDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const prefix = fromGlobalSetup('TEST_DATABASE_PREFIX');
  const name = `${prefix}_${randomBytes(6).toString('hex')}`;
  await onServer(
    `create database ${name} template ${migrated ? `${prefix}_template` : 'template0'}`,
  );
  const url = new URL(fromGlobalSetup('TEST_DATABASE_URL'));
  url.pathname = `/${name}`;
  const opened = openDatabase({ url: url.href, applicationName: 'test' });
  const drop = async (): Promise<void> => {
    await opened.close();
    await onServer(`drop database ${name} with (force)`);
  };
  return { url: url.href, db: opened.db, drop };
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: fromGlobalSetup('TEST_DATABASE_URL') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
