import { OUTCOME_LABELS } from '../../domain/outcome.ts';
import {
  type DestructiveAct,
  type ItemSample,
  type PlanDifference,
} from '../../domain/plan-difference.ts';
import { DATA_TYPE_LABELS } from '../../domain/push-options.ts';
import { itemsIn } from '../../domain/plan-summary.ts';
import { count, listed, number, plainName } from '../wording.ts';

const MOST_GROUPS = 5;
const MOST_NAMED = 3;
const SHORT = 40;

const ACT_WORDS: Readonly<Record<DestructiveAct, readonly [one: string, many: string]>> = {
  delete: ['more item is now deleted', 'more items are now deleted'],
  unlink: ['more item loses its link', 'more items lose their links'],
  no_calculation: ['more item is set to No Calculation', 'more items are set to No Calculation'],
};

/** How a plan differs from the one approved before, as sentences: what it destroys first (G20). */
export function differenceLines(difference: PlanDifference): string[] {
  const { added, removed, changed, groups, destructive } = difference;
  const destroyed = destructive
    .slice(0, MOST_GROUPS)
    .map(
      ({ act, dataType, items, samples }) =>
        `${count(items, ...ACT_WORDS[act])} in ${DATA_TYPE_LABELS[dataType]}${examples(samples)}.`,
    );
  return [
    ...destroyed,
    ...othersDestroyed(destructive.slice(MOST_GROUPS)),
    ...(added + removed + changed === 0
      ? []
      : [
          `In all ${count(added, 'item')} came, ${count(removed, 'item')} went and ` +
            `${count(changed, 'item')} changed${whereMost(groups)}.`,
        ]),
  ];
}

function othersDestroyed(groups: PlanDifference['destructive']): string[] {
  if (groups.length === 0) return [];
  const items = itemsIn(groups);
  return [
    `Of ${count(groups.length, 'more group')}, ${count(items, 'item is', 'items are')} now deleted, ` +
      `${items === 1 ? 'loses its link or is' : 'lose their links or are'} set to No Calculation.`,
  ];
}

/** ": 12 in Categories (now “Updated”), 3 in Assessments (not in the new plan) and 5 elsewhere". */
function whereMost(groups: PlanDifference['groups']): string {
  const named = groups
    .slice(0, MOST_NAMED)
    .map(
      ({ dataType, items, after }) =>
        `${number(items)} in ${DATA_TYPE_LABELS[dataType]} (${after === null ? 'not in the new plan' : `now “${OUTCOME_LABELS[after]}”`})`,
    );
  if (named.length === 0) return '';
  const left = itemsIn(groups.slice(MOST_NAMED));
  return `: ${listed([...named, ...(left > 0 ? [`${number(left)} elsewhere`] : [])])}`;
}

/** ", such as Quizzes and Tests of Algebra, section 1": the first few, each with its place. */
function examples(samples: readonly ItemSample[]): string {
  const named = samples.slice(0, MOST_NAMED - 1).map(({ item, course, section }) => {
    const place = [course, section === null ? null : `section ${section}`]
      .filter((part) => part !== null)
      .map((part) => plainName(part, SHORT))
      .join(', ');
    return `${plainName(item, SHORT)}${place === '' ? '' : ` of ${place}`}`;
  });
  return named.length === 0 ? '' : `, such as ${listed(named)}`;
}
