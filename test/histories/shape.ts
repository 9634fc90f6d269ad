import fc from 'fast-check';

const LOCKABLE = [
  'grading_tasks_standards',
  'grade_calc_options',
  'composite_grades',
  'composite_weights',
  'categories',
  'assessments',
] as const;

/** How much a history's district has beyond the plain one. */
interface Size {
  readonly masters: number;
  readonly courses: number;
  readonly sections: number;
}

/** Its size, and what its catalog locks less from the first step on. */
export interface Shape {
  readonly size: Size;
  readonly soft: readonly string[];
  readonly unlocked: readonly string[];
}

export const PLAIN: Shape = {
  size: { masters: 0, courses: 0, sections: 0 },
  soft: [],
  unlocked: [],
};

/** Any district: half of them plain. */
export const anyShape: fc.Arbitrary<Shape> = fc.oneof(
  fc.constant(PLAIN),
  fc.record({
    size: fc.record({ masters: fc.nat(2), courses: fc.nat(3), sections: fc.nat(2) }),
    soft: fc.subarray([...LOCKABLE], { maxLength: 2 }),
    unlocked: fc.subarray([...LOCKABLE], { maxLength: 2 }),
  }),
);

/** The statements that make the plain district one of this size. */
export function sizeSql({ masters, courses, sections }: Size): string[] {
  return [
    `insert into course_master (catalog_id, number, name, attrs)
      select 1, 'M' || n, 'Elective ' || n, jsonb_build_object('state_code', 'E' || n, 'gpa_weight', n)
      from generate_series(1, ${masters}) n`,
    ...SETUP_OF_MASTERS,
    `insert into course (source_id, calendar_id, course_master_id, number, name, attrs)
      select 'more-' || n, 1 + n % 2, m.id, 'X' || n, 'More ' || n, jsonb_build_object('max_students', n)
      from generate_series(1, ${courses}) n
      join lateral (select id from course_master where catalog_id = 1 order by id desc
        offset n % (select count(*) from course_master where catalog_id = 1) limit 1) m on true`,
    `insert into section (source_id, course_id, number)
      select c.source_id || '/m' || n, c.id, 'M' || n
      from course c, generate_series(1, ${sections}) n where (c.id + n) % 2 = 0`,
  ];
}

/** The statement that gives a district the locks of its shape. */
export function locksSql({ soft, unlocked }: Shape): string {
  const isOneOf = (types: readonly string[]): string =>
    `data_type = any(array[${types.map((type) => `'${type}'`).join(', ')}]::data_type[])`;
  return `
    update catalog_type_lock set mode = case
      when ${isOneOf(unlocked)} then 'unlocked' when ${isOneOf(soft)} then 'soft' else mode end::lock_mode
    where catalog_id = 1`;
}

const NEW = `setup_scope s join course_master m on m.id = s.course_master_id where m.number like 'M%'`;

/** A master beyond the plain ones has tasks, calculations, a composite and a category of its own. */
const SETUP_OF_MASTERS = [
  `insert into task_alignment (scope_id, scope_kind, gradable_id, score_group_id, credit, terms)
    select s.id, 'master', g, 'B', 1, '{2}' from unnest(array['quarter', 'lab']) g, ${NEW}`,
  `insert into calc_option (scope_id, gradable_id, term_seq, calc_type, grading_scale_id)
    select s.id, 'lab', 2, 'in_progress', 'points' from ${NEW}`,
  `insert into composite (scope_id, parent_gradable_id, parent_term_seq)
    select s.id, 'lab', 2 from ${NEW}`,
  `insert into composite_child (composite_id, child_gradable_id, child_term_seq, weight)
    select c.id, 'quarter', 2, 40 from composite c where c.scope_id in (select s.id from ${NEW})`,
  `insert into category (source_id, scope_id, name, weight, seq, gradable_ids)
    select m.number || '/Labs', s.id, 'Labs', 30, 2, '{lab}' from ${NEW}`,
];
