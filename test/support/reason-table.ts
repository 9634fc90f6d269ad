import { OUTCOME_LABELS, OUTCOMES, REASONS, type Reason } from '../../src/domain/outcome.ts';
import { RULES } from '../../src/engine/plan/rules.ts';

/** Where the list of outcomes and reasons lives. */
export const REASON_TABLE = 'docs/reasons.md';

/** What the apply says of an item that went otherwise than planned. */
const AT_APPLY: Readonly<Partial<Record<Reason, string>>> = {
  changed_since_plan: 'P12',
  database_refused: 'G15',
};

/** The document of every outcome and every reason, made from the code. */
export function reasonDocument(): string {
  const reasons = Object.entries(REASONS) as [Reason, (typeof REASONS)[Reason]][];
  return [
    '# Outcomes and reasons',
    '',
    'Every item of a plan has one outcome and one reason of these lists; there are no others.',
    'Written by `npm run reasons`; do not edit.',
    '',
    '## Outcomes',
    '',
    '| outcome | in reports |',
    '| --- | --- |',
    ...OUTCOMES.map((outcome) => `| ${outcome} | ${OUTCOME_LABELS[outcome]} |`),
    '',
    '## Reasons',
    '',
    '| reason | in reports | what to do | outcomes | rules |',
    '| --- | --- | --- | --- | --- |',
    ...reasons.map(
      ([reason, { text, whatToDo }]) =>
        `| ${reason} | ${text} | ${whatToDo} | ${outcomesOf(reason)} | ${rulesOf(reason)} |`,
    ),
    '',
  ].join('\n');
}

function outcomesOf(reason: Reason): string {
  if (reason === 'changed_since_plan') return 'WITHHELD';
  if (reason === 'database_refused') return 'FAILED_ERROR';
  const outcomes = Object.values(RULES)
    .filter((rule) => rule.reason === reason)
    .map((rule) => rule.outcome);
  return [...new Set(outcomes)].join(', ');
}

function rulesOf(reason: Reason): string {
  const names = Object.entries(RULES)
    .filter(([, rule]) => rule.reason === reason)
    .map(([name]) => name.replace(/-.*$/, ''));
  return [...new Set([...names, AT_APPLY[reason] ?? ''])].filter(Boolean).join(', ');
}
