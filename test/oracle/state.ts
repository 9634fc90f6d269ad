import {
  type AssessmentPayload,
  type AttributePayload,
  type CalcOptionPayload,
  type CategoryPayload,
  type TaskPayload,
} from '../../src/domain/item-payload.ts';
import { type Outcome, type Reason } from '../../src/domain/outcome.ts';
import {
  type DataType,
  type PushedType,
  type PushMode,
  type RunKind,
} from '../../src/domain/push-options.ts';

/**
 * A small district as plain immutable data: what the push rules (domain.md section 3) read and
 * write, and nothing else. Close to the database so that loading and dumping are mechanical.
 *
 * Ids are opaque texts. Years go by label; catalogs by name; calendars, courses, sections,
 * categories and assignments by `source_id`; gradables, tests, score groups, scales by their own
 * id; masters and task rows by database id as text. A row that a push inserts gets an id from
 * `Ids`; compare.ts matches new rows by scope and key, never by id.
 */
export interface DistrictState {
  /** `district.cross_site_participation`. */
  readonly participation: 'disable' | 'intra' | 'inter' | 'intra_inter';
  readonly schools: readonly School[];
  readonly years: readonly string[];
  readonly calendars: readonly Calendar[];
  readonly attributes: readonly Attribute[];
  readonly gradables: readonly Gradable[];
  readonly tests: readonly string[];
  readonly catalogs: readonly Catalog[];
  readonly masters: readonly Master[];
  readonly courses: readonly Course[];
  readonly assignments: readonly Assignment[];
  readonly postedGrades: readonly PostedGrade[];
  readonly testScores: readonly TestScore[];
}

export interface School {
  readonly id: string;
  readonly crossSiteEnabled: boolean;
}

export interface Calendar {
  readonly id: string;
  readonly school: string;
  readonly year: string;
  readonly terms: readonly Term[];
}

/** Dates are `YYYY-MM-DD`, both included. */
export interface Term {
  readonly seq: number;
  readonly startOn: string;
  readonly endOn: string;
}

/** A row of the registry `course_attribute`; `number` and `name` are rows too. */
export interface Attribute {
  readonly code: string;
  readonly softLockOnly: boolean;
  readonly sectionOverridable: boolean;
}

export interface Gradable {
  readonly id: string;
  readonly kind: 'task' | 'standard';
}

export type LockMode = 'unlocked' | 'soft' | 'hard';
export type GradingType = Exclude<DataType, 'course_info'>;

/** A type or attribute that is not listed is unlocked. */
export interface Catalog {
  readonly name: string;
  readonly typeLocks: Readonly<Partial<Record<GradingType, LockMode>>>;
  readonly attributeLocks: Readonly<Record<string, LockMode>>;
}

export type AttributeValue = AttributePayload['value'];
/** Attribute values by code, `number` and `name` among them; null and missing are the same. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** The grading setup of one scope. A section has no tasks and no assessments. */
export interface Setup {
  readonly tasks: readonly TaskRow[];
  readonly calcOptions: readonly CalcOptionRow[];
  readonly composites: readonly CompositeRow[];
  readonly categories: readonly CategoryRow[];
  readonly assessments: readonly AssessmentRow[];
}

/** `id` keeps its row: a relinked task is the same row as before (R05). `terms` is sorted. */
export interface TaskRow extends TaskPayload {
  readonly id: string;
  readonly gradable: string;
}

export interface CalcOptionRow extends CalcOptionPayload {
  readonly gradable: string;
  readonly term: number;
  readonly readOnly: boolean;
}

export interface CompositeRow {
  readonly parent: string;
  readonly term: number;
  readonly children: readonly CompositeChild[];
}

export interface CompositeChild {
  readonly gradable: string;
  readonly term: number;
  readonly weight: number;
}

/** `id` is the category's `source_id`; `gradables` is sorted. */
export interface CategoryRow extends CategoryPayload {
  readonly id: string;
}

export interface AssessmentRow extends AssessmentPayload {
  readonly test: string;
}

