import { OUTCOME_LABELS, REASONS } from '../domain/outcome.ts';
import { DATA_TYPE_LABELS } from '../domain/push-options.ts';
import { type ReportItem } from '../domain/report-item.ts';
import { type Cell, studentCount, textCell } from './cell.ts';
import { disagreement, fieldChanges } from './fields.ts';
import { noteOf } from './notes.ts';

export type Row = readonly Cell[];

export interface ReportOptions {
  /** Tell counts of scores, grades and comments from 1 to 9 instead of "<10" (T20). */
  readonly exactCounts: boolean;
}

/** In place of an outcome: what was planned came to nothing. */
const NOT_REACHED = 'Not reached';

const WHOLE_RUN = '(all selected)';

/** The line of an item in "data that could not be pushed"; cells as in PUSH_REPORT_COLUMNS. */
export function pushReportRow(item: ReportItem, { exactCounts }: ReportOptions): Row {
  const { field, here, lastPushed, master } = disagreement(item);
  const reason = item.reason === null ? undefined : REASONS[item.reason];
  return [
    item.runId,
    ...courseCells(item),
    textCell(item.teacher ?? ''),
    DATA_TYPE_LABELS[item.dataType],
    textCell(item.itemLabel),
    OUTCOME_LABELS[item.outcome],
    reason?.text ?? '',
    textCell(field),
    textCell([here, noteOf(item)].filter((text) => text !== '').join('; ')),
    textCell(lastPushed),
    textCell(master),
    // Assignments are the teacher's own; they say nothing about a student.
    item.assignments,
    studentCount(item.scores, exactCounts),
    studentCount(item.grades, exactCounts),
    studentCount(item.comments, exactCounts),
    reason?.whatToDo ?? '',
  ];
}

/** The line of a course that the push never came to, from any of its items. */
export function notReachedRow(item: ReportItem): Row {
  return [
    item.runId,
    ...courseCells({ ...item, section: null }),
    '',
    WHOLE_RUN,
    'Whole course',
    NOT_REACHED,
    'The push ended before it came to this course, so nothing was changed in it.',
    ...['', '', '', ''],
    ...[0, 0, 0, 0],
    'Push again: courses that are done already stay as they are.',
  ];
}

/**
 * The lines of a written item in the change log, one per field and one for a note; cells as in
 * CHANGE_LOG_COLUMNS.
 */
export function changeLogRows(item: ReportItem): Row[] {
  const start = itemCells(item);
  const note = noteOf(item);
  return [
    ...fieldChanges(item).map((change) => [
      ...start,
      textCell(change.field),
      textCell(change.before),
      textCell(change.after),
      change.affectsGrades ? 'Y' : 'N',
    ]),
    ...(note === '' ? [] : [[...start, 'Note', '', textCell(note), 'N']]),
  ];
}

/** The lines of an item in the plan: its changes, or one line for an item that stays as it is. */
export function planRows(item: ReportItem): Row[] {
  if (item.op !== 'none') return changeLogRows(item);
  const { field, here } = disagreement(item);
  return [[...itemCells(item), textCell(field), textCell(here), '(stays as it is)', 'N']];
}

function itemCells(item: ReportItem): Cell[] {
  return [
    item.runId,
    ...courseCells(item),
    DATA_TYPE_LABELS[item.dataType],
    textCell(item.itemLabel),
    OUTCOME_LABELS[item.outcome],
  ];
}

function courseCells(item: ReportItem): Cell[] {
  return [
    textCell(item.calendar ?? WHOLE_RUN),
    textCell(item.courseNumber ?? ''),
    textCell(item.courseName ?? ''),
    textCell(item.section ?? ''),
  ];
}

/** A measure with its value, as a summary lists them. */
export interface HeadLine {
  readonly measure: string;
  readonly value: Cell;
}

/** A line of a head in the columns of the plan, so that its CSV stays one table: Outcome is "Summary". */
export function planHeadRow(runId: number, { measure, value }: HeadLine): Row {
  return [runId, WHOLE_RUN, '', '', '', '', measure, 'Summary', '', '', value, ''];
}
