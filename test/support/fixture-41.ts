import { type PushWish } from './high-school.ts';
import { type World, useWorld } from './world.ts';

/**
 * The fixture of the acceptance cases: Harrison High and Van Buren High in 23-24, masters 1010
 * Algebra I, 2010 Biology and 3010 English 9 with Quarter (terms 1-4), Semester (2, 4) and Final (4),
 * their courses in both calendars with two sections each, pushed once in locked mode with sections.
 * Harrison's courses are named `1010`, those of other calendars `23-24 Van Buren High 1010`.
 */
export function useFixture41(more: readonly string[] = []): World {
  return useWorld({ fixture: [...COMPLETE_THE_HIGH_SCHOOL, ...more], pushed: ALL });
}

export const VAN_BUREN = '23-24 Van Buren High';
export const NEXT_HARRISON = '24-25 Harrison High';
export const NEXT_VAN_BUREN = '24-25 Van Buren High';

/** All calendars of 23-24, with sections. */
export const ALL: PushWish = { calendars: [1, 2], toSections: true };
/** All calendars of 24-25, with sections. */
export const NEXT_YEAR: PushWish = { calendars: [3, 4], year: 2, toSections: true };

export const COURSES = ['1010', '2010', '3010'].flatMap((number) => [
  number,
  `${VAN_BUREN} ${number}`,
]);

const MASTER = (id: number): string =>
  `(select id from setup_scope where course_master_id = ${id})`;

/** Copies a setup table's rows from the master of Algebra to another. */
function copySetup(table: string, columns: string, to: number): string {
  return `insert into ${table} (scope_id, ${columns}) select ${MASTER(to)}, ${columns} from ${table}
    where scope_id = ${MASTER(1)} order by id`;
}

const COMPLETE_THE_HIGH_SCHOOL: readonly string[] = [
  `insert into school (id, source_id, name, cross_site_enabled) values (2, 'vb', 'Van Buren High', true)`,
  `insert into school_year (id, ends_in, label, start_on, end_on)
    values (2, 2025, '24-25', '2024-08-01', '2025-06-30')`,
  `insert into calendar (id, source_id, school_id, school_year_id, name) values
    (2, 'vb/2024', 2, 1, '${VAN_BUREN}'), (3, 'hh/2025', 1, 2, '${NEXT_HARRISON}'),
    (4, 'vb/2025', 2, 2, '${NEXT_VAN_BUREN}')`,
  `insert into term select k, seq, name, start_on + d, end_on + d
    from term, (values (2, 0), (3, 366), (4, 366)) c (k, d) where calendar_id = 1`,
  `insert into catalog_school_year select 1, s, y from generate_series(1, 2) s, generate_series(1, 2) y`,
  `insert into gradable (id, kind, code, name) values ('cells', 'standard', 'BIO.1', 'Cells')`,
  `insert into course_master (id, catalog_id, number, name, attrs) values
    (3, 1, '3010', 'English 9', '{"state_code": "E1", "gpa_weight": 1, "terms": 4}')`,
  `select setval(pg_get_serial_sequence(t, 'id'), 100)
    from unnest(array['course_master', 'course', 'section']) t`,
  `insert into course (id, source_id, calendar_id, course_master_id, number, name) values
    (3, 'c3010', 1, 3, '3010', 'English'), (11, 'v1010', 2, 1, '1010', 'Algebra'),
    (12, 'v2010', 2, 2, '2010', 'Biology'), (13, 'v3010', 2, 3, '3010', 'English')`,
  `insert into section (source_id, course_id, number) values ('s4', 2, '2'), ('s5', 3, '1'), ('s6', 3, '2')`,
  `insert into section (source_id, course_id, number)
    select 'v' || c || '-' || n, c, n from generate_series(11, 13) c, generate_series(1, 2) n`,
  `update task_alignment set terms = '{4}' where gradable_id = 'final'`,
  `insert into task_alignment (scope_id, scope_kind, gradable_id, score_group_id, credit, terms)
    select ${MASTER(1)}, 'master', 'semester', 'A', 0.5, '{2,4}'`,
  `delete from task_alignment where scope_id = ${MASTER(2)}`,
  ...[2, 3].flatMap((id) => [
    copySetup('task_alignment', 'scope_kind, gradable_id, score_group_id, credit, terms', id),
    copySetup('calc_option', 'gradable_id, term_seq, calc_type, grading_scale_id', id),
    copySetup('composite', 'parent_gradable_id, parent_term_seq', id),
    `insert into composite_child select n.id, child_gradable_id, child_term_seq, weight
      from composite_child x join composite n on n.scope_id = ${MASTER(id)} where x.composite_id = 1`,
    `insert into category (source_id, scope_id, name, weight, gradable_ids)
      select replace(source_id, '1010', '${id}010'), ${MASTER(id)}, name, weight, gradable_ids
      from category where scope_id = ${MASTER(1)}`,
    copySetup('assessment_alignment', 'scope_kind, test_id', id),
  ]),
];
