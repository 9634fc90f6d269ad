import { type Db } from '../db/database.ts';
import { readPlanHead } from '../db/queries/plan-head.ts';
import { readReportItems, readReportNames } from '../db/queries/report-items.ts';
import { belongsOnPushReport } from '../domain/outcome.ts';
import { type ReportItem } from '../domain/report-item.ts';
import { CHANGE_LOG_COLUMNS, PLAN_COLUMNS, PUSH_REPORT_COLUMNS } from '../report/columns.ts';
import {
  changeLogRows,
  type HeadLine,
  notReachedRow,
  planHeadRow,
  planRows,
  pushReportRow,
  type Row,
} from '../report/rows.ts';
import { openTally, planHeadLines } from '../report/summary.ts';
import { openRunReport } from './report-files.ts';

/**
 * Makes and keeps the files of an applied run: what could not be pushed (5.2) and the change log
 * (5.3), each as CSV and XLSX. They exist also when they have no line. Of a run that ended early, the
 * courses that it never came to have a line each. Repeating it replaces them.
 */
export async function writeReports(db: Db, runId: number): Promise<void> {
  const run = await readReportNames(db, runId);
  const refusals = openTally(run);
  const changes = openTally(run);
  const notReached = openNotReached();
  const report = openRunReport({
    run,
    kind: 'push_report',
    title: 'Push report',
    columns: PUSH_REPORT_COLUMNS,
    summary: () => [...refusals.lines(), ...notReached.lines()],
  });
  const log = openRunReport({
    run,
    kind: 'change_log',
    title: 'Change log',
    columns: CHANGE_LOG_COLUMNS,
    summary: () => changes.lines(),
  });
  await readReportItems(db, runId, (items) => {
    const refused = items.filter(
      ({ outcome, reason, reached }) => reached && belongsOnPushReport(outcome, reason),
    );
    const written = items.filter(({ result, op }) => result === 'applied' && op !== 'none');
    refusals.count(refused);
    changes.count(written);
    report.add(refused.map((item) => pushReportRow(item, { exactCounts: false })));
    report.add(notReached.rowsOf(items));
    log.add(written.flatMap(changeLogRows));
  });
  await report.save(db);
  await log.save(db);
}

/** Finds the courses that a run never came to as their items pass, course by course. */
function openNotReached(): {
  rowsOf(items: readonly ReportItem[]): Row[];
  lines(): HeadLine[];
} {
  let last: string | undefined;
  let courses = 0;
  return {
    rowsOf: (items) => {
      const first = items.filter((item) => {
        if (item.reached) return false;
        const course = JSON.stringify([item.calendar, item.courseNumber, item.courseName]);
        const isNew = course !== last;
        last = course;
        return isNew;
      });
      courses += first.length;
      return first.map(notReachedRow);
    },
    lines: () =>
      courses === 0 ? [] : [{ measure: 'Courses that were not reached', value: courses }],
  };
}

/**
 * Makes and keeps the plan of a run for the person who approves it (5.4): the head, and every item
 * that is to be written or refused, as CSV and XLSX. Repeating it replaces them.
 * @throws Error when the run has no plan
 */
export async function writePlanFile(db: Db, runId: number): Promise<void> {
  const run = await readReportNames(db, runId);
  const head = planHeadLines(await readPlanHead(db, runId));
  const tally = openTally(run);
  const plan = openRunReport({
    run,
    kind: 'plan',
    title: 'Plan',
    columns: PLAN_COLUMNS,
    summary: () => [...head, ...tally.lines()],
    csvHead: head.map((line) => planHeadRow(runId, line)),
  });
  await readReportItems(db, runId, (items) => {
    tally.count(items);
    plan.add(items.flatMap(planRows));
  });
  await plan.save(db);
}
