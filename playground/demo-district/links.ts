import {
  type AssessmentPayload,
  type CalcOptionPayload,
  type CategoryPayload,
  type CompositePayload,
  itemKey,
  type TaskPayload,
} from '../../src/domain/item-payload.ts';
import { type PushedType } from '../../src/domain/push-options.ts';
import { lockOf, pushedAttributes } from './catalogs.ts';
import {
  type Alignment,
  type Assessment,
  type CalcOption,
  type Category,
  type Composite,
  type CompositeChild,
  type Course,
  type Link,
  type Master,
  type Section,
  type Setup,
} from './model.ts';

/** The key of one child's weight in a composite (the children are items of their own). */
export function weightKey(
  composite: Composite,
  child: Pick<CompositeChild, 'gradable' | 'term'>,
): string {
  const { parentGradable, parentTerm } = composite;
  return `compw:${parentGradable}:${parentTerm}>${child.gradable}:${child.term}`;
}

function linked(dataType: PushedType, key: string, base: unknown): Link {
  return { dataType, itemKey: key, state: 'linked', base, reason: null };
}

function taskPayload(row: Alignment): TaskPayload {
  return {
    scoreGroup: row.scoreGroup,
    credit: row.credit,
    creditType: row.creditType,
    termGpaWeight: row.termGpaWeight,
    creditOverflowOverride: row.creditOverflowOverride,
    terms: row.terms.toSorted((a, b) => a - b),
    postOnly: row.postOnly,
    showOnPortal: row.showOnPortal,
    seq: row.seq,
  };
}

function calcPayload(option: CalcOption): CalcOptionPayload {
  return {
    calcType: option.calcType,
    gradingScale: option.gradingScale,
    weightCategories: option.weightCategories,
    useScorePercent: option.useScorePercent,
    limitLastN: option.limitLastN,
    cumulativeFromTerm: option.cumulativeFromTerm,
    proficiencyMethod: option.proficiencyMethod,
  };
}

function compositePayload({ children }: Composite): CompositePayload {
  return { children: children.map(({ gradable, term }) => `${gradable}:${term}`).toSorted() };
}

function categoryPayload(row: Category): CategoryPayload {
  return {
    name: row.name,
    weight: row.weight,
    seq: row.seq,
    excludeFromCalc: row.excludeFromCalc,
    dropLowest: row.dropLowest,
    defaultPoints: row.defaultPoints,
    gradables: row.gradables.toSorted(),
  };
}

function assessmentPayload({ standard, copiesForward }: Assessment): AssessmentPayload {
  return { standard, copiesForward };
}

/** The link of a task or standard at a course. */
export function taskLink(row: Alignment): Link {
  return linked('grading_tasks_standards', itemKey.task(row.gradable), taskPayload(row));
}

/** The link of a calculation at a course, or at a section, where being read-only is part of it (E06). */
export function calcLink(row: CalcOption, level: 'course' | 'section'): Link {
  const payload = calcPayload(row);
  const base = level === 'section' ? { ...payload, readOnly: row.readOnly } : payload;
  return linked('grade_calc_options', itemKey.calcOption(row.gradable, row.term), base);
}

/** The link of a category that came from the category `from` above. */
export function categoryLink(row: Category): Link {
  return linked('categories', itemKey.category(row.from ?? row.id), categoryPayload(row));
}

/** The link of an assessment at a course. */
export function assessmentLink(row: Assessment): Link {
  return linked('assessments', itemKey.assessment(row.test), assessmentPayload(row));
}

function compositeLinks(row: Composite): Link[] {
  const key = itemKey.composite(row.parentGradable, row.parentTerm);
  return [
    linked('composite_grades', key, compositePayload(row)),
    ...row.children.map((child) =>
      linked('composite_weights', weightKey(row, child), { weight: child.weight }),
    ),
  ];
}

function sharedLinks(setup: Setup, level: 'course' | 'section'): Link[] {
  return [
    ...setup.calcOptions.map((row) => calcLink(row, level)),
    ...setup.composites.flatMap(compositeLinks),
    ...setup.categories.map(categoryLink),
  ];
}

/** A link for everything that the last push of the master wrote to the course. */
export function linkCourse(course: Course, master: Master): Link[] {
  const values = { ...course.attributes, number: course.number, name: course.name };
  const hasAssessments = lockOf(master.catalog, 'assessments') !== 'unlocked';
  return [
    ...pushedAttributes(master.catalog).map((code) =>
      linked('course_info', itemKey.attribute(code), { value: valueOf(values, code) }),
    ),
    ...course.setup.alignments.map(taskLink),
    ...sharedLinks(course.setup, 'course'),
    ...(hasAssessments ? course.setup.assessments.map(assessmentLink) : []),
    ...(course.crossSite ? [linked('cross_site', itemKey.crossSite, { enabled: true })] : []),
  ];
}

function valueOf(values: Readonly<Record<string, unknown>>, code: string): unknown {
  return values[code] ?? null;
}

/** A link for everything that the last push to sections wrote to the section. */
export function linkSection(section: Section): Link[] {
  return [
    ...sharedLinks(section.setup, 'section'),
    ...(section.crossSite
      ? [linked('cross_site', itemKey.crossSite, { enabled: true, offered: true })]
      : []),
  ];
}
