import { type Calendar } from './places.ts';

/** What a course attribute can hold. */
export type AttributeValue = string | number | boolean | null;

/** One task or standard a master or course is graded on. */
export interface Alignment {
  gradable: string;
  scoreGroup: string;
  credit: number | null;
  creditType: string | null;
  termGpaWeight: number | null;
  creditOverflowOverride: string | null;
  terms: readonly number[];
  postOnly: boolean;
  showOnPortal: boolean;
  seq: number;
}

export type CalcType = 'none' | 'in_progress' | 'proficiency_estimate' | 'composite';

/** How one task or standard is calculated in one term. */
export interface CalcOption {
  gradable: string;
  term: number;
  calcType: CalcType;
  gradingScale: string | null;
  weightCategories: boolean;
  useScorePercent: boolean;
  limitLastN: number | null;
  cumulativeFromTerm: number | null;
  proficiencyMethod: string | null;
  readOnly: boolean;
}

export interface CompositeChild {
  gradable: string;
  term: number;
  weight: number;
}

/** A grade computed from other grades. */
export interface Composite {
  parentGradable: string;
  parentTerm: number;
  children: CompositeChild[];
}

/** A folder of assignments. `from` is the id of the row above that it was pushed from. */
export interface Category {
  id: string;
  from: string | null;
  name: string;
  weight: number;
  seq: number;
  excludeFromCalc: boolean;
  dropLowest: number;
  defaultPoints: number | null;
  gradables: readonly string[];
}

export interface Assessment {
  test: string;
  standard: string | null;
  copiesForward: boolean;
}

/** Everything a push copies, for one master, course or section. */
export interface Setup {
  alignments: Alignment[];
  calcOptions: CalcOption[];
  composites: Composite[];
  categories: Category[];
  assessments: Assessment[];
}

/** A course master as a push sees it; the generator keeps one "as last pushed" and one "as it is today". */
export interface Master {
  catalog: string;
  number: string;
  name: string;
  crossSite: boolean;
  attributes: Record<string, AttributeValue>;
  setup: Setup;
}

export type LinkState = 'linked' | 'broken' | 'residual';

/** The record of one pushed item: what was written last time. */
export interface Link {
  dataType: string;
  itemKey: string;
  state: LinkState;
  base: unknown;
  reason: string | null;
}

export interface Student {
  id: string;
  /** The day the student left the section; null while enrolled. */
  leftOn: string | null;
}

export interface Score {
  student: string;
  points: number | null;
  comment: string | null;
  flags: readonly ('late' | 'missing' | 'incomplete' | 'exempt')[];
}

export interface Assignment {
  id: string;
  title: string;
  assignedOn: string | null;
  dueOn: string | null;
  category: string | null;
  gradables: readonly string[];
  active: boolean;
  scores: Score[];
}

export interface PostedGrade {
  gradable: string;
  term: number;
  student: string;
  score: string | null;
  percent: number | null;
  comment: string | null;
}

export interface TestScore {
  test: string;
  student: string;
  result: string;
}

/** One class of a course: its teacher, roster, grade book and everything students did in it. */
export interface Section {
  id: string;
  number: string;
  teacher: string;
  overrides: Record<string, AttributeValue>;
  crossSite: boolean;
  crossSiteOffered: boolean;
  setup: Setup;
  links: Link[];
  students: Student[];
  assignments: Assignment[];
  postedGrades: PostedGrade[];
  testScores: TestScore[];
}

/** A master's instance in one calendar, or a course the school made itself (no catalog). */
export interface Course {
  id: string;
  calendar: Calendar;
  number: string;
  name: string;
  catalog: string | null;
  masterNumber: string | null;
  ignoreMasterPush: boolean;
  crossSite: boolean;
  crossSiteRole: 'none' | 'serving' | 'home_mirror';
  mirrorOf: string | null;
  attributes: Record<string, AttributeValue>;
  setup: Setup;
  links: Link[];
  sections: Section[];
}

export interface CrossSiteMap {
  servingSection: string;
  homeCourse: string;
  homePeriod: string;
  status: 'unmapped' | 'mapped' | 'closed';
}

/** An empty grading setup. */
export function emptySetup(): Setup {
  return { alignments: [], calcOptions: [], composites: [], categories: [], assessments: [] };
}
