import { sql } from 'kysely';
import { type Db } from '../../src/db/database.ts';

/** What the steps of a history pick from. */
export const GRADABLES = ['quarter', 'semester', 'final', 'lab', 'std1'] as const;
export const TESTS = ['eoc', 'unit'] as const;
export const ATTRIBUTES = ['state_code', 'name', 'gpa_weight', 'terms', 'max_students'] as const;

/**
 * A small district: two years, two schools, four calendars (those of the second year empty until the
 * rollforward), two catalogs with three masters, a course without a master, a mirror of a cross-site
 * course, sections with a roster. Nothing is pushed yet.
 */
export async function buildDistrict(db: Db): Promise<void> {
  for (const statement of [...PLACES, ...COURSES, ...SETUP]) await sql.raw(statement).execute(db);
}

const PLACES = [
  `insert into district values (1, 'd', 'District', 'intra')`,
  `insert into school (id, source_id, name, cross_site_enabled) values
    (1, 'hh', 'Harrison High', true), (2, 'vb', 'Van Buren High', false)`,
  `insert into school_year (id, ends_in, label, start_on, end_on, is_active) values
    (1, 2024, '23-24', '2023-08-01', '2024-06-30', true), (2, 2025, '24-25', '2024-08-01', '2025-06-30', false)`,
  `insert into calendar (id, source_id, school_id, school_year_id, name) values
    (1, 'hh/2024', 1, 1, '23-24 Harrison High'), (2, 'vb/2024', 2, 1, '23-24 Van Buren High'),
    (3, 'hh/2025', 1, 2, '24-25 Harrison High'), (4, 'vb/2025', 2, 2, '24-25 Van Buren High')`,
  `insert into term select c.id, t, 'S' || t, make_date(y.ends_in - 1, 8, 1) + (t - 1) * 150,
      make_date(y.ends_in - 1, 8, 1) + t * 150 - 1
    from calendar c join school_year y on y.id = c.school_year_id, generate_series(1, 2) t`,
  `insert into app_user (id, slack_team_id, slack_user_id, display_name) values (1, 'T1', 'U1', 'Alice')`,
  `insert into course_catalog (id, name) values (1, 'High School Catalog'), (2, 'College Catalog')`,
  `insert into catalog_type_lock select c, y::data_type, 'hard' from generate_series(1, 2) c, unnest(array[
    'grading_tasks_standards', 'grade_calc_options', 'composite_grades', 'composite_weights', 'categories',
    'assessments']) y`,
  `insert into catalog_attribute_lock select c, a, 'hard' from generate_series(1, 2) c,
    unnest(array['state_code', 'name', 'gpa_weight', 'number']) a`,
  `insert into catalog_attribute_lock select c, 'terms', 'soft' from generate_series(1, 2) c`,
  `insert into score_group values ('A', 'score_group'), ('B', 'score_group')`,
  `insert into score_group_item values ('A', 'A', 90, 4), ('B', 'B', 80, 3)`,
  `insert into grading_scale values ('percent', 'Percent'), ('points', 'Points')`,
  `insert into gradable (id, kind, name) select g, case when g like 'std%' then 'standard' else 'task' end::gradable_kind,
    initcap(g) from unnest(array['${GRADABLES.join("', '")}']) g`,
  `insert into test (id, name) values ('eoc', 'End of Course'), ('unit', 'Unit Test')`,
];

const COURSES = [
  `insert into course_master (id, catalog_id, number, name, attrs) values
    (1, 1, '1010', 'Algebra I', '{"state_code": "M1", "gpa_weight": 1, "terms": 4, "max_students": 30}'),
    (2, 1, '2010', 'Biology', '{"state_code": "S1", "gpa_weight": 1.5, "terms": 4}'),
    (3, 2, '3010', 'English 9', '{"state_code": "E1", "terms": 2}')`,
  `insert into course (id, source_id, calendar_id, course_master_id, number, name, cross_site_role, mirror_of_course_id) values
    (1, 'hh-1010', 1, 1, '1010', 'Algebra', 'serving', null), (2, 'hh-2010', 1, 2, '2010', 'Biology', 'none', null),
    (3, 'hh-3010', 1, null, '3010', 'English', 'none', null), (4, 'vb-1010', 2, 1, '1010', 'Algebra', 'none', null),
    (5, 'vb-1010x', 2, 1, '1010-X', 'Algebra at Harrison', 'home_mirror', 1), (6, 'vb-3010', 2, 3, '3010', 'English', 'none', null)`,
  `insert into section (id, source_id, course_id, number) values
    (1, 'hh-1010-1', 1, '1'), (2, 'hh-1010-2', 1, '2'), (3, 'hh-2010-1', 2, '1'), (4, 'vb-1010-1', 4, '1'),
    (5, 'vb-1010x-1', 5, '1'), (6, 'vb-3010-1', 6, '1')`,
  `insert into cross_site_map (serving_section_id, home_course_id, status) values (1, 5, 'unmapped')`,
  `insert into roster (source_id, section_id, person_id, role) select 'r' || id, id, 's1', 'student' from section`,
];

const SETUP = [
  `insert into task_alignment (scope_id, scope_kind, gradable_id, score_group_id, credit, terms)
    select s.id, 'master', g, 'A', 0.5, '{1,2}' from setup_scope s, unnest(array['quarter', 'semester', 'final']) g
    where s.kind = 'master'`,
  `insert into calc_option (scope_id, gradable_id, term_seq, calc_type, grading_scale_id)
    select id, 'quarter', t, 'in_progress', 'percent' from setup_scope, generate_series(1, 2) t where kind = 'master'`,
  `insert into composite (scope_id, parent_gradable_id, parent_term_seq)
    select id, 'final', 2 from setup_scope where kind = 'master'`,
  `insert into composite_child select c.id, 'quarter', t, 25 from composite c, generate_series(1, 2) t`,
  `insert into category (source_id, scope_id, name, weight, seq, gradable_ids)
    select m.number || '/' || n, s.id, n, 50, 1, '{quarter}'
    from setup_scope s join course_master m on m.id = s.course_master_id, unnest(array['Homework', 'Tests']) n`,
  `insert into assessment_alignment (scope_id, scope_kind, test_id)
    select id, 'master', 'eoc' from setup_scope where kind = 'master'`,
];
