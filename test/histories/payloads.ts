import {
  type AssessmentPayload,
  type AttributePayload,
  type CalcOptionPayload,
  type CategoryPayload,
  type CompositePayload,
  type CompositeWeightPayload,
  type TaskPayload,
} from '../../src/domain/item-payload.ts';
import { type Rows } from './rows.ts';

/** Whether a link, item or row is the master's, the course's or the section's. */
type Level = 'course' | 'section';

type TaskRow = Rows['task_alignment'][number];
type CalcRow = Rows['calc_option'][number];
type CompositeRow = Rows['composite'][number];
type ChildRow = Rows['composite_child'][number];
type CategoryRow = Rows['category'][number];
type AssessmentRow = Rows['assessment_alignment'][number];

/** Blank text is no text (G24). */
function trimmed(value: string | null): string | null {
  const text = value?.trim() ?? '';
  return text === '' ? null : text;
}

// Written here once more, apart from the engine's SQL, so that one checks the other.
export const payload = {
  task: (row: TaskRow): TaskPayload => ({
    scoreGroup: row.score_group_id,
    credit: row.credit,
    creditType: trimmed(row.credit_type),
    termGpaWeight: row.term_gpa_weight,
    creditOverflowOverride: trimmed(row.credit_overflow_override),
    terms: [...row.terms].sort((a, b) => a - b),
    postOnly: row.post_only,
    showOnPortal: row.show_on_portal,
    seq: row.seq,
  }),
  calcOption: (row: CalcRow, level: Level): CalcOptionPayload => ({
    calcType: row.calc_type,
    gradingScale: row.grading_scale_id,
    weightCategories: row.weight_categories,
    useScorePercent: row.use_score_percent,
    limitLastN: row.limit_last_n,
    cumulativeFromTerm: row.cumulative_from_term,
    proficiencyMethod: row.proficiency_method,
    ...(level === 'section' ? { readOnly: row.read_only } : {}),
  }),
  composite: (children: readonly ChildRow[]): CompositePayload => ({
    children: children.map(childKey).sort(),
  }),
  weight: (row: ChildRow): CompositeWeightPayload => ({ weight: row.weight }),
  category: (row: CategoryRow): CategoryPayload => ({
    name: row.name.trim(),
    weight: row.weight,
    seq: row.seq,
    excludeFromCalc: row.exclude_from_calc,
    dropLowest: row.drop_lowest,
    defaultPoints: row.default_points,
    gradables: [...row.gradable_ids].sort(),
  }),
  assessment: (row: AssessmentRow): AssessmentPayload => ({
    standard: row.standard_id,
    copiesForward: row.copies_forward,
  }),
};

export function childKey(row: ChildRow): string {
  return `${row.child_gradable_id}:${row.child_term_seq}`;
}

export function weightKey(composite: CompositeRow, child: string): string {
  return `compw:${composite.parent_gradable_id}:${composite.parent_term_seq}>${child}`;
}

/** Something a push may write, by an identity that no push changes. */
export type Records = Map<string, unknown>;

export function recordId(type: string, owner: number | string, key: string): string {
  return `${type}|${owner}|${key}`;
}

/** A setup row's owner in its record's id: which scope it belongs to and which row it is. */
export function rowOwner(scopeId: number | null, rowId: number | null): string {
  return `${scopeId ?? 0}/${rowId ?? 0}`;
}

/** Rows grouped by a number of theirs. */
export function groupBy<Row>(rows: readonly Row[], by: (row: Row) => number): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) groups.set(by(row), [...(groups.get(by(row)) ?? []), row]);
  return groups;
}

/**
 * What pushes write at courses and sections, one record per item: setup rows by their id, weights by
 * their composite and child, attributes and flags by their course or section.
 */
export function recordsOf(rows: Rows): Records {
  return new Map([...setupRecords(rows), ...courseRecords(rows), ...sectionRecords(rows)]);
}

function* setupRecords(rows: Rows): Generator<[string, unknown]> {
  const kinds = new Map(rows.setup_scope.map((scope) => [scope.id, scope.kind]));
  const below = <Row extends { scope_id: number }>(all: readonly Row[]): Row[] =>
    all.filter((row) => kinds.get(row.scope_id) !== 'master');
  for (const row of below(rows.task_alignment))
    yield [
      recordId(
        'grading_tasks_standards',
        rowOwner(row.scope_id, row.id),
        `task:${row.gradable_id}`,
      ),
      payload.task(row),
    ];
  for (const row of below(rows.calc_option)) {
    const level = kinds.get(row.scope_id) === 'section' ? 'section' : 'course';
    const key = `calc:${row.gradable_id}:${row.term_seq}`;
    yield [
      recordId('grade_calc_options', rowOwner(row.scope_id, row.id), key),
      payload.calcOption(row, level),
    ];
  }
  const children = groupBy(rows.composite_child, (child) => child.composite_id);
  for (const row of below(rows.composite)) {
    const own = children.get(row.id) ?? [];
    const key = `comp:${row.parent_gradable_id}:${row.parent_term_seq}`;
    yield [
      recordId('composite_grades', rowOwner(row.scope_id, row.id), key),
      payload.composite(own),
    ];
    for (const child of own)
      yield [
        recordId(
          'composite_weights',
          rowOwner(row.scope_id, row.id),
          weightKey(row, childKey(child)),
        ),
        payload.weight(child),
      ];
  }
  for (const row of below(rows.category))
    yield [recordId('categories', rowOwner(row.scope_id, row.id), 'row'), payload.category(row)];
  for (const row of below(rows.assessment_alignment))
    yield [
      recordId('assessments', rowOwner(row.scope_id, row.id), `assess:${row.test_id}`),
      payload.assessment(row),
    ];
}

function* courseRecords(rows: Rows): Generator<[string, unknown]> {
  for (const course of rows.course) {
    const values = { ...attributes(course.attrs), number: course.number, name: course.name.trim() };
    for (const [code, value] of Object.entries(values))
      yield [recordId('course_info', course.id, `attr:${code}`), { value }];
    yield [
      recordId('course_info', course.id, 'link'),
      masterPayload(rows, course.course_master_id),
    ];
    yield [recordId('cross_site', course.id, 'xsite'), { enabled: course.cross_site_enabled }];
  }
}

/** A course's link: its master's number, which is unique in the catalog only. */
export function masterPayload(rows: Rows, masterId: number | null): unknown {
  const master = rows.course_master.find(({ id }) => id === masterId);
  const catalog = rows.course_catalog.find(({ id }) => id === master?.catalog_id);
  return { master: master?.number ?? null, catalog: catalog?.name ?? null };
}

function* sectionRecords(rows: Rows): Generator<[string, unknown]> {
  for (const section of rows.section) {
    for (const [code, value] of Object.entries(attributes(section.attr_overrides)))
      yield [recordId('course_info', -section.id, `attr:${code}`), { value }];
    yield [
      recordId('cross_site', -section.id, 'xsite'),
      { enabled: section.cross_site_enabled, offered: section.cross_site_offered },
    ];
  }
}

/** Attributes with a value, text trimmed; blank and null are no value (G24). */
export function attributes(json: unknown): Record<string, AttributePayload['value']> {
  return Object.fromEntries(
    Object.entries(json as Record<string, AttributePayload['value']>)
      .map(([code, value]) => [code, typeof value === 'string' ? trimmed(value) : value] as const)
      .filter(([, value]) => value !== null),
  );
}
