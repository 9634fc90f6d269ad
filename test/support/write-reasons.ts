// npm run reasons: writes the list of outcomes and reasons.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { REASON_TABLE, reasonDocument } from './reason-table.ts';

const file = fileURLToPath(new URL(`../../${REASON_TABLE}`, import.meta.url));
writeFileSync(
  file,
  await format(reasonDocument(), { ...(await resolveConfig(file)), filepath: file }),
);
