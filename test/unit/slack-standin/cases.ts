import { type JsonObject } from '../../../playground/slack-standin/contract.ts';
import { type Finding } from '../../../playground/slack-standin/rules/finding.ts';

/** Makes a payload in which one thing has a size. */
export type Make = (size: number) => JsonObject;

/** The rules by which Slack refuses, each once. */
export function refusedRules(findings: readonly Finding[]): string[] {
  return [...new Set(findings.filter((finding) => finding.refused).map((finding) => finding.rule))];
}

export interface LimitCase {
  readonly rule: string;
  readonly what: string;
  readonly limit: number;
  readonly make: Make;
}

export function asCase([rule, what, limit, make]: readonly [
  string,
  string,
  number,
  Make,
]): LimitCase {
  return { rule, what, limit, make };
}

export interface PairCase {
  readonly rule: string;
  readonly what: string;
  readonly valid: JsonObject;
  readonly invalid: JsonObject;
}

export function pairs(
  rows: readonly (readonly [string, string, JsonObject, JsonObject])[],
): PairCase[] {
  return rows.map(([rule, what, valid, invalid]) => ({ rule, what, valid, invalid }));
}
