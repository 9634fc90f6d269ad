import { type Reason, REASONS } from '../domain/outcome.ts';
import { DATA_TYPE_LABELS } from '../domain/push-options.ts';
import { type ReportItem } from '../domain/report-item.ts';
import { type ComparedItem, type PushHistory, type SectionItem } from '../domain/setup-report.ts';
import { textCell } from './cell.ts';
import { type Column } from './columns.ts';
import { disagreement, type Disagreement } from './fields.ts';
import { type Row } from './rows.ts';

/** Course Master Awaiting Push Report (domain.md 5.6): grading setup that courses do not have yet. */
export const AWAITING_COLUMNS: readonly Column[] = [
  { header: 'Year', width: 10 },
  { header: 'Calendar', width: 28 },
  { header: 'Course Master Number', width: 22 },
  { header: 'Course Master Name', width: 30 },
  { header: 'Course Number', width: 16 },
  { header: 'Data Type', width: 24 },
  { header: 'Item', width: 32 },
  { header: 'Change', width: 12 },
  { header: 'Field', width: 22 },
  { header: 'Course Value', width: 26 },
  { header: 'Master Value', width: 26 },
  { header: 'Master Changed At', width: 22 },
  { header: 'Last Pushed At', width: 22 },
  { header: 'Last Run', width: 10 },
  { header: 'Reason Not Pushed', width: 40 },
];

/** Course Awaiting Push Report (5.7): setup of courses that their sections do not have yet. */
export const COURSE_AWAITING_COLUMNS: readonly Column[] = [
  { header: 'Year', width: 10 },
  { header: 'Calendar', width: 28 },
  { header: 'Course Number', width: 16 },
  { header: 'Course Name', width: 30 },
  { header: 'Section', width: 10 },
  { header: 'Teacher', width: 14 },
  { header: 'Data Type', width: 24 },
  { header: 'Item', width: 32 },
  { header: 'Change', width: 12 },
  { header: 'Field', width: 22 },
  { header: 'Section Value', width: 26 },
  { header: 'Course Value', width: 26 },
  { header: 'Last Pushed At', width: 22 },
  { header: 'Reason Not Pushed', width: 40 },
];

/** Course Audit Report (5.8): what makes a course differ from Linked. */
export const AUDIT_COLUMNS: readonly Column[] = [
  { header: 'Year', width: 10 },
  { header: 'Catalog', width: 28 },
  { header: 'Calendar', width: 28 },
  { header: 'Course Number', width: 16 },
  { header: 'Course Name', width: 30 },
  { header: 'Course Master Number', width: 22 },
  { header: 'Course Master Name', width: 30 },
  { header: 'Status', width: 18 },
  { header: 'Ignore Master Push', width: 20 },
  { header: 'Data Type', width: 24 },
  { header: 'Item', width: 32 },
  { header: 'Field', width: 22 },
  { header: 'Course Value', width: 26 },
  { header: 'Last Pushed Value', width: 26 },
  { header: 'Master Value', width: 26 },
  { header: 'Cause', width: 48 },
  { header: 'Sections', width: 10 },
  { header: 'Sections With Data', width: 20 },
];

/** The line of an item that awaits a push; cells as in AWAITING_COLUMNS. */
export function awaitingRow(item: ComparedItem): Row {
  const { field, here, master } = sides({ ...item, base: null }, 'UPDATED');
  return [
    textCell(item.year),
    textCell(item.calendar),
    textCell(item.masterNumber),
    textCell(item.masterName),
    textCell(item.courseNumber),
    item.whole ? '' : DATA_TYPE_LABELS[item.dataType],
    textCell(item.itemLabel),
    item.whole ? '' : changeOf(item),
    textCell(field),
    textCell(here),
    textCell(master),
    item.masterChangedAt?.toISOString() ?? '',
    item.lastPushedAt?.toISOString() ?? '',
    item.lastRun ?? '',
    whyNotPushed(item),
  ];
}

