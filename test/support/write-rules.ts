// npm run rules: fills the tests into the table of rules.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fillInTests, findNamedTests, RULE_TABLE } from './rule-table.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
process.chdir(root);
writeFileSync(RULE_TABLE, fillInTests(readFileSync(RULE_TABLE, 'utf8'), findNamedTests(root)));
