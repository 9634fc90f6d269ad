import { OUTCOME_LABELS } from '../../domain/outcome.ts';
import {
  type DestructiveAct,
  type ItemSample,
  type PlanDifference,
} from '../../domain/plan-difference.ts';
import { DATA_TYPE_LABELS } from '../../domain/push-options.ts';
import { count, plainName } from '../wording.ts';

const MOST_GROUPS = 5;
const SHORT = 40;

const ACT_WORDS: Readonly<Record<DestructiveAct, readonly [one: string, many: string]>> = {
  delete: ['more item is now deleted', 'more items are now deleted'],
  unlink: ['more item loses its link', 'more items lose their links'],
  no_calculation: ['more item is set to No Calculation', 'more items are set to No Calculation'],
};

/** How a plan differs from the one approved before, as sentences: what it destroys first (G20). */
export function differenceLines(difference: PlanDifference): string[] {
  const destroyed = difference.destructive
    .slice(0, MOST_GROUPS)
    .map(
      ({ act, dataType, items, samples }) =>
        `${count(items, ...ACT_WORDS[act])} in ${DATA_TYPE_LABELS[dataType]}${example(samples)}.`,
    );
  const { added, removed, changed } = difference;
  const [largest] = difference.groups;
  const rest =
    added + removed + changed === 0
      ? []
      : [
          `In all ${count(added, 'item')} came, ${count(removed, 'item')} went and ` +
            `${count(changed, 'item')} changed${largest === undefined ? '' : largestWords(largest)}.`,
        ];
  return [...destroyed, ...rest];
}

function largestWords(group: PlanDifference['groups'][number]): string {
  const now = group.after === null ? '' : ` (now “${OUTCOME_LABELS[group.after]}”)`;
  return `, most of them in ${DATA_TYPE_LABELS[group.dataType]}${now}`;
}

function example([first]: readonly ItemSample[]): string {
  if (first === undefined) return '';
  const place = [first.course, first.section === null ? null : `section ${first.section}`]
    .filter((part) => part !== null)
    .map((part) => plainName(part, SHORT))
    .join(', ');
  return `, such as ${plainName(first.item, SHORT)}${place === '' ? '' : ` of ${place}`}`;
}
