import { sql } from 'kysely';
import { type Db } from '../../src/db/database.ts';
import {
  type DataType,
  FORM_DATA_TYPES,
  type PushMode,
  type RunKind,
} from '../../src/domain/push-options.ts';
import { applyNextBatch, type BatchResult } from '../../src/engine/apply-batch.ts';
import { planRun } from '../../src/engine/plan-run.ts';
import { courseName } from './tables.ts';

/** The fixture of domain.md 4.1, cut to what a rule needs: a catalog, two masters, one calendar. */
export interface HighSchool {
  readonly db: Db;
  /** Pushes as an administrator would, and returns the plan's items. */
  push(options?: PushWish): Promise<Pushed>;
  /** Plans without applying. */
  plan(options?: PushWish): Promise<Pushed>;
  run(statement: string): Promise<void>;
  rows<Row>(query: string): Promise<Row[]>;
}

export interface PushWish {
  readonly mode?: PushMode;
  readonly toSections?: boolean;
  readonly crossSite?: boolean;
  readonly types?: readonly DataType[];
  /** Ids; the fixture's own calendar is 1. */
  readonly calendars?: readonly number[];
  /** Id of the school year; the fixture's own is 1. */
  readonly year?: number;
  /** Id of the master of "Push to Courses"; all of the catalog unless told. */
  readonly master?: number;
  readonly kind?: RunKind;
  /** Ids of the courses to relink or reset. */
  readonly courses?: readonly number[];
  /** The run to undo. */
  readonly undoes?: number;
}

export interface Item {
  readonly course: string | null;
  readonly section: string | null;
  readonly key: string;
  readonly rule: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly op: string;
  readonly result: string;
  readonly before: unknown;
  readonly after: unknown;
  /** What was last pushed, where it differs from `before`. */
  readonly base: unknown;
  /** What the level above has, where it differs from `after`. */
  readonly master: unknown;
  readonly detail: unknown;
  readonly assignments: number;
  readonly scores: number;
  readonly grades: number;
  readonly comments: number;
}

export interface Pushed {
  readonly runId: number;
  readonly planId: number;
  readonly hash: string;
  readonly writes: number;
  readonly items: readonly Item[];
  readonly batches: readonly BatchResult[];
  /** The item of this key, at the course or, when named, the section. */
  item(course: string, key: string, section?: string): Item | undefined;
}

/** Fills an empty, migrated database with the fixture. Master 1010 has full setup, 2010 has a task. */
export async function buildHighSchool(db: Db): Promise<HighSchool> {
  for (const statement of FIXTURE) await sql.raw(statement).execute(db);
  const plan = async (wish: PushWish = {}): Promise<Pushed> => {
    const runId = await insertRun(db, wish);
    const planned = await planRun(db, runId);
    return describe(db, { runId, ...planned, batches: [] });
  };
  return {
    db,
    plan,
    push: async (wish) => apply(db, await plan(wish)),
    run: async (statement) => {
      await sql.raw(statement).execute(db);
    },
    rows: async <Row>(query: string) => (await sql.raw<Row>(query).execute(db)).rows,
  };
}

/** Applies a plan made before, e.g. after something else happened in between. */
export async function apply(db: Db, planned: Pushed): Promise<Pushed> {
  await db
    .updateTable('push_run')
    .set({ state: 'running', epoch: 1 })
    .where('id', '=', planned.runId)
    .execute();
  const claim = { runId: planned.runId, planId: planned.planId, epoch: 1, leaseMs: 15_000 };
  const batches: BatchResult[] = [];
  for (;;) {
    const result = await applyNextBatch(db, claim);
    batches.push(result);
    if (result.kind !== 'applied') break;
  }
  await db
    .updateTable('push_run')
    .set({ state: 'completed' })
    .where('id', '=', planned.runId)
    .execute();
  return describe(db, { ...planned, batches });
}

async function describe(db: Db, pushed: Omit<Pushed, 'items' | 'item'>): Promise<Pushed> {
  const { rows: items } = await sql<Item>`
    select ${courseName('c')} as course, s.number as section, i.item_key as key, i.rule, i.outcome, i.reason, i.op,
      i.result, i.before, i.after, i.base, i.master, i.detail, i.assignments, i.scores, i.grades, i.comments
    from push_item i left join course c on c.id = i.course_id left join section s on s.id = i.section_id
    where i.plan_id = ${pushed.planId} order by i.id`.execute(db);
  return {
    ...pushed,
    items,
    item: (course, key, section) =>
      items.find(
        (item) => item.course === course && item.key === key && item.section === (section ?? null),
      ),
  };
}

let keys = 0;

const WISHES = {
  year: 1,
  master: null,
  mode: 'push_locked',
  toSections: false,
  crossSite: false,
  types: FORM_DATA_TYPES,
  calendars: [1],
  kind: 'push',
  courses: null,
  undoes: null,
} as const;

