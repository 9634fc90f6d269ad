import { REASONS } from '../domain/outcome.ts';
import { DATA_TYPE_LABELS } from '../domain/push-options.ts';
import { type ResidualItem } from '../domain/setup-report.ts';
import { studentCount, textCell } from './cell.ts';
import { type Column } from './columns.ts';
import { type Row } from './rows.ts';

/** Residual Data Report (domain.md 5.5): one line per item that the level above does not have. */
export const RESIDUAL_COLUMNS: readonly Column[] = [
  { header: 'Year', width: 10 },
  { header: 'Calendar', width: 28 },
  { header: 'Course Number', width: 16 },
  { header: 'Course Name', width: 30 },
  { header: 'Course Master Number', width: 22 },
  { header: 'Level', width: 10 },
  { header: 'Section', width: 10 },
  { header: 'Teacher', width: 14 },
  { header: 'Data Type', width: 24 },
  { header: 'Item', width: 32 },
  { header: 'Term', width: 8 },
  { header: 'Managed By', width: 14 },
  { header: 'Residual Since', width: 16 },
  { header: 'From Run', width: 10 },
  { header: 'Assignments', width: 13 },
  { header: 'Scores', width: 9 },
  { header: 'Grades', width: 9 },
  { header: 'Comments', width: 11 },
  { header: 'Sections With Data', width: 40 },
  { header: 'Last Activity Date', width: 20 },
  { header: 'Action', width: 60 },
];

/** The line of an item; cells as in RESIDUAL_COLUMNS. Counts of student work only, and rounded (T20). */
export function residualRow(item: ResidualItem): Row {
  const isCourse = item.level === 'course';
  return [
    textCell(item.year),
    textCell(item.calendar),
    textCell(item.courseNumber),
    textCell(item.courseName),
    textCell(item.masterNumber),
    isCourse ? 'Course' : 'Section',
    textCell(item.section ?? ''),
    textCell(item.teacher ?? ''),
    DATA_TYPE_LABELS[item.dataType],
    textCell(item.itemLabel),
    item.term ?? '',
    isCourse ? 'Course' : 'Teacher',
    item.residualSince?.toISOString().slice(0, 10) ?? '',
    item.fromRun ?? '',
    item.assignments,
    studentCount(item.scores, false),
    studentCount(item.grades, false),
    studentCount(item.comments, false),
    textCell(item.sections.map(sectionWords).join('; ')),
    item.lastActivity ?? '',
    actionOf(item),
  ];
}

function sectionWords({ section, assignments }: ResidualItem['sections'][number]): string {
  if (assignments === 0) return `section ${section}: student work`;
  return `section ${section}: ${assignments} assignment${assignments === 1 ? '' : 's'}`;
}

function actionOf({ goes, reason }: ResidualItem): string {
  if (goes) return 'Nothing to do: the next overwrite of this type removes it.';
  return reason === null ? '' : REASONS[reason].whatToDo;
}
