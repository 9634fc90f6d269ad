import { type Db } from '../db/database.ts';
import { saveArtifact } from '../db/queries/artifacts.ts';
import { type ArtifactKind } from '../domain/push-run.ts';
import { type Column } from '../report/columns.ts';
import { openCsv } from '../report/csv.ts';
import { fileName } from '../report/file-name.ts';
import { type HeadLine, type Row } from '../report/rows.ts';
import { type ReportRun } from '../report/summary.ts';
import { openXlsx } from '../report/xlsx.ts';

/** A report in the making, as CSV for machines and as XLSX for people. */
export interface RunReport {
  add(rows: readonly Row[]): void;
  /** Keeps the files of the run, in place of earlier ones. */
  save(db: Db): Promise<void>;
}

/** Opens both files of a report. The lines of `csvHead` stand above the rows of the CSV. */
export function openRunReport(report: {
  readonly run: ReportRun;
  readonly kind: ArtifactKind;
  readonly title: string;
  readonly columns: readonly Column[];
  readonly summary: () => readonly HeadLine[];
  readonly csvHead?: readonly Row[];
}): RunReport {
  const { run, kind, columns } = report;
  const csv = openCsv(columns);
  const xlsx = openXlsx(report);
  csv.add(report.csvHead ?? []);
  let rows = 0;
  return {
    add: (page) => {
      csv.add(page);
      xlsx.add(page);
      rows += page.length;
    },
    save: async (db) => {
      const base = { runId: run.id, kind, rows };
      const csvName = fileName(run, kind, 'csv');
      await saveArtifact(db, {
        ...base,
        format: 'csv',
        fileName: csvName,
        body: await csv.finish(),
      });
      const workbook = await xlsx.finish();
      if (workbook === undefined) return;
      const xlsxName = fileName(run, kind, 'xlsx');
      await saveArtifact(db, { ...base, format: 'xlsx', fileName: xlsxName, body: workbook });
    },
  };
}
