import { type Reason } from './outcome.ts';
import { type Person } from './ports.ts';
import { type DataType, type PushedType } from './push-options.ts';
import { type Payload } from './report-item.ts';
import { type Tool } from './rights.ts';

/** Reports on the setup as it is now, computed when they are asked for (domain.md 5.5–5.8). */
export const SETUP_REPORTS = [
  'residual',
  'awaiting-push',
  'course-awaiting-push',
  'audit',
] as const;
export type SetupReport = (typeof SETUP_REPORTS)[number];

export const SETUP_REPORT_NAMES: Readonly<Record<SetupReport, string>> = {
  residual: 'Residual Data Report',
  'awaiting-push': 'Awaiting Push Report',
  'course-awaiting-push': 'Course Awaiting Push Report',
  audit: 'Course Audit Report',
};

/** Whose Read a report needs (section 6). */
export const SETUP_REPORT_TOOLS: Readonly<Record<SetupReport, Tool>> = {
  residual: 'residual_data_report',
  'awaiting-push': 'awaiting_push_report',
  'course-awaiting-push': 'awaiting_push_report',
  audit: 'course_audit_report',
};

/** The right that a report needs, in words. */
export function rightForReport(report: SetupReport): string {
  const named = report === 'course-awaiting-push' ? 'awaiting-push' : report;
  return `Read on ${SETUP_REPORT_NAMES[named]}`;
}

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

/** What the last push had to do with an item. */
export type PushHistory = 'never' | 'calendar' | 'type' | 'changed';

/** Something at a section that its course has otherwise (5.7). */
export interface SectionItem {
  readonly year: string;
  readonly calendar: string;
  readonly courseNumber: string;
  readonly courseName: string;
  readonly section: string;
  readonly teacher: string | null;
  readonly dataType: PushedType;
  readonly itemLabel: string;
  readonly rule: string | null;
  readonly reason: Reason | null;
  readonly existing: Payload | null;
  readonly desired: Payload | null;
  readonly lastPushedAt: Date | null;
  /** Of the last push to sections. */
  readonly history: PushHistory;
}

/** Something at a course that its master has otherwise, and what is known of its last push. */
export interface ComparedItem {
  readonly year: string;
  readonly catalog: string;
  readonly calendar: string;
  readonly courseNumber: string;
  readonly courseName: string;
  readonly masterNumber: string;
  readonly masterName: string;
  /** The course has Ignore Master Push. */
  readonly ignored: boolean;
  readonly dataType: PushedType;
  readonly itemLabel: string;
  /** It is about the course as a whole, not about an item. */
  readonly whole: boolean;
  readonly rule: string | null;
  readonly reason: Reason | null;
  readonly existing: Payload | null;
  /** As last pushed. */
  readonly base: Payload | null;
  readonly desired: Payload | null;
  /** Another item of the kind is broken, so that a push refuses them all (S05). */
  readonly typeFailed: boolean;
  /** Since when the master has it as it is; null when that was before such changes were noted. */
  readonly masterChangedAt: Date | null;
  readonly lastPushedAt: Date | null;
  readonly lastRun: number | null;
  /** What the last push of the catalog in the year had to do with it. */
  readonly history: PushHistory;
  /** Of the audit: an item that differs, or a whole course that is linked, or never was. */
  readonly standing: 'differs' | 'linked' | 'not_linked';
  readonly sections: number;
  readonly sectionsWithData: number;
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
  /** Residual data: list too what the next overwrite would remove. */
  readonly withRemovals: boolean;
  /** Audit: list too the courses that are linked. */
  readonly withLinked: boolean;
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
