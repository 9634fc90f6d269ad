import { type RawBuilder, sql } from 'kysely';
import { type DataType } from '../domain/push-options.ts';

/** The setup types: those with rows of their own. Course Info lives in columns of the course. */
export type SetupType = Exclude<DataType, 'course_info'>;
export type Level = 'course' | 'section';

/**
 * How the engine reads one setup type. Every fragment speaks of `r`, a row of `rows`.
 * `rows` has at least (id, scope_id); `payload` is what src/domain/item-payload.ts describes.
 */
export interface SetupTypeSql {
  readonly rows: RawBuilder<unknown>;
  readonly key: RawBuilder<unknown>;
  readonly payload: RawBuilder<unknown>;
  readonly k1: RawBuilder<unknown>;
  readonly k2: RawBuilder<unknown>;
  readonly k3: RawBuilder<unknown>;
  readonly k4: RawBuilder<unknown>;
}

const none = sql`null`;
const text = (column: string): RawBuilder<unknown> =>
  sql`nullif(btrim(${sql.ref(`r.${column}`)}), '')`;
const number = (column: string): RawBuilder<unknown> => sql`trim_scale(${sql.ref(`r.${column}`)})`;
const sorted = (column: string): RawBuilder<unknown> =>
  sql`(select coalesce(jsonb_agg(x order by x), '[]') from unnest(${sql.ref(`r.${column}`)}) x)`;
const sortedText = (column: string): RawBuilder<unknown> =>
  sql`(select coalesce(jsonb_agg(x order by x collate "C"), '[]') from unnest(${sql.ref(`r.${column}`)}) x)`;

const task: SetupTypeSql = {
  rows: sql`task_alignment`,
  key: sql`'task:' || r.gradable_id`,
  payload: sql`jsonb_build_object('scoreGroup', r.score_group_id, 'credit', ${number('credit')},
    'creditType', ${text('credit_type')}, 'termGpaWeight', ${number('term_gpa_weight')},
    'creditOverflowOverride', ${text('credit_overflow_override')}, 'terms', ${sorted('terms')},
    'postOnly', r.post_only, 'showOnPortal', r.show_on_portal, 'seq', r.seq)`,
  k1: sql`r.gradable_id`,
  k2: none,
  k3: none,
  k4: none,
};

const calcPayload = sql`jsonb_build_object('calcType', r.calc_type, 'gradingScale', r.grading_scale_id,
  'weightCategories', r.weight_categories, 'useScorePercent', r.use_score_percent,
  'limitLastN', r.limit_last_n, 'cumulativeFromTerm', r.cumulative_from_term,
  'proficiencyMethod', r.proficiency_method)`;

const calcOption: SetupTypeSql = {
  rows: sql`calc_option`,
  key: sql`'calc:' || r.gradable_id || ':' || r.term_seq`,
  payload: calcPayload,
  k1: sql`r.gradable_id`,
  k2: sql`r.term_seq`,
  k3: none,
  k4: none,
};

const composite: SetupTypeSql = {
  rows: sql`composite`,
  key: sql`'comp:' || r.parent_gradable_id || ':' || r.parent_term_seq`,
  payload: sql`jsonb_build_object('children', (
    select coalesce(jsonb_agg(child order by child collate "C"), '[]') from (
      select x.child_gradable_id || ':' || x.child_term_seq as child
      from composite_child x where x.composite_id = r.id) children))`,
  k1: sql`r.parent_gradable_id`,
  k2: sql`r.parent_term_seq`,
  k3: none,
  k4: none,
};

/** A weight's row id is its composite's: the weight is a column of the child. */
const compositeWeight: SetupTypeSql = {
  rows: sql`(select p.id, p.scope_id, p.parent_gradable_id, p.parent_term_seq, x.child_gradable_id,
    x.child_term_seq, x.weight from composite p join composite_child x on x.composite_id = p.id)`,
  key: sql`'compw:' || r.parent_gradable_id || ':' || r.parent_term_seq || '>' || r.child_gradable_id
    || ':' || r.child_term_seq`,
  payload: sql`jsonb_build_object('weight', ${number('weight')})`,
  k1: sql`r.child_gradable_id`,
  k2: sql`r.child_term_seq`,
  k3: sql`r.parent_gradable_id`,
  k4: sql`r.parent_term_seq`,
};

/** A category's key is the id of the category above it: lineage, never its name (R06). */
const category: SetupTypeSql = {
  rows: sql`category`,
  key: sql`'cat:' || r.source_id`,
  payload: sql`jsonb_build_object('name', btrim(r.name), 'weight', ${number('weight')}, 'seq', r.seq,
    'excludeFromCalc', r.exclude_from_calc, 'dropLowest', r.drop_lowest,
    'defaultPoints', ${number('default_points')}, 'gradables', ${sortedText('gradable_ids')})`,
  k1: none,
  k2: none,
  k3: none,
  k4: none,
};

const assessment: SetupTypeSql = {
  rows: sql`assessment_alignment`,
  key: sql`'assess:' || r.test_id`,
  payload: sql`jsonb_build_object('standard', r.standard_id, 'copiesForward', r.copies_forward)`,
  k1: sql`r.test_id`,
  k2: none,
  k3: none,
  k4: none,
};

export const SETUP_TYPES: Readonly<Record<SetupType, SetupTypeSql>> = {
  grading_tasks_standards: task,
  composite_grades: composite,
  composite_weights: compositeWeight,
  grade_calc_options: calcOption,
  categories: category,
  assessments: assessment,
};

/** A row's payload at a level: at a section a calc option's read-only flag belongs to it (E06). */
export function payloadAt(type: SetupType, level: Level): RawBuilder<unknown> {
  return type === 'grade_calc_options' && level === 'section'
    ? sql`${calcPayload} || jsonb_build_object('readOnly', r.read_only)`
    : SETUP_TYPES[type].payload;
}

/** A course master as the payload of a course's link: its number is unique in its catalog only (S10). */
export function masterPayload(master: string, catalog: string): RawBuilder<unknown> {
  return sql`jsonb_build_object('master', ${sql.ref(`${master}.number`)}, 'catalog', ${sql.ref(`${catalog}.name`)})`;
}

/** One attribute of a course or master as canonical payload (G24): trimmed, blank is null. */
export function attributePayload(owner: string, code: RawBuilder<unknown>): RawBuilder<unknown> {
  const attrs = sql.ref(`${owner}.attrs`);
  return sql`jsonb_build_object('value', case ${code}
    when 'number' then to_jsonb(btrim(${sql.ref(`${owner}.number`)}))
    when 'name' then to_jsonb(btrim(${sql.ref(`${owner}.name`)}))
    else case jsonb_typeof(${attrs} -> ${code})
      when 'string' then to_jsonb(nullif(btrim(${attrs} ->> ${code}), ''))
      when 'number' then to_jsonb(trim_scale((${attrs} ->> ${code})::numeric))
      else nullif(${attrs} -> ${code}, 'null') end end)`;
}
