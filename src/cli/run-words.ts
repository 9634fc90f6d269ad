import { OUTCOME_LABELS } from '../domain/outcome.ts';
import { DATA_TYPE_LABELS, PUSH_MODE_LABELS } from '../domain/push-options.ts';
import { neededNothing, type RunView } from '../domain/push-run.ts';

/** Exit codes of `push`: 0 completed, 1 it did not complete, 2 completed with exceptions. */
export function exitCodeOf(run: RunView): number {
  switch (run.state) {
    case 'failed':
    case 'canceled':
    case 'rejected':
    case 'expired':
      return 1;
    case 'completed_with_exceptions':
      return 2;
    case 'planning':
    case 'planned':
    case 'awaiting_approval':
    case 'queued':
    case 'running':
    case 'completed':
      return 0;
  }
}

/** A run's options and state, and how many items have which outcome; a line each. */
export function runLines(run: RunView, { ended }: { ended: boolean }): string[] {
  const master = run.masterNumber === null ? '' : `, course master ${run.masterNumber}`;
  const extras = [
    ...(run.toSections ? ['to sections'] : []),
    ...(run.crossSite ? ['cross-site data'] : []),
  ];
  return [
    `Push #${run.id}: ${run.catalog}${master}, ${run.year}`,
    `${[modeWords(run), ...extras].join(', ')}; ${run.calendars.length} calendar(s)`,
    ...(ended ? [`${stateWords(run)}${endWords(run)}`] : []),
    '',
    ...countLines(run),
  ];
}

function modeWords({ mode, undoes }: RunView): string {
  return undoes === null ? PUSH_MODE_LABELS[mode] : `Undo of push #${undoes}`;
}

/** "completed_with_exceptions" → "Completed with exceptions". */
export function stateWords({ state }: Pick<RunView, 'state'>): string {
  const words = state.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function endWords(run: RunView): string {
  if (run.error !== null) return `: ${run.error}`;
  return neededNothing(run) ? ': nothing needed doing, everything was already up to date' : '';
}

function countLines({ counts }: RunView): string[] {
  const sums = new Map<string, { readonly cells: readonly string[]; items: number }>();
  for (const { dataType, level, outcome, items } of counts) {
    const cells = [DATA_TYPE_LABELS[dataType], level, OUTCOME_LABELS[outcome]];
    const key = cells.join('|');
    const sum = sums.get(key) ?? { cells, items: 0 };
    sum.items += items;
    sums.set(key, sum);
  }
  if (sums.size === 0) return ['No course to push to.'];
  return table([
    ['Data', 'Level', 'Outcome', 'Items'],
    ...[...sums.values()].map(({ cells, items }) => [...cells, String(items)]),
  ]);
}

/** Rows as columns of text, each as wide as its longest cell. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