/** The line of an item that waits to be pushed to a section; cells as in COURSE_AWAITING_COLUMNS. */
export function courseAwaitingRow(item: SectionItem): Row {
  const { field, here, master } = sides({ ...item, base: null }, 'UPDATED');
  return [
    textCell(item.year),
    textCell(item.calendar),
    textCell(item.courseNumber),
    textCell(item.courseName),
    textCell(item.section),
    textCell(item.teacher ?? ''),
    DATA_TYPE_LABELS[item.dataType],
    textCell(item.itemLabel),
    changeOf(item),
    textCell(field),
    textCell(here),
    textCell(master),
    item.lastPushedAt?.toISOString() ?? '',
    item.rule === 'L5' ? 'Section managed' : whyHeld(item),
  ];
}

/** The line of an item in the audit; cells as in AUDIT_COLUMNS. */
export function auditRow(item: ComparedItem): Row {
  const { field, here, lastPushed, master } = sides(item, 'FAILED_DESYNCED');
  return [
    textCell(item.year),
    textCell(item.catalog),
    textCell(item.calendar),
    textCell(item.courseNumber),
    textCell(item.courseName),
    textCell(item.masterNumber),
    textCell(item.masterName),
    statusOf(item),
    item.ignored ? 'Y' : 'N',
    item.whole ? '' : DATA_TYPE_LABELS[item.dataType],
    textCell(item.itemLabel),
    textCell(field),
    textCell(here),
    textCell(lastPushed),
    textCell(master),
    causeOf(item),
    item.sections,
    item.sectionsWithData,
  ];
}

function causeOf({ standing, reason }: ComparedItem): string {
  if (standing === 'not_linked') return 'Never linked; a course master has its number.';
  return reason === null ? '' : REASONS[reason].text;
}

function statusOf({ rule, ignored, standing }: ComparedItem): string {
  if (standing === 'not_linked') return 'Not Linked';
  if (ignored || standing === 'linked') return 'Linked';
  return rule === 'L5' ? 'Course Controlled' : 'Desynced';
}

function changeOf({ existing, desired }: Pick<ComparedItem, 'existing' | 'desired'>): string {
  if (existing === null) return 'Added';
  return desired === null ? 'Removed' : 'Changed';
}

const HISTORY: Readonly<Record<PushHistory, string>> = {
  never: 'Not pushed yet',
  calendar: 'Calendar not selected in the last push',
  type: 'Kind of data not selected in the last push',
  changed: 'Not pushed since the change',
};

/** What a push would deliver now waits for nothing but a push. */
const DELIVERED: ReadonlySet<Reason> = new Set(['new_above', 'changed_above', 'back_above']);

function whyNotPushed(item: ComparedItem): string {
  if (item.ignored) return 'Ignore Master Push';
  if (item.whole || item.typeFailed) return 'Desynced';
  return item.rule === 'L5' ? 'Course managed' : whyHeld(item);
}

type Held = Pick<ComparedItem, 'rule' | 'reason' | 'desired' | 'history'>;

function whyHeld(item: Held): string {
  if (item.rule?.startsWith('P10') === true) return 'Protected by posted grades';
  if (item.reason !== null && item.desired !== null && !DELIVERED.has(item.reason))
    return REASONS[item.reason].text;
  return HISTORY[item.history];
}

/** The values of all sides in the words of the push report. */
type Sides = Pick<ComparedItem, 'dataType' | 'itemLabel' | 'existing' | 'base' | 'desired'>;

function sides(item: Sides, outcome: ReportItem['outcome']): Disagreement {
  return disagreement({
    ...{ runId: 0, calendar: null, courseNumber: null, courseName: null, section: null },
    ...{ teacher: null, dataType: item.dataType, itemLabel: item.itemLabel, outcome, reason: null },
    ...{ op: 'none', result: 'planned', reached: true, before: item.existing, after: null },
    ...{
      base: item.base,
      master: item.desired,
      found: null,
      detail: null,
      linkBefore: null,
      linkAfter: null,
    },
    ...{ assignments: 0, scores: 0, grades: 0, comments: 0 },
  });
}
