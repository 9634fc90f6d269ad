import { type Reason } from './outcome.ts';
import { type Person } from './ports.ts';
import { type DataType, type PushedType } from './push-options.ts';
import { type Tool } from './rights.ts';

/** Reports on the setup as it is now, computed when they are asked for (domain.md 5.5). */
export const SETUP_REPORTS = ['residual'] as const;
export type SetupReport = (typeof SETUP_REPORTS)[number];

export const SETUP_REPORT_NAMES: Readonly<Record<SetupReport, string>> = {
  residual: 'Residual Data Report',
};

/** Whose Read a report needs (section 6). */
export const SETUP_REPORT_TOOLS: Readonly<Record<SetupReport, Tool>> = {
  residual: 'residual_data_report',
};

/** Setup of a locked type that the level above does not have (R09). */
export interface ResidualItem {
  readonly year: string;
  readonly calendar: string;
  readonly courseNumber: string;
  readonly courseName: string;
  readonly masterNumber: string;
  readonly level: 'course' | 'section';
  readonly section: string | null;
  readonly teacher: string | null;
  readonly dataType: PushedType;
  readonly itemLabel: string;
  readonly term: number | null;
  /** Null for a row that no push has marked yet. */
  readonly residualSince: Date | null;
  readonly fromRun: number | null;
  readonly assignments: number;
  readonly scores: number;
  readonly grades: number;
  readonly comments: number;
  /** Where the student work is. */
  readonly sections: readonly { readonly section: string; readonly assignments: number }[];
  /** As "2024-01-31". */
  readonly lastActivity: string | null;
  /** Nothing keeps it: the next overwrite removes it. */
  readonly goes: boolean;
  readonly reason: Reason | null;
}

/** Who asks for which report, about what. */
export interface SetupReportRequest {
  readonly person: Person;
  readonly report: SetupReport;
  readonly schoolYearId: number;
  readonly catalogId: number;
  /** Empty: every calendar of the year that the person has a right on. */
  readonly calendarIds: readonly number[];
  /** Kinds of data to list. */
  readonly dataTypes: readonly DataType[];
  /** List too what the next overwrite would remove. */
  readonly withRemovals: boolean;
}

/** The report as files of the same rows. */
export interface SetupReportFiles {
  /** "The Residual Data Report of High School Catalog, 24-25". */
  readonly title: string;
  readonly rows: number;
  readonly files: readonly { readonly fileName: string; readonly body: Buffer }[];
}

/** Refusals are thrown as PushRefused. */
export interface SetupReports {
  /** Calendars of the year that the person has a right on. */
  calendars(query: {
    person: Person;
    schoolYearId: number;
    catalogId: number;
  }): Promise<readonly { readonly id: number; readonly name: string }[]>;
  make(request: SetupReportRequest): Promise<SetupReportFiles>;
}
