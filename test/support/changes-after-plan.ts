/** The course of the stories. */
export const COURSE = `(select id from setup_scope where course_id = 1)`;
const SECTION = `(select id from setup_scope where section_id = 1)`;
const MASTER = `(select id from setup_scope where course_master_id = 1)`;

export const grade = (gradable: string, term = 1): string =>
  `insert into posted_grade (section_id, gradable_id, term_seq, student_id, score)
   values (1, '${gradable}', ${term}, 'st', 'A')`;
export const assignment = (category: string, gradable = 'quarter'): string =>
  `with a as (insert into assignment (source_id, section_id, name, due_on, category_id)
     values ('a1', 1, 'Essay', '2023-09-01', (select id from category where source_id = '${category}')) returning id)
   insert into assignment_gradable select id, '${gradable}' from a`;
const local = (into: string, values: string, at = COURSE): string =>
  `insert into ${into.replace(' (', ' (scope_id, ')} values (${at}, ${values})`;
export const task = (gradable: string): string =>
  local('task_alignment (scope_kind, gradable_id)', `'course', '${gradable}'`);

const masterLabs = `insert into category (source_id, scope_id, name) values ('HS/1010/L', ${MASTER}, 'Labs')`;
/** A calculation of each term, at the course and both sections. */
const manyWrites = `update calc_option set limit_last_n = 5 where scope_id = ${MASTER}`;

