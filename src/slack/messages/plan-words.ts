import { type ApprovalOutlook } from '../../domain/approval.ts';
import { itemsIn, type PlanSummary, type PlanTally } from '../../domain/plan-summary.ts';
import { DATA_TYPE_LABELS } from '../../domain/push-options.ts';
import { type RunView } from '../../domain/push-run.ts';
import { count, listed, number, plainName } from '../wording.ts';

/** Names of places in a sentence are cut short: a list of ten must fit a message. */
const SHORT = 40;
/** Examples by name of one consequence. */
const MOST_NAMED = 3;

/**
 * What a plan does that a person must know before saying yes, the worst first, as plain text: what
 * cannot be undone by a push, what grades and grade books feel, and what stays untouched (5.4).
 */
export function consequencesOf(summary: PlanSummary): string[] {
  return [
    ...deletions(summary.deleted),
    ...noCalculation(summary.noCalculation),
    ...weightTotals(summary.weightTotals),
    ...replacements(summary),
    ...renames(summary.renamed),
    ...residuals(summary.residual),
    ...notUndone(summary.notUndone),
    ...places(summary),
    ...untouched(summary.courses),
  ];
}

/** How many items a plan writes, in a sentence. */
export function writesSentence(run: RunView): string {
  if (run.plan === null) return '';
  const { writes } = run.plan;
  return `It ${run.state === 'planned' || run.state === 'awaiting_approval' ? 'would write' : 'was to write'} ${count(writes, 'item')}.`;
}

/** What keeps an overwrite from being approved, before it is asked for; undefined when nothing does. */
export function approverWarning(outlook: ApprovalOutlook | undefined): string | undefined {
  if (outlook === undefined || outlook.approvers.length >= outlook.quorum) return undefined;
  const { approvers, quorum } = outlook;
  const found =
    approvers.length === 0
      ? 'Nobody else may approve it'
      : `Only ${count(approvers.length, 'other person', 'other people')} may approve it`;
  return (
    `${found}: it needs ${quorum === 1 ? 'one' : number(quorum)} with Write on Push All Course Masters: Approve ` +
    'and Modify on every calendar of the push.'
  );
}

function deletions(deleted: readonly PlanTally[]): string[] {
  const items = itemsIn(deleted);
  if (items === 0) return [];
  return [`${count(items, 'item is', 'items are')} deleted for good: ${byType(deleted)}.`];
}

function noCalculation({ sections, gradables }: PlanSummary['noCalculation']): string[] {
  if (sections === 0) return [];
  return [
    `${count(sections, 'section stops', 'sections stop')} showing an in-progress grade, ` +
      `for ${count(gradables, 'task or standard', 'tasks and standards')}. Posted grades stay.`,
  ];
}

function weightTotals({ sections, samples }: PlanSummary['weightTotals']): string[] {
  if (sections === 0) return [];
  const named = samples
    .slice(0, MOST_NAMED)
    .map((at) => `${placeOf(at)}, from ${number(at.before)} to ${number(at.after)}`);
  const left = sections - named.length;
  const all = [...named, ...(left > 0 ? [`and ${number(left)} more`] : [])];
  return [
    `In ${count(sections, 'section')} the category weights add up to something else, which moves ` +
      `grades: ${all.join('; ')}.`,
  ];
}

function replacements({ replaced, overridesCleared }: PlanSummary): string[] {
  const items = itemsIn(replaced);
  return [
    ...(items === 0
      ? []
      : [
          `${count(items, 'item that a school or teacher made or changed gets', 'items that schools or teachers made or changed get')} ` +
            `the values of the course master: ${byType(replaced)}.`,
        ]),
    ...(overridesCleared === 0
      ? []
      : [
          `${count(overridesCleared, 'value that a section had of its own is', 'values that sections had of their own are')} cleared.`,
        ]),
  ];
}

function renames({ items, samples }: PlanSummary['renamed']): string[] {
  if (items === 0) return [];
  const named = samples
    .slice(0, MOST_NAMED)
    .map(
      (at) =>
        `“${plainName(at.before, SHORT)}”, now “${plainName(at.after, SHORT)}”, in ${placeOf(at)}`,
    );
  const left = items - named.length;
  const all = [...named, ...(left > 0 ? [`and ${number(left)} more`] : [])];
  return [
    `${count(items, 'local category gets', 'local categories get')} another name: ${all.join('; ')}.`,
  ];
}

function residuals(residual: readonly PlanTally[]): string[] {
  const items = itemsIn(residual);
  if (items === 0) return [];
  return [
    `${count(items, 'item stays', 'items stay')} although the course master no longer has ` +
      `${items === 1 ? 'it' : 'them'}, because of student work: ${byType(residual)}.`,
  ];
}

/** What an undo leaves as it is (G23). */
function notUndone({ edited, used }: PlanSummary['notUndone']): string[] {
  return [
    ...(edited === 0
      ? []
      : [`${count(edited, 'item was', 'items were')} changed since and ${stays(edited)} as now.`]),
    ...(used === 0
      ? []
      : [`${count(used, 'item has', 'items have')} student work since and ${stays(used)} as now.`]),
  ];
}

function stays(items: number): string {
  return items === 1 ? 'stays' : 'stay';
}

function places({ activeYear, schools, summerCalendars }: PlanSummary): string[] {
  const most = schools.largest
    .slice(0, 3)
    .map(({ name, courses }) => `${plainName(name, SHORT)} (${count(courses, 'course')})`);
  const left = schools.total - most.length;
  const named = left > 0 ? [...most, count(left, 'more school')] : most;
  const { total, names } = summerCalendars;
  const summer = names.slice(0, 3).map((name) => plainName(name, SHORT));
  const otherSummer = total - summer.length;
  return [
    ...(activeYear
      ? [`School is in session in this year${named.length === 0 ? '' : `: ${listed(named)}`}.`]
      : []),
    ...(total === 0
      ? []
      : [
          `${count(total, 'calendar is of a summer school', 'calendars are of summer schools')}: ` +
            `${listed(otherSummer > 0 ? [...summer, `${number(otherSummer)} more`] : summer)}.`,
        ]),
  ];
}

function untouched(courses: PlanSummary['courses']): string[] {
  const parts = [
    ...(courses.ignored > 0 ? [`${number(courses.ignored)} with Ignore Master Push`] : []),
    ...(courses.linkLost > 0
      ? [`${number(courses.linkLost)} that lost the link to the course master`]
      : []),
    ...(courses.mirrors > 0
      ? [`${number(courses.mirrors)} cross-site copies at home schools`]
      : []),
    ...(courses.notLinked > 0
      ? [`${number(courses.notLinked)} never linked, with the number of a course master`]
      : []),
  ];
  return [
    ...(courses.desynced === 0
      ? []
      : [
          `${count(courses.desynced, 'course is', 'courses are')} desynced: what was changed there is not pushed.`,
        ]),
    ...(parts.length === 0 ? [] : [`Courses apart: ${listed(parts)}.`]),
  ];
}

/** "12 Categories at sections and 3 Assessments at courses". */
function byType(tallies: readonly PlanTally[]): string {
  return listed(
    tallies.map(({ level, dataType, items }) => {
      const where = level === 'section' ? 'sections' : 'courses';
      return `${number(items)} in ${DATA_TYPE_LABELS[dataType]} at ${where}`;
    }),
  );
}

function placeOf(place: { calendar: string; course: string; section: string | null }): string {
  const section = place.section === null ? '' : `, section ${plainName(place.section, SHORT)}`;
  return `${plainName(place.course, SHORT)}${section} (${plainName(place.calendar, SHORT)})`;
}
