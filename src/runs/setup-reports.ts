import { type Db } from '../db/database.ts';
import { listCalendars, listCatalogs, listYears } from '../db/queries/choices.ts';
import { PushRefused } from '../domain/errors.ts';
import { type DataType } from '../domain/push-options.ts';
import { holds } from '../domain/rights.ts';
import {
  rightForReport,
  SETUP_REPORT_NAMES,
  SETUP_REPORT_TOOLS,
  type ComparedItem,
  type SetupReport,
  type SetupReportFiles,
  type SetupReportRequest,
  type SetupReports,
} from '../domain/setup-report.ts';
import { type CompareLook, findAwaiting, findForAudit } from '../engine/reports/compare.ts';
import { findAwaitingSections } from '../engine/reports/sections.ts';
import { findResidual } from '../engine/reports/residual.ts';
import { type Column } from '../report/columns.ts';
import {
  AUDIT_COLUMNS,
  auditRow,
  AWAITING_COLUMNS,
  awaitingRow,
  COURSE_AWAITING_COLUMNS,
  courseAwaitingRow,
} from '../report/compared.ts';
import { openCsv } from '../report/csv.ts';
import { setupReportFileName } from '../report/file-name.ts';
import { RESIDUAL_COLUMNS, residualRow } from '../report/residual.ts';
import { type HeadLine, type Row } from '../report/rows.ts';
import { openXlsx } from '../report/xlsx.ts';

/** Reports on the setup as it is at this moment, on one database. */
export function setupReports(db: Db): SetupReports {
  const calendars: SetupReports['calendars'] = async ({ person, schoolYearId, catalogId }) =>
    (await listCalendars(db, { schoolYearId, catalogId }))
      .filter(({ id }) => person.rights.visibleCalendars.has(id))
      .map(({ id, name }) => ({ id, name }));
  return {
    calendars,
    make: async (request) => {
      refuseUnpermitted(request);
      const names = await namesOf(db, request);
      const visible = new Set((await calendars(request)).map(({ id }) => id));
      const calendarIds =
        request.calendarIds.length === 0
          ? [...visible]
          : request.calendarIds.filter((id) => visible.has(id));
      if (calendarIds.length === 0)
        throw new PushRefused('not_permitted', 'You have a right on none of these calendars.', {
          field: 'calendars',
        });
      return filesOf(request.report, names, await MAKERS[request.report](db, request, calendarIds));
    },
  };
}

/** A report as a table, before it is a file. */
interface Table {
  /** Lines for the summary. */
  readonly head?: readonly HeadLine[];
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

type Maker = (
  db: Db,
  request: SetupReportRequest,
  calendarIds: readonly number[],
) => Promise<Table>;

const MAKERS: Readonly<Record<SetupReport, Maker>> = {
  residual: async (db, request, calendarIds) => {
    const items = await findResidual(db, lookOf(request, calendarIds), request.dataTypes);
    return {
      columns: RESIDUAL_COLUMNS,
      rows: items.filter(({ goes }) => request.withRemovals || !goes).map(residualRow),
    };
  },
  // Grading setup only; of attributes the head tells how many wait (5.6).
  'awaiting-push': async (db, request, calendarIds) => {
    const items = await findAwaiting(db, lookOf(request, calendarIds), [
      ...new Set<DataType>([...request.dataTypes, 'course_info']),
    ]);
    const isAttribute = ({ dataType, whole }: ComparedItem): boolean =>
      dataType === 'course_info' && !whole;
    return {
      columns: AWAITING_COLUMNS,
      rows: items.filter((item) => !isAttribute(item)).map(awaitingRow),
      head: [
        {
          measure: 'Course attribute changes that also await a push',
          value: items.filter(isAttribute).length,
        },
      ],
    };
  },
  'course-awaiting-push': async (db, request, calendarIds) => {
    const { dataTypes } = request;
    const items = await findAwaitingSections(db, lookOf(request, calendarIds), dataTypes);
    return { columns: COURSE_AWAITING_COLUMNS, rows: items.map(courseAwaitingRow) };
  },
  audit: async (db, request, calendarIds) => ({
    columns: AUDIT_COLUMNS,
    rows: (await findForAudit(db, lookOf(request, calendarIds), request)).map(auditRow),
  }),
};

function lookOf(
  { person, schoolYearId, catalogId }: SetupReportRequest,
  calendarIds: readonly number[],
): CompareLook {
  return { personId: person.id, schoolYearId, catalogId, calendarIds };
}

function refuseUnpermitted({ person, report }: SetupReportRequest): void {
  if (!holds(person.rights, SETUP_REPORT_TOOLS[report], 'read'))
    throw new PushRefused('not_permitted', `You lack: ${rightForReport(report)}.`);
}

interface Names {
  readonly catalog: string;
  readonly year: string;
}

async function namesOf(
  db: Db,
  { schoolYearId, catalogId }: Pick<SetupReportRequest, 'schoolYearId' | 'catalogId'>,
): Promise<Names> {
  const [years, catalogs] = await Promise.all([listYears(db), listCatalogs(db, schoolYearId)]);
  const year = years.find(({ id }) => id === schoolYearId);
  const catalog = catalogs.find(({ id }) => id === catalogId);
  if (year === undefined || catalog === undefined)
    throw new PushRefused('invalid_options', 'Choose a course catalog of the year.', {
      field: 'catalog',
    });
  return { year: year.label, catalog: catalog.name };
}

async function filesOf(
  report: SetupReport,
  names: Names,
  { columns, rows, head = [] }: Table,
): Promise<SetupReportFiles> {
  const title = SETUP_REPORT_NAMES[report];
  const csv = openCsv(columns);
  const xlsx = openXlsx({
    title,
    columns,
    summary: () => [
      { measure: 'Course Catalog', value: names.catalog },
      { measure: 'School Year', value: names.year },
      { measure: 'Rows', value: rows.length },
      ...head,
    ],
  });
  csv.add(rows);
  xlsx.add(rows);
  const workbook = await xlsx.finish();
  const fileName = (format: 'csv' | 'xlsx'): string =>
    setupReportFileName({ ...names, report, format });
  return {
    title: `${title} of ${names.catalog}, ${names.year}`,
    rows: rows.length,
    files: [
      { fileName: fileName('csv'), body: await csv.finish() },
      ...(workbook === undefined ? [] : [{ fileName: fileName('xlsx'), body: workbook }]),
    ],
  };
}
