import { belongsOnPushReport, type Outcome, OUTCOME_LABELS } from '../../domain/outcome.ts';
import {
  DATA_TYPE_LABELS,
  FORM_DATA_TYPES,
  PUSH_MODE_LABELS,
  type PushedType,
  type RunKind,
} from '../../domain/push-options.ts';
import { type OutcomeCount, type RunCalendar, type RunView } from '../../domain/push-run.ts';
import { count, listed, number, plainName } from '../wording.ts';

const PUSHED_TYPES: readonly PushedType[] = [...FORM_DATA_TYPES, 'cross_site'];

/** "push 1042", "push 1043 (undo of push 1042)": how messages name a run; the number is what the CLI takes. */
export function runName(run: RunView): string {
  return `push ${run.id}${ofUndo(run)}`;
}

/** The same at the head of a message. */
export function runTitle(run: RunView): string {
  return `Push ${run.id}${ofUndo(run)}`;
}

function ofUndo({ undoes }: RunView): string {
  return undoes === null ? '' : ` (undo of push ${undoes})`;
}

/** What a run did with what it wrote: it "pushed", or an undo "put back". */
export function didWord({ undoes }: Pick<RunView, 'undoes'>): string {
  return undoes === null ? 'pushed' : 'put back';
}

/** "an overwrite of High School Catalog, 24-25": what approvers are asked for. Plain text. */
export function askedFor(run: RunView): string {
  return run.undoes === null
    ? `an overwrite of ${subject(run)}`
    : `the undo of push ${run.undoes}, ${subject(run)}`;
}

/** "High School Catalog, 24-25". Plain text: escape it for mrkdwn. */
export function subject(run: RunView): string {
  const master =
    run.masterNumber === null ? '' : `course master ${plainName(run.masterNumber)} of `;
  return `${master}${plainName(run.catalog)}, ${plainName(run.year)}`;
}

/** "24-25 Harrison High" or "All Calendars (8)". Plain text. */
export function calendarsOf(run: RunView): string {
  const [only] = run.calendars;
  if (run.allCalendars) return `All Calendars (${number(run.calendars.length)})`;
  return run.calendars.length === 1 && only !== undefined
    ? plainName(only.name)
    : count(run.calendars.length, 'calendar');
}

/** "Push locked data; also to sections". */
export function modeOf(run: RunView): string {
  if (run.undoes !== null) return `Undo of push ${run.undoes}`;
  const also = [
    ...(run.toSections ? ['locked data to sections'] : []),
    ...(run.crossSite ? ['Cross-Site data to courses and sections'] : []),
  ];
  const mode = KIND_WORDS[run.kind] ?? PUSH_MODE_LABELS[run.mode];
  return also.length === 0 ? mode : `${mode}; also ${listed(also)}`;
}

const KIND_WORDS: Readonly<Partial<Record<RunKind, string>>> = {
  push_all_courses: 'Push All Courses',
  relink: 'Relink the chosen courses with their course masters',
  reset: 'Reset the chosen courses to their course masters',
};

/** "All seven kinds" or the labels in the order of the form. */
export function dataOf(run: RunView): string {
  const types = FORM_DATA_TYPES.filter((type) => run.dataTypes.includes(type));
  return types.length === FORM_DATA_TYPES.length
    ? 'All seven kinds'
    : listed(types.map((type) => DATA_TYPE_LABELS[type]));
}

/** How far the courses of a run, or of some of its calendars, are. */
export type CourseFigures = Pick<
  RunCalendar,
  'coursesTotal' | 'coursesDone' | 'coursesIgnored' | 'coursesUnlinked' | 'coursesLeft'
>;

/** The figures of several calendars as one. */
export function coursesIn(calendars: readonly CourseFigures[]): CourseFigures {
  const total = (figure: keyof CourseFigures): number =>
    sum(calendars.map((calendar) => calendar[figure]));
  return {
    coursesTotal: total('coursesTotal'),
    coursesDone: total('coursesDone'),
    coursesIgnored: total('coursesIgnored'),
    coursesUnlinked: total('coursesUnlinked'),
    coursesLeft: total('coursesLeft'),
  };
}

/** The calendars that have courses in this run, and the others, of which there is nothing to tell. */
export function calendarsByCourses(calendars: readonly RunCalendar[]): {
  readonly withCourses: readonly RunCalendar[];
  readonly empty: number;
} {
  const withCourses = calendars.filter(({ coursesTotal }) => coursesTotal > 0);
  return { withCourses, empty: calendars.length - withCourses.length };
}