async function insertRun(db: Db, wish: PushWish): Promise<number> {
  keys += 1;
  const w = { ...WISHES, ...wish };
  const { rows } = await sql<{ id: number }>`
    insert into push_run (catalog_id, school_year_id, course_master_id, mode, to_sections, cross_site, data_types,
      all_calendars, requested_by, scheduled_for, run_now, idempotency_key, kind, course_ids, undoes_run_id)
    values (1, ${w.year}, ${w.master}, ${w.mode}::push_mode, ${w.toSections}, ${w.crossSite},
      ${[...w.types]}::text[]::data_type[], true, 1, now(), true, ${`test-${keys}`}, ${w.kind},
      ${w.courses}::bigint[], ${w.undoes})
    returning id`.execute(db);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('inserting a run');
  await sql`
    insert into push_job (run_id, calendar_id)
    select ${id}, unnest(${[...w.calendars]}::int[])`.execute(db);
  return id;
}

const FIXTURE = [
  `insert into district values (1, 'd', 'District', 'intra')`,
  `insert into school (id, source_id, name, cross_site_enabled) values (1, 'hh', 'Harrison High', true)`,
  `insert into school_year (id, ends_in, label, start_on, end_on, is_active)
    values (1, 2024, '23-24', '2023-08-01', '2024-06-30', true)`,
  `insert into calendar (id, source_id, school_id, school_year_id, name) values (1, 'hh/2024', 1, 1, '23-24 Harrison High')`,
  `insert into term values (1, 1, 'Q1', '2023-08-01', '2023-10-31'), (1, 2, 'Q2', '2023-11-01', '2024-01-31'),
    (1, 3, 'Q3', '2024-02-01', '2024-03-31'), (1, 4, 'Q4', '2024-04-01', '2024-06-30')`,
  `insert into app_user (id, slack_team_id, slack_user_id, display_name) values (1, 'T1', 'U1', 'Alice')`,
  `insert into course_catalog (id, name) values (1, 'High School Catalog')`,
  `insert into catalog_type_lock select 1, y::data_type, 'hard' from unnest(array['grading_tasks_standards',
    'grade_calc_options', 'composite_grades', 'composite_weights', 'categories', 'assessments']) y`,
  `insert into catalog_attribute_lock values (1, 'state_code', 'hard'), (1, 'name', 'hard'),
    (1, 'gpa_weight', 'hard'), (1, 'terms', 'soft')`,
  `insert into score_group values ('A', 'score_group'), ('B', 'score_group')`,
  `insert into grading_scale values ('scale', 'Percent')`,
  `insert into gradable (id, kind, name) values ('quarter', 'task', 'Quarter'), ('semester', 'task', 'Semester'),
    ('final', 'task', 'Final'), ('lab', 'task', 'Lab'), ('notes', 'task', 'Notes')`,
  `insert into test (id, name) values ('eoc', 'End of Course'), ('unit', 'Unit Test')`,
  `insert into course_master (id, catalog_id, number, name, attrs) values
    (1, 1, '1010', 'Algebra I', '{"state_code": "M1", "gpa_weight": 1, "terms": 4, "max_students": 30}'),
    (2, 1, '2010', 'Biology', '{"state_code": "S1", "gpa_weight": 1, "terms": 4}')`,
  `insert into course (id, source_id, calendar_id, course_master_id, number, name) values
    (1, 'c1010', 1, 1, '1010', 'Algebra'), (2, 'c2010', 1, 2, '2010', 'Biology')`,
  `insert into section (id, source_id, course_id, number) values
    (1, 's1', 1, '1'), (2, 's2', 1, '2'), (3, 's3', 2, '1')`,
  `insert into task_alignment (scope_id, scope_kind, gradable_id, score_group_id, credit, terms)
    select s.id, 'master', g, 'A', 0.5, '{1,2,3,4}' from setup_scope s, unnest(array['quarter', 'final']) g
    where s.course_master_id = 1`,
  `insert into task_alignment (scope_id, scope_kind, gradable_id, score_group_id, terms)
    select id, 'master', 'quarter', 'A', '{1,2,3,4}' from setup_scope where course_master_id = 2`,
  `insert into calc_option (scope_id, gradable_id, term_seq, calc_type, grading_scale_id)
    select id, 'quarter', t, 'in_progress', 'scale' from setup_scope, generate_series(1, 4) t
    where course_master_id = 1`,
  `insert into composite (id, scope_id, parent_gradable_id, parent_term_seq)
    select 1, id, 'final', 4 from setup_scope where course_master_id = 1`,
  `select setval(pg_get_serial_sequence(t, 'id'), 100) from unnest(array['course', 'section', 'composite']) t`,
  `insert into composite_child select 1, 'quarter', t, 25 from generate_series(1, 4) t`,
  `insert into category (source_id, scope_id, name, weight, gradable_ids)
    select 'HS/1010/' || n, id, n, 50, '{quarter}' from setup_scope, unnest(array['Homework', 'Tests']) n
    where course_master_id = 1`,
  `insert into assessment_alignment (scope_id, scope_kind, test_id)
    select id, 'master', 'eoc' from setup_scope where course_master_id = 1`,
];