/** What the school has beside the pushed setup; what happens after the plan; what is held by it. */
export const CHANGES: [what: string, story: { given: string; then: string; keys: string[] }][] = [
  [
    'a row that was edited',
    {
      given: `update course set attrs = attrs || '{"state_code": "X"}'`,
      then: `update course set attrs = attrs || '{"state_code": "Y"}' where id = 1`,
      keys: ['attr:state_code'],
    },
  ],
  [
    'a row that was made by hand',
    {
      given: `delete from calc_option where scope_id = ${COURSE} and term_seq = 1`,
      then: local('calc_option (gradable_id, term_seq, calc_type)', `'quarter', 1, 'in_progress'`),
      keys: ['calc:quarter:1'],
    },
  ],
  [
    'a row that was deleted',
    {
      given: `update calc_option set weight_categories = true where scope_id = ${COURSE}`,
      then: `delete from calc_option where scope_id = ${COURSE} and term_seq = 1`,
      keys: ['calc:quarter:1'],
    },
  ],
  [
    'a link that was removed',
    {
      given: `update calc_option set weight_categories = true where scope_id = ${COURSE}`,
      then: `delete from sync_link where scope_id = ${COURSE} and item_key = 'calc:quarter:1'`,
      keys: ['calc:quarter:1'],
    },
  ],
  [
    'a weight that a teacher changed',
    {
      given: `update composite_child set weight = 7 where composite_id = (select id from composite where scope_id = ${SECTION})`,
      then: `update composite_child set weight = 8 where child_term_seq = 2 and composite_id = (select id from composite where scope_id = ${SECTION})`,
      keys: ['compw:final:4>quarter:2 at 1'],
    },
  ],
  ['a task that got a grade', { given: task('lab'), then: grade('lab'), keys: ['task:lab'] }],
  [
    'a task that got an assignment, with the calculation that goes with it (N10)',
    {
      given: `${task('lab')}; ${local('calc_option (gradable_id, term_seq, calc_type)', `'lab', 1, 'none'`)}`,
      then: assignment('c1010/HS/1010/Tests', 'lab'),
      keys: ['task:lab', 'calc:lab:1'],
    },
  ],
  [
    'a task that a new composite uses (P09)',
    {
      given: task('lab'),
      then: local('composite (parent_gradable_id, parent_term_seq)', `'lab', 1`, SECTION),
      keys: ['task:lab'],
    },
  ],
  [
    'a task for which somebody set a calculation (N10)',
    {
      given: task('lab'),
      then: local('calc_option (gradable_id, term_seq, calc_type)', `'lab', 1, 'none'`, SECTION),
      keys: ['task:lab'],
    },
  ],
  [
    'a category that got an assignment',
    {
      given: local('category (source_id, name)', `'own', 'Extra'`, SECTION),
      then: assignment('own'),
      keys: ['local:own at 1'],
    },
  ],
  [
    'a local category that got an assignment before it is taken over (M37)',
    {
      given: `insert into category (source_id, scope_id, name) values ('HS/1010/L', ${MASTER}, 'Labs'), ('own', ${SECTION}, 'Labs')`,
      then: assignment('own'),
      keys: ['cat:c1010/HS/1010/L at 1'],
    },
  ],
  [
    'a calc option of the teacher that got scores',
    {
      given: local('calc_option (gradable_id, term_seq, calc_type)', `'final', 1, 'none'`, SECTION),
      then: grade('final'),
      keys: ['calc:final:1 at 1'],
    },
  ],
  [
    'a composite of the teacher that got a grade',
    {
      given: local('composite (parent_gradable_id, parent_term_seq)', `'final', 2`, SECTION),
      then: grade('final', 2),
      keys: ['comp:final:2 at 1'],
    },
  ],
  [
    'a test that got a result',
    {
      given: local('assessment_alignment (scope_kind, test_id)', `'course', 'unit'`),
      then: `insert into test_score (test_id, student_id, section_id) values ('unit', 'st', 1)`,
      keys: ['assess:unit'],
    },
  ],
  [
    'a task whose score group new grades use (P10)',
    {
      given: `update task_alignment set score_group_id = 'B' where scope_id = ${MASTER}`,
      then: grade('quarter'),
      keys: ['task:quarter'],
    },
  ],
  [
    'a category whose name the teacher took (C01)',
    {
      given: masterLabs,
      then: local('category (source_id, name)', `'own', 'Labs'`, SECTION),
      keys: ['cat:c1010/HS/1010/L at 1'],
    },
  ],
  [
    'a local category that would be renamed, with the one that wanted its name (C01)',
    {
      given: `${masterLabs}; ${local('category (source_id, name)', `'own', 'Labs'`, SECTION)}; ${assignment('own')}`,
      then: `update category set weight = 9 where source_id = 'own'`,
      keys: ['cat:c1010/HS/1010/L at 1', 'local:own at 1'],
    },
  ],
  [
    'a category whose name was taken at the course, its copies, and the rename that made room for one (C01, S07)',
    {
      given: `${masterLabs}; ${manyWrites};
        ${local('category (source_id, name)', `'own', 'Labs'`, SECTION)}; ${assignment('own')}`,
      then: local('category (source_id, name)', `'course-own', 'Labs'`),
      keys: [
        'cat:HS/1010/L',
        'cat:c1010/HS/1010/L at 1',
        'local:own at 1',
        'cat:c1010/HS/1010/L at 2',
      ],
    },
  ],
  [
    'two categories that swap names, one of which was edited (C03)',
    {
      given: `update category set name = case name when 'Tests' then 'Homework' else 'Tests' end
        where scope_id = ${MASTER}`,
      then: `update category set weight = 1 where scope_id = ${SECTION} and name = 'Tests'`,
      keys: ['cat:c1010/HS/1010/Homework at 1', 'cat:c1010/HS/1010/Tests at 1'],
    },
  ],
  [
    'a course number that was taken (A24)',
    {
      given: `insert into catalog_attribute_lock values (1, 'number', 'hard');
        update course_master set number = '1011' where id = 1`,
      then: `insert into course (source_id, calendar_id, number, name) values ('x', 1, '1011', 'X')`,
      keys: ['attr:number'],
    },
  ],
  [
    'a calculation that was changed at the course, and its sections (E02, S07)',
    {
      given: manyWrites,
      then: `update calc_option set limit_last_n = 8 where scope_id = ${COURSE} and term_seq = 1`,
      keys: ['calc:quarter:1', 'calc:quarter:1 at 1', 'calc:quarter:1 at 2'],
    },
  ],
  [
    'the copy of a calculation that the course had as its master has it, and changed (E02)',
    {
      given: `delete from calc_option where scope_id = ${SECTION} and term_seq = 1`,
      then: `update calc_option set limit_last_n = 8 where scope_id = ${COURSE} and term_seq = 1`,
      keys: ['calc:quarter:1 at 1'],
    },
  ],
  [
    "a teacher's calculation that would go, which the course has as well by now (E02, E05)",
    {
      given: local('calc_option (gradable_id, term_seq, calc_type)', `'final', 1, 'none'`, SECTION),
      then: local('calc_option (gradable_id, term_seq, calc_type)', `'final', 1, 'none'`),
      keys: ['calc:final:1 at 1'],
    },
  ],
  [
    'the copy of a category whose weight the course changed (E02)',
    {
      given: `update category set weight = 3 where scope_id = ${SECTION} and name = 'Tests'`,
      then: `update category set weight = 4 where scope_id = ${COURSE} and name = 'Tests'`,
      keys: ['cat:c1010/HS/1010/Tests at 1'],
    },
  ],
  [
    'the copy of a weight that the course changed (E02, M35)',
    {
      given: `update composite_child set weight = 7 where composite_id = (select id from composite where scope_id = ${SECTION})`,
      then: `update composite_child set weight = 8 where child_term_seq = 2 and composite_id = (select id from composite where scope_id = ${COURSE})`,
      keys: ['compw:final:4>quarter:2 at 1'],
    },
  ],
  [
    'the copy of a composite that the course changed (E02, M32)',
    {
      given: `delete from composite_child where child_term_seq = 2 and composite_id = (select id from composite where scope_id = ${SECTION})`,
      then: `delete from composite_child where child_term_seq = 2 and composite_id = (select id from composite where scope_id = ${COURSE})`,
      keys: ['comp:final:4 at 1'],
    },
  ],
  [
    'a section that was mapped (X06)',
    {
      given: `update course set cross_site_enabled = true where id = 1;
     update section set cross_site_enabled = true where course_id = 1`,
      then: `insert into cross_site_map (serving_section_id, home_course_id, status) values (1, 2, 'mapped')`,
      keys: ['xsite at 1'],
    },
  ],
];
