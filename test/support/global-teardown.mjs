import pg from 'pg';

/** Stops what global-setup.mjs started; on a server that is not ours, drops the databases of this run. */
export default async function globalTeardown() {
  const { testServers } = globalThis;
  if (testServers === undefined) return;
  const { postgres, redis, run } = testServers;
  if (postgres.pid === undefined) await dropDatabases(postgres.url, run);
  await Promise.all([postgres.stop(), redis.stop()]);
}

async function dropDatabases(serverUrl, run) {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  const { rows } = await client.query(
    'select datname from pg_database where starts_with(datname, $1)',
    [run],
  );
  for (const { datname } of rows) await client.query(`drop database ${datname} with (force)`);
  await client.end();
}