export interface Master {
  readonly id: string;
  readonly catalog: string;
  readonly crossSiteEnabled: boolean;
  readonly attrs: Attributes;
  readonly setup: Setup;
}

export interface Course {
  readonly id: string;
  readonly calendar: string;
  readonly master: string | null;
  readonly ignoreMasterPush: boolean;
  readonly crossSiteEnabled: boolean;
  readonly crossSiteRole: 'none' | 'serving' | 'home_mirror';
  readonly mirrorOf: string | null;
  readonly attrs: Attributes;
  readonly setup: Setup;
  readonly links: readonly Link[];
  readonly sections: readonly Section[];
}

export interface Section {
  readonly id: string;
  readonly number: string;
  /** Filled fields only (E07). */
  readonly overrides: Attributes;
  readonly crossSiteEnabled: boolean;
  readonly crossSiteOffered: boolean;
  /** The status of each row of `cross_site_map` that names the section. */
  readonly mapStatuses: readonly ('unmapped' | 'mapped' | 'closed')[];
  /** Roster rows that came through a cross-site map. */
  readonly crossSiteStudents: number;
  readonly setup: Setup;
  readonly links: readonly Link[];
}

/** A row of `sync_link`, kept with its scope (the course or section below). */
export interface Link {
  readonly dataType: PushedType;
  readonly key: string;
  /** The master (for a course) or course (for a section) it was pushed from. */
  readonly upstream: string | null;
  /** Categories only: the category below, which may be gone by now. Null for all other types. */
  readonly row: string | null;
  /** The payload as last written (S01): src/domain/item-payload.ts. */
  readonly base: Payload;
  readonly state: 'linked' | 'broken' | 'residual';
  /** The run in which it became residual, kept while it stays so (R01). */
  readonly residualRun: number | null;
  /** Residual because its task became so, not for student work on the row's own account (N02). */
  readonly wasReset: boolean;
}

export type Payload = Readonly<Record<string, unknown>>;

export interface Assignment {
  readonly id: string;
  readonly section: string;
  readonly category: string | null;
  readonly gradables: readonly string[];
  readonly dueOn: string | null;
  readonly active: boolean;
  readonly deleted: boolean;
  readonly scores: readonly Score[];
}

export interface Score {
  readonly student: string;
  readonly value: string | null;
  readonly flags: readonly string[];
  readonly comment: string | null;
}

export interface PostedGrade {
  readonly section: string;
  readonly gradable: string;
  readonly term: number;
  readonly student: string;
  readonly score: string | null;
  readonly percent: number | null;
  readonly comment: string | null;
}

export interface TestScore {
  readonly section: string;
  readonly test: string;
  readonly student: string;
}

/** What is pushed (G01). `master` narrows the run to one master (G03). */
export interface PushRequest {
  readonly run: number;
  /** Undoing is not modelled. */
  readonly kind: Exclude<RunKind, 'undo'>;
  /** The courses that are relinked or reset; null for all. */
  readonly courses: readonly string[] | null;
  readonly year: string;
  readonly catalog: string;
  readonly calendars: readonly string[];
  readonly mode: PushMode;
  readonly toSections: boolean;
  readonly crossSite: boolean;
  readonly types: readonly DataType[];
  readonly master: string | null;
}

/** `course` is null for an item of the whole run, `section` for an item of the course. */
export interface ModelItem {
  readonly course: string | null;
  readonly section: string | null;
  readonly dataType: PushedType;
  readonly key: string;
  readonly outcome: Outcome;
  readonly reason: Reason | null;
}

export interface PushResult {
  readonly state: DistrictState;
  /** Items that are written or refused. */
  readonly items: readonly ModelItem[];
  /** Items that are only counted: UNCHANGED, and kept local rows without a counterpart (L7). */
  readonly counted: readonly ModelItem[];
}

/** Gives ids to rows that a push inserts: a fresh text on every call. */
export type Ids = (kind: 'task' | 'category') => string;

export const EMPTY_SETUP: Setup = {
  tasks: [],
  calcOptions: [],
  composites: [],
  categories: [],
  assessments: [],
};
