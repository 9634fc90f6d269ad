import { type Db } from '../db/database.ts';
import { saveArtifact } from '../db/queries/artifacts.ts';
import { readReportItems, readReportNames } from '../db/queries/report-items.ts';
import { belongsOnPushReport } from '../domain/outcome.ts';
import { type ReportItem } from '../domain/report-item.ts';
import { CHANGE_LOG_COLUMNS, PUSH_REPORT_COLUMNS } from '../report/columns.ts';
import { openCsv } from '../report/csv.ts';
import { fileName } from '../report/file-name.ts';
import { changeLogRows, pushReportRow, type Row } from '../report/rows.ts';

const PAGE = 5000;

/**
 * Makes and keeps the files of an applied run: what could not be pushed (5.2) and the change log
 * (5.3). Both exist also when they have no line. Repeating it replaces them.
 */
export async function writeReports(db: Db, runId: number): Promise<void> {
  const names = await readReportNames(db, runId);
  const report = openCsv({ title: 'Push report', columns: PUSH_REPORT_COLUMNS });
  const log = openCsv({ title: 'Change log', columns: CHANGE_LOG_COLUMNS });
  const rows = { push_report: 0, change_log: 0 };
  for (let offset = 0; ; offset += PAGE) {
    const items = await readReportItems(db, { runId, offset, limit: PAGE });
    const refused = items
      .filter(isRefused)
      .map((item) => pushReportRow(item, { exactCounts: false }));
    const changed: Row[] = items.filter(isWritten).flatMap(changeLogRows);
    await report.add(refused);
    await log.add(changed);
    rows.push_report += refused.length;
    rows.change_log += changed.length;
    if (items.length < PAGE) break;
  }
  for (const [kind, file] of [
    ['push_report', report],
    ['change_log', log],
  ] as const) {
    await saveArtifact(db, {
      runId,
      kind,
      format: 'csv',
      fileName: fileName(names, kind, 'csv'),
      body: await file.finish(),
      rows: rows[kind],
    });
  }
}

function isRefused(item: ReportItem): boolean {
  return belongsOnPushReport(item.outcome);
}

function isWritten(item: ReportItem): boolean {
  return item.result === 'applied' && item.op !== 'none';
}
