/** `import.ts FOLDER DAY`: makes the demo district in the folder and imports it into DATABASE_URL. */
import { importBundle } from '../../src/bundle/import-bundle.ts';
import { readDatabaseConfig } from '../../src/config/env.ts';
import { openDatabase } from '../../src/db/database.ts';
import { writeDemoDistrict } from './generate.ts';

const [, , folder = '', today = ''] = process.argv;
const { databaseUrl } = readDatabaseConfig(process.env);
const { db, close } = openDatabase({ url: databaseUrl, applicationName: 'playground-demo' });
try {
  await writeDemoDistrict(folder);
  await importBundle(db, folder, { today });
} finally {
  await close();
}