/** "10 more calendars have no courses of this push." */
export function emptyCalendars(empty: number, withCourses: number): string {
  const more = withCourses === 0 ? 'calendar' : 'more calendar';
  return `${count(empty, `${more} has`, `${more}s have`)} no courses of this push.`;
}

/** "19 of 28 courses", or where some are left alone "28 courses: 19 done, 1 ignored". */
export function coursesDone(figures: CourseFigures): string {
  const { coursesTotal, coursesDone: done } = figures;
  const apart = leftAlone(figures);
  return apart.length === 0
    ? `${number(done)} of ${count(coursesTotal, 'course')}`
    : `${count(coursesTotal, 'course')}: ${[`${number(done)} done`, ...apart].join(', ')}`;
}

/** The same in one breath, for lines that have a colon already: "19 of 28 courses, 1 ignored". */
export function coursesSoFar(figures: CourseFigures): string {
  const { coursesTotal, coursesDone: done } = figures;
  return [`${number(done)} of ${count(coursesTotal, 'course')}`, ...leftAlone(figures)].join(', ');
}

function leftAlone({ coursesIgnored, coursesUnlinked }: CourseFigures): string[] {
  return [
    ...(coursesIgnored > 0 ? [`${number(coursesIgnored)} ignored`] : []),
    ...(coursesUnlinked > 0 ? [`${number(coursesUnlinked)} no longer linked`] : []),
  ];
}

/** Items that were to be pushed and were not, over all calendars (B01); what was held is one. */
export function exceptionsOf(run: RunView): number {
  return Math.max(run.held, sum(run.calendars.map((calendar) => calendar.exceptions)));
}

/** Lines of the push report: the exceptions, and what was skipped or left alone on purpose. */
export function reportLines(run: RunView): number {
  return run.artifacts.find((artifact) => artifact.kind === 'push_report')?.rows ?? 0;
}

/** Per kind of data, what happened in words: "Categories" → "12 updated, 2 failed (desynced)". */
export function countsByType(
  counts: readonly OutcomeCount[],
): { readonly label: string; readonly text: string }[] {
  return PUSHED_TYPES.flatMap((type) => {
    const text = outcomesInWords(counts.filter((entry) => entry.dataType === type));
    return text === '' ? [] : [{ label: DATA_TYPE_LABELS[type], text }];
  });
}

/** What happened in words: "12 updated, 2 failed (desynced)"; empty when nothing did. */
export function outcomesInWords(counts: readonly OutcomeCount[]): string {
  const totals = totalsByOutcome(counts);
  const parts = Object.entries(OUTCOME_LABELS).flatMap(([outcome, label]) => {
    const items = totals.get(outcome) ?? 0;
    return items === 0 ? [] : [`${number(items)} ${inSentence(label)}`];
  });
  return parts.join(', ');
}

/** Items on the push report by reason, most first. Reasons without items or words are left out. */
export function topReasons(
  counts: readonly OutcomeCount[],
  most: number,
): { readonly reason: string; readonly items: number }[] {
  const totals = new Map<string, number>();
  for (const { outcome, reason, items } of counts) {
    if (reason === null || items === 0 || !belongsOnPushReport(outcome, reason)) continue;
    totals.set(reason, (totals.get(reason) ?? 0) + items);
  }
  return [...totals]
    .map(([reason, items]) => ({ reason, items }))
    .sort((a, b) => b.items - a.items)
    .slice(0, most);
}

const byName = new Intl.Collator('en', { numeric: true });

/** Calendars, those with most exceptions first, then by name. */
export function calendarsByTrouble(calendars: readonly RunCalendar[]): RunCalendar[] {
  return [...calendars].sort(
    (a, b) => b.exceptions - a.exceptions || byName.compare(a.name, b.name),
  );
}

function totalsByOutcome(counts: readonly OutcomeCount[]): Map<string, number> {
  const totals = new Map<Outcome, number>();
  for (const { outcome, items } of counts) {
    totals.set(outcome, (totals.get(outcome) ?? 0) + items);
  }
  return totals;
}

/** "Failed: desynced" → "failed (desynced)". */
function inSentence(label: string): string {
  const [verb = label, why] = label.split(': ');
  const lower = verb.charAt(0).toLowerCase() + verb.slice(1);
  return why === undefined ? lower : `${lower} (${why})`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
