import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { OUTCOMES, REASONS } from '../../src/domain/outcome.ts';
import { RULES } from '../../src/engine/plan/rules.ts';
import { REASON_TABLE, reasonDocument } from '../support/reason-table.ts';

const words = (document: string): string[] =>
  document
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').replaceAll(/-{3,}/g, '---').trim())
    .filter((line) => line !== '');

describe('Given the outcomes and reasons of a plan', () => {
  it('the document lists the present ones (else: npm run reasons)', () => {
    const document = readFileSync(new URL(`../../${REASON_TABLE}`, import.meta.url), 'utf8');
    expect(words(document)).toEqual(words(reasonDocument()));
  });

  it('each outcome and each reason comes from a rule, or from applying the plan (G22)', () => {
    const rules = Object.values(RULES);
    const atApply = {
      outcomes: ['FAILED_ERROR'],
      reasons: ['changed_since_plan', 'database_refused'],
    };
    const outcomes = new Set<string>([...rules.map((rule) => rule.outcome), ...atApply.outcomes]);
    const reasons = new Set<string>([...rules.map((rule) => rule.reason), ...atApply.reasons]);
    expect([...OUTCOMES].filter((outcome) => !outcomes.has(outcome))).toEqual([]);
    expect(Object.keys(REASONS).filter((reason) => !reasons.has(reason))).toEqual([]);
  });
});
