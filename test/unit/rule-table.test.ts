import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import {
  fillInTests,
  findNamedTests,
  namedTests,
  readRuleTexts,
  RULE_TABLE,
  RULES,
} from '../support/rule-table.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const table = readFileSync(new URL(RULE_TABLE, new URL('../../', import.meta.url)), 'utf8');
const tests = findNamedTests(root);

describe('Given the rules of a push', () => {
  it('every rule has a test that names it', () => {
    const named = new Set(tests.flatMap((test) => test.rules));
    expect(RULES.filter((rule) => !named.has(rule))).toEqual([]);
  });

  it('the table lists each rule once, with a text', () => {
    const texts = readRuleTexts(table);
    expect([...texts.keys()].sort()).toEqual([...RULES].sort());
    expect([...texts.values()].filter((text) => text === '')).toEqual([]);
  });

  it('the table names the present tests (else: npm run rules)', () => {
    expect(table).toBe(fillInTests(table, tests));
  });
});

describe('Given the source of a test file', () => {
  it('finds rules in titles, in those around them and in tables by name or in place', () => {
    const source = `
      const CELLS = [['G07', 'x']] as const;
      describe('a (G01)', () => {
        it('b (P02, S03)', () => {});
        it.each(CELLS)('%s does', () => {});
        it.each([{ rule: 'L5' }])('$rule does', () => {});
        it.each\`a\${'O2'}\`('%s', () => {});
        it.each([['N10']])('no placeholder', () => {});
      });
      it('says nothing of a rule, U1 or XL1', () => { expect('G02').toBe(1); });`;
    expect(namedTests(source)).toEqual([
      { title: 'a (G01) › b (P02, S03)', rules: ['G01', 'P02', 'S03'] },
      { title: 'a (G01) › %s does', rules: ['G01', 'G07'] },
      { title: 'a (G01) › $rule does', rules: ['G01', 'L5'] },
      { title: 'a (G01) › %s', rules: ['G01', 'O2'] },
      { title: 'a (G01) › no placeholder', rules: ['G01'] },
    ]);
  });
});
