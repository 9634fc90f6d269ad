import { OUTCOME_LABELS, REASONS } from '../domain/outcome.ts';
import { DATA_TYPE_LABELS } from '../domain/push-options.ts';
import { type PlanHead, type ReportItem } from '../domain/report-item.ts';
import { textCell } from './cell.ts';
import { type HeadLine } from './rows.ts';

/** What a report is about. */
export interface ReportRun {
  readonly id: number;
  readonly catalog: string;
  readonly year: string;
}

/** Counts items by outcome and reason as they pass. */
export interface Tally {
  count(items: readonly ReportItem[]): void;
  /** The run, and a line per outcome and reason, the most frequent first. */
  lines(): HeadLine[];
}

/** A tally for the first sheet of a report. */
export function openTally(run: ReportRun): Tally {
  const counts = new Map<string, number>();
  let total = 0;
  return {
    count: (items) => {
      total += items.length;
      for (const { outcome, reason } of items) {
        const why = reason === null ? '' : `: ${REASONS[reason].text}`;
        const measure = `${OUTCOME_LABELS[outcome]}${why}`;
        counts.set(measure, (counts.get(measure) ?? 0) + 1);
      }
    },
    lines: () => [
      ...runLines(run),
      { measure: 'Items', value: total },
      ...[...counts]
        .map(([measure, value]) => ({ measure, value }))
        .sort((a, b) => b.value - a.value || (a.measure < b.measure ? -1 : 1)),
    ],
  };
}

function runLines(run: ReportRun): HeadLine[] {
  return [
    { measure: 'Run', value: run.id },
    { measure: 'Course Catalog', value: textCell(run.catalog) },
    { measure: 'School Year', value: textCell(run.year) },
  ];
}

/** The head of a plan (5.4), every measure also when it is 0. */
export function planHeadLines(head: PlanHead): HeadLine[] {
  return [
    ...head.deletions.map(({ dataType, level, items }) => ({
      measure: `Deletions: ${DATA_TYPE_LABELS[dataType]}, ${level} level`,
      value: items,
    })),
    ...(head.deletions.length === 0 ? [{ measure: 'Deletions', value: 0 }] : []),
    { measure: 'Sections set to No Calculation', value: head.sectionsWithoutCalculation },
    { measure: 'Items that become residual', value: head.residualItems },
    { measure: 'Local categories renamed', value: head.renamedCategories },
    { measure: 'Section overrides cleared', value: head.clearedOverrides },
    { measure: 'Courses with Ignore Master Push', value: head.coursesIgnored },
    { measure: 'Courses desynced', value: head.coursesDesynced },
    { measure: 'Courses not linked', value: head.coursesNotLinked },
    { measure: 'The year is the active one', value: head.activeYear ? 'Yes' : 'No' },
    { measure: 'Summer calendars', value: head.summerCalendars },
  ];
}
