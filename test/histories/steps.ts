import fc from 'fast-check';
import { ATTRIBUTES, GRADABLES, TESTS } from './district.ts';
import { ROLLFORWARD } from './rollforward.ts';

/** Numbers that pick the row and the values: always taken modulo what there is. */
interface Picks {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Something people or scripts do between pushes, as one statement. */
export interface Step extends Picks {
  readonly kind: StepKind;
}

type Level = 'master' | 'course' | 'section';

function one(values: readonly string[], n: number): string {
  return values[n % values.length] ?? '';
}

function text(values: readonly string[], n: number): string {
  return `'${one(values, n).replaceAll("'", "''")}'`;
}

/** The id of the n-th row of `from`, whose row is `r`. */
function nth(from: string, n: number): string {
  return `(select id from (select r.id, row_number() over (order by r.id) - 1 as n, count(*) over () as total
    from ${from}) t where n = ${n} % total)`;
}

const SCORE_GROUPS = ['A', 'B'];
const CATEGORY_NAMES = ['Homework', 'Tests', 'Quiz', 'Homework (1)', 'A'.repeat(50)];
const TYPES = [
  'grading_tasks_standards',
  'grade_calc_options',
  'composite_grades',
  'composite_weights',
  'categories',
  'assessments',
];
/** The parts of types that have rows of their own, and the table each lies in. */
const CALCULATIONS = [
  `'in_progress', 'percent', false, null`,
  `'in_progress', 'points', true, null`,
  `'none', null, false, null`,
  `'proficiency_estimate', 'percent', false, 'highest'`,
  `'composite', null, false, null`,
];

const scopeOf = (level: Level, n: number): string =>
  nth(`setup_scope r where r.kind = '${level}'`, n);

/** Rows of a table at a level; `own` leaves out rows that a push owns while they are linked. */
function rowsAt(table: string, level: Level, own: boolean): string {
  const free = `and not exists (select 1 from sync_link l where l.scope_id = r.scope_id and l.row_id = r.id
    and l.state = 'linked')`;
  return `${table} r join setup_scope s on s.id = r.scope_id where s.kind = '${level}' ${own ? free : ''}`;
}

const ownRows = (level: Level): boolean => level !== 'master';

function putTask(level: 'master' | 'course'): StepSql {
  return ({ a, b, c }) => `
    insert into task_alignment (scope_id, scope_kind, gradable_id, score_group_id, credit, terms, seq)
    values (${scopeOf(level, a)}, '${level}', ${text(GRADABLES, b)}, ${text(SCORE_GROUPS, c)},
      ${(c % 3) * 0.5}, ${text(['{1,2}', '{2}', '{1}', '{}'], c)}, ${c % 2})
    on conflict do nothing`;
}

function changeTask(level: 'master' | 'course', own: boolean): StepSql {
  return ({ a, b, c }) => `
    update task_alignment set ${one(
      [
        `score_group_id = ${text(SCORE_GROUPS, b)}`,
        `terms = ${text(['{2,1}', '{2}', '{1}'], b)}`,
        `credit = ${b % 3}`,
        `credit_type = ${text([' core', 'core', ' '], b)}`,
        `term_gpa_weight = ${one(['null', '1.50'], b)}`,
        `seq = ${b % 3}`,
      ],
      c,
    )} where id = ${nth(rowsAt('task_alignment', level, own), a)}`;
}

function remove(table: string, level: Level, own: boolean): StepSql {
  return ({ a }) => `delete from ${table} where id = ${nth(rowsAt(table, level, own), a)}`;
}

/** A task leaves its master as it does there: with its calculations. */
const removeTaskAndCalculations: StepSql = ({ a }) => `
  with gone as (
    delete from task_alignment where id = ${nth(rowsAt('task_alignment', 'master', false), a)}
    returning scope_id, gradable_id
  )
  delete from calc_option r using gone g where r.scope_id = g.scope_id and r.gradable_id = g.gradable_id`;

function putCalc(level: Level): StepSql {
  return ({ a, b, c }) => `
    insert into calc_option (scope_id, gradable_id, term_seq, calc_type, grading_scale_id, weight_categories, proficiency_method)
    values (${scopeOf(level, a)}, ${text(GRADABLES, b)}, ${1 + (c % 2)}, ${one(CALCULATIONS, c)})
    on conflict do nothing`;
}

function changeCalc(level: Level, own: boolean): StepSql {
  return ({ a, c }) => `
    update calc_option set (calc_type, grading_scale_id, weight_categories, proficiency_method) =
      (select ${one(CALCULATIONS, c).replace(/^'(\w+)'/, "'$1'::calc_type")})
    where id = ${nth(rowsAt('calc_option', level, own), a)}`;
}

function putComposite(level: Level): StepSql {
  return ({ a, b, c }) => `
    with added as (
      insert into composite (scope_id, parent_gradable_id, parent_term_seq)
      values (${scopeOf(level, a)}, ${text(GRADABLES, b)}, ${1 + (c % 2)})
      on conflict do nothing returning id
    )
    insert into composite_child select id, g, ${1 + (a % 2)}, 10 from added,
      unnest(array[${text(GRADABLES, b + 1)}, ${text(GRADABLES, b + 1 + c)}]) g
    on conflict do nothing`;
}

function addChild(level: Level, own: boolean): StepSql {
  return ({ a, b, c }) => `
    insert into composite_child select id, ${text(GRADABLES, b)}, ${1 + (c % 2)}, ${(c % 4) * 10}
    from composite where id = ${nth(rowsAt('composite', level, own), a)} on conflict do nothing`;
}

function removeChild(level: Level, own: boolean): StepSql {
  return ({ a, b }) => `
    delete from composite_child where (composite_id, child_gradable_id, child_term_seq) = (
      select x.composite_id, x.child_gradable_id, x.child_term_seq from composite_child x
      where x.composite_id = ${nth(rowsAt('composite', level, own), a)}
      order by 2, 3 offset ${b % 2} limit 1)`;
}

function changeWeight(level: Level, own: boolean): StepSql {
  return ({ a, b, c }) => `
    update composite_child set weight = ${(c % 4) * 12.5}
    where composite_id = ${nth(rowsAt('composite', level, own), a)} and child_term_seq = ${1 + (b % 2)}`;
}

function addCategory(level: Level): StepSql {
  return ({ a, b, c }) => `
    insert into category (source_id, scope_id, name, weight, gradable_ids)
    select 'own-' || nextval(pg_get_serial_sequence('category', 'id')), ${scopeOf(level, a)}, ${text(CATEGORY_NAMES, b)},
      ${(c % 3) * 20}, ${text(['{}', '{quarter}', '{quarter,lab}'], c)}
    where not exists (select 1 from category where scope_id = ${scopeOf(level, a)} and name = ${text(CATEGORY_NAMES, b)})`;
}

function changeCategory(level: Level, own: boolean): StepSql {
  return ({ a, b, c }) => `
    update category set ${one(
      [
        `name = ${text(CATEGORY_NAMES, b)}`,
        `weight = ${b % 3}`,
        `drop_lowest = ${b % 2}`,
        `gradable_ids = ${text(['{}', '{lab,quarter}', '{quarter}'], b)}`,
        `default_points = ${one(['null', '10.50'], b)}`,
      ],
      c,
    )} where id = ${nth(rowsAt('category', level, own), a)}`;
}

/** C03: two categories of a master change names. */
const swapCategories: StepSql = ({ a }) => `
  update category c set name = o.name from category o
  where c.scope_id = ${scopeOf('master', a)} and o.scope_id = c.scope_id and c.id <> o.id
    and (select count(*) from category n where n.scope_id = c.scope_id) = 2`;

function putAssessment(level: 'master' | 'course', own: boolean): StepSql {
  return ({ a, b, c }) =>
    c % 2 === 0
      ? `insert into assessment_alignment (scope_id, scope_kind, test_id, standard_id)
          values (${scopeOf(level, a)}, '${level}', ${text(TESTS, b)}, ${one(['null', "'std1'"], b)}) on conflict do nothing`
      : `update assessment_alignment set copies_forward = not copies_forward
          where id = ${nth(rowsAt('assessment_alignment', level, own), a)}`;
}

function changeAttribute(table: 'course_master' | 'course'): StepSql {
  const set = (b: number, c: number): string => {
    const code = one([...ATTRIBUTES, 'number'], b);
    if (code === 'name') return `name = ${text(['Algebra', 'Biology', 'Name'], c)}`;
    if (code === 'number') return `number = ${text(['1010', '2010', '1011'], c)}`;
    const value = one(['1', '2', '"X"', '" X "', 'null'], c);
    return `attrs = attrs || '{"${code}": ${value}}'`;
  };
  return ({ a, b, c }) => `update ${table} set ${set(b, c)} where id = ${nth(`${table} r`, a)}`;
}

const overrideAttribute: StepSql = ({ a, b, c }) => `
  update section set attr_overrides = attr_overrides || '{"${one(ATTRIBUTES, b)}": ${one(['"Z"', '5', 'null'], c)}}'
  where id = ${nth('section r', a)}`;

const addAssignment: StepSql = ({ a, b, c }) => `
  with added as (
    insert into assignment (source_id, section_id, name, due_on, active, category_id)
    select 'a' || nextval(pg_get_serial_sequence('assignment', 'id')), s.id, 'Work',
      ${one([`date '2023-09-15'`, `date '2024-03-01'`, 'null', `date '2030-01-01'`], c)}, ${c % 5 !== 0},
      ${b % 3 === 0 ? 'null' : nth(`category r join setup_scope o on o.id = r.scope_id where o.section_id = s.id`, b)}
    from section s where s.id = ${nth('section r', a)} returning id
  )
  insert into assignment_gradable select id, ${text(GRADABLES, b)} from added`;

const ASSIGNMENT = (n: number): string => nth('assignment r', n);

const addScore: StepSql = ({ a, b, c }) => `
  insert into score (source_id, assignment_id, student_id, value, flags, comment)
  select 'sc' || nextval(pg_get_serial_sequence('score', 'id')), id, 's${1 + (b % 2)}', ${one(
    [`'8', '{}', null`, `null, '{missing}', null`, `null, '{}', 'Well done'`, `null, '{}', ' '`],
    c,
  )} from assignment where id = ${ASSIGNMENT(a)} on conflict do nothing`;

const postGrade: StepSql = ({ a, b, c }) => `
  insert into posted_grade (section_id, gradable_id, term_seq, student_id, score, percent, comment)
  values (${nth('section r', a)}, ${text(GRADABLES, b)}, ${1 + (c % 2)}, 's1', ${one(
    [`'A', null, null`, `null, 91.5, null`, `null, null, 'Good'`, `null, null, ' '`],
    b + c,
  )}) on conflict do nothing`;

type StepSql = (picks: Picks) => string;

/** Everything that may happen between pushes, with how often. */
const STEPS = {
  'master task added': [6, putTask('master')],
  'master task changed': [5, changeTask('master', false)],
  'master task removed': [4, remove('task_alignment', 'master', false)],
  'master task removed with calculations': [3, removeTaskAndCalculations],
  'course task added': [4, putTask('course')],
  'course task changed': [1, changeTask('course', true)],
  'course task removed': [1, remove('task_alignment', 'course', true)],
  'course task damaged': [1, changeTask('course', false)],
  'course task lost': [1, remove('task_alignment', 'course', false)],
  'master calculation added': [4, putCalc('master')],
  'master calculation changed': [3, changeCalc('master', false)],
  'master calculation removed': [3, remove('calc_option', 'master', false)],
  'course calculation added': [3, putCalc('course')],
  'course calculation changed': [3, changeCalc('course', true)],
  'section calculation added': [3, putCalc('section')],
  'section calculation changed': [2, changeCalc('section', true)],
  'course calculation damaged': [1, changeCalc('course', false)],
  'course calculation lost': [1, remove('calc_option', 'course', false)],
  'section calculation damaged': [1, changeCalc('section', false)],
  'section calculation lost': [1, remove('calc_option', 'section', false)],
  'master composite added': [4, putComposite('master')],
  'master composite child added': [2, addChild('master', false)],
  'master composite child removed': [2, removeChild('master', false)],
  'master composite removed': [3, remove('composite', 'master', false)],
  'master weight changed': [3, changeWeight('master', false)],
  'course composite added': [3, putComposite('course')],
  'course composite child added': [1, addChild('course', true)],
  'course weight changed': [1, changeWeight('course', true)],
  'section composite added': [3, putComposite('section')],
  'section weight changed': [1, changeWeight('section', true)],
  'course weight damaged': [1, changeWeight('course', false)],
  'course composite damaged': [1, addChild('course', false)],
  'course composite child lost': [1, removeChild('course', false)],
  'course composite lost': [1, remove('composite', 'course', false)],
  'section composite damaged': [1, addChild('section', false)],
  'section weight damaged': [1, changeWeight('section', false)],
  'section composite lost': [1, remove('composite', 'section', false)],
  'master category added': [4, addCategory('master')],
  'master category changed': [4, changeCategory('master', false)],
  'master categories swapped': [2, swapCategories],
  'master category removed': [4, remove('category', 'master', false)],
  'course category added': [3, addCategory('course')],
  'section category added': [4, addCategory('section')],
  'section category changed': [2, changeCategory('section', ownRows('section'))],
  'course category damaged': [1, changeCategory('course', false)],
  'course category lost': [1, remove('category', 'course', false)],
  'section category damaged': [1, changeCategory('section', false)],
  'section category lost': [1, remove('category', 'section', false)],
  'master assessment': [4, putAssessment('master', false)],
  'master assessment removed': [3, remove('assessment_alignment', 'master', false)],
  'course assessment': [3, putAssessment('course', true)],
  'course assessment damaged': [1, putAssessment('course', false)],
  'course assessment lost': [1, remove('assessment_alignment', 'course', false)],
  'master attribute': [6, changeAttribute('course_master')],
  'course attribute': [2, changeAttribute('course')],
  'section override': [2, overrideAttribute],
  'assignment added': [9, addAssignment],
  'assignment deleted': [
    2,
    ({ a }) => `update assignment set deleted_at = now() where id = ${ASSIGNMENT(a)}`,
  ],
  'assignment gone': [
    1,
    ({ a }) => `delete from assignment where id = ${ASSIGNMENT(a)}
    and not exists (select 1 from score where assignment_id = assignment.id)`,
  ],
  'assignment realigned': [
    3,
    ({ a, b }) => `update assignment_gradable set gradable_id = ${text(GRADABLES, b)}
    where assignment_id = ${ASSIGNMENT(a)}`,
  ],
  'assignment moved': [
    2,
    ({ a, b }) =>
      `update assignment m set category_id = ${nth(
        'category r join setup_scope o on o.id = r.scope_id where o.section_id = m.section_id',
        b,
      )} where id = ${ASSIGNMENT(a)}`,
  ],
  'score added': [3, addScore],
  'score gone': [1, ({ a }) => `delete from score where id = ${nth('score r', a)}`],
  'grade posted': [5, postGrade],
  'grade gone': [2, ({ a }) => `delete from posted_grade where id = ${nth('posted_grade r', a)}`],
  'test scored': [
    3,
    ({ a, b }) => `insert into test_score (test_id, student_id, section_id, result)
    values (${text(TESTS, b)}, 's1', ${nth('section r', a)}, '7') on conflict do nothing`,
  ],
  'test unscored': [1, ({ a }) => `delete from test_score where id = ${nth('test_score r', a)}`],
  'section added': [
    1,
    ({ a }) => `insert into section (source_id, course_id, number)
    select 'x' || coalesce(max(id), 0), ${nth('course r', a)}, 'x' || coalesce(max(id), 0) from section`,
  ],
  'ignore toggled': [
    1,
    ({ a }) =>
      `update course set ignore_master_push = not ignore_master_push where id = ${nth('course r', a)}`,
  ],
  'course unlinked': [
    1,
    ({ a }) => `update course set course_master_id = null where id = ${nth('course r', a)}`,
  ],
  'course linked': [
    3,
    ({ a, b }) => `update course set course_master_id = ${nth('course_master r', b)}
    where id = ${nth('course r where r.course_master_id is null', a)}`,
  ],
  'course linked elsewhere': [
    1,
    ({ a, b }) =>
      `update course set course_master_id = ${nth('course_master r', b)} where id = ${nth('course r', a)}`,
  ],
  'link marked broken': [
    1,
    ({ a, b }) => `update sync_link set state = 'broken' where (scope_id, data_type, item_key) = (
    select scope_id, data_type, item_key from sync_link where scope_id = ${nth("setup_scope r where r.kind <> 'master'", a)}
      and state = 'linked' order by 2, 3 offset ${b} limit 1)`,
  ],
  'type lock changed': [
    4,
    ({
      a,
      b,
      c,
    }) => `update catalog_type_lock set mode = ${text(['hard', 'hard', 'unlocked', 'soft'], c)}
    where catalog_id = ${1 + (a % 5 === 4 ? 1 : 0)} and data_type = ${text(TYPES, b)}`,
  ],
  'attribute lock changed': [
    2,
    ({
      b,
      c,
    }) => `insert into catalog_attribute_lock values (1, ${text(ATTRIBUTES, b)}, ${text(['hard', 'soft', 'unlocked'], c)})
    on conflict (catalog_id, attribute_code) do update set mode = excluded.mode`,
  ],
  'master cross-site': [
    2,
    ({ a }) =>
      `update course_master set cross_site_enabled = not cross_site_enabled where id = ${nth('course_master r', a)}`,
  ],
  'school cross-site': [
    1,
    ({ a }) =>
      `update school set cross_site_enabled = not cross_site_enabled where id = ${nth('school r', a)}`,
  ],
  'district cross-site': [
    1,
    ({ c }) => `update district set cross_site_participation = ${text(['intra', 'disable'], c)}`,
  ],
  'section mapped': [
    1,
    ({ c }) => `update cross_site_map set status = ${text(['mapped', 'unmapped', 'closed'], c)}`,
  ],
  'year rolled forward': [1, () => ROLLFORWARD],
} satisfies Record<string, readonly [weight: number, sql: StepSql]>;
export type StepKind = keyof typeof STEPS;

/** The statement of a step; picks beyond what there is wrap around. */
export function stepSql(step: Step): string {
  return STEPS[step.kind][1](step);
}

/** Any step; shrinks towards the first rows and values. */
export const anyStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(
    ...(Object.entries(STEPS) as [StepKind, readonly [number, StepSql]][]).map(
      ([kind, [weight]]) => ({ weight, arbitrary: fc.constant(kind) }),
    ),
  ),
  a: fc.nat(11),
  b: fc.nat(11),
  c: fc.nat(11),
});
