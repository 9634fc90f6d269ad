import { afterEach, describe, expect, it } from '@jest/globals';
import { type KyselyPlugin, sql } from 'kysely';
import { type Db, openDatabase } from '../../src/db/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { apply, buildHighSchool, type HighSchool, type PushWish } from '../support/high-school.ts';

const databases: TestDatabase[] = [];
afterEach(async () => {
  for (const database of databases.splice(0)) await database.drop();
});

/** Adds courses of master 1010 to a calendar, with two sections, local setup and student work each. */
async function addCourses(school: HighSchool, calendar: number, count: number): Promise<void> {
  const courses = `select * from course where source_id like 'm${calendar}-%'`;
  const sections = `select s.*, o.id as scope from section s join setup_scope o on o.section_id = s.id
    where s.source_id like 'm${calendar}-%'`;
  for (const statement of [
    `insert into course (source_id, calendar_id, course_master_id, number, name)
       select 'm${calendar}-' || n, ${calendar}, 1, 'C' || n, 'Course' from generate_series(1, ${count}) n`,
    `insert into section (source_id, course_id, number)
       select c.source_id || '/' || n, c.id, n from (${courses}) c, generate_series(1, 2) n`,
    `insert into task_alignment (scope_id, scope_kind, gradable_id)
       select o.id, 'course', g from (${courses}) c join setup_scope o on o.course_id = c.id,
         unnest(array['lab', 'notes']) g`,
    `insert into category (source_id, scope_id, name)
       select s.source_id || n, s.scope, n from (${sections}) s, unnest(array['Homework', 'Own']) n`,
    `insert into calc_option (scope_id, gradable_id, term_seq, calc_type)
       select s.scope, 'lab', 1, 'none' from (${sections}) s`,
    `insert into assignment (source_id, section_id, category_id, name, due_on)
       select 'a' || c.id, s.id, c.id, 'Essay', '2023-09-01' from (${sections}) s
       join category c on c.scope_id = s.scope and c.name = 'Homework'`,
    `insert into assignment_gradable select id, 'lab' from assignment where source_id like 'a%'
       on conflict do nothing`,
    `insert into score (source_id, assignment_id, student_id, value)
       select 's' || id || '-' || n, id, 'st' || n, '5' from assignment, generate_series(1, 5) n
       on conflict do nothing`,
  ])
    await school.run(statement);
}

/** A school year of pushes: first delivery, changes and drift, overwrite, a task that leaves. */
const YEAR: readonly { readonly before: readonly string[]; readonly wish: PushWish }[] = [
  { before: [], wish: {} },
  {
    before: [
      `update course_master set cross_site_enabled = true, attrs = attrs || '{"state_code": "M9"}'`,
      `update category set weight = 30 where source_id like 'HS/%'`,
      `update composite_child set weight = 30 where composite_id = 1`,
      `update task_alignment set credit = 2 where scope_kind = 'master'`,
      `update calc_option set limit_last_n = 3 where term_seq = 2`,
      `update assessment_alignment set copies_forward = true where scope_kind = 'course'`,
    ],
    wish: { toSections: true, crossSite: true },
  },
  {
    before: [
      `update course set attrs = attrs || '{"terms": 1}', course_master_id = null where number like 'C%'`,
    ],
    wish: { mode: 'overwrite', toSections: true, crossSite: true },
  },
  {
    before: [
      `delete from composite where id = 1`,
      `delete from calc_option using setup_scope s where s.id = scope_id and s.kind = 'master'`,
      `delete from task_alignment where scope_kind = 'master' and gradable_id = 'quarter'`,
    ],
    wish: { mode: 'overwrite', toSections: true },
  },
];

interface Counts {
  readonly plan: number;
  /** Of each batch, and last of finding that there is no more. */
  readonly batches: number;
  readonly items: number;
}

async function countYear(courses: number): Promise<Counts[]> {
  const database = await createTestDatabase();
  databases.push(database);
  const counter = countStatements(database.db);
  const school = await buildHighSchool(counter.db);
  await addCourses(school, 1, courses);
  const counts: Counts[] = [];
  for (const { before, wish } of YEAR) {
    for (const statement of before) await school.run(statement);
    let start = counter.statements();
    const planned = await school.plan(wish);
    const plan = counter.statements() - start;
    start = counter.statements();
    const pushed = await apply(counter.db, planned);
    expect(pushed.batches.map((batch) => batch.kind)).toEqual(['applied', 'done']);
    counts.push({ plan, batches: counter.statements() - start, items: pushed.items.length });
  }
  return counts;
}

function countStatements(db: Db): { readonly db: Db; statements(): number } {
  let count = 0;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      count += 1;
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  return { db: db.withPlugin(plugin), statements: () => count };
}

describe('Given 10 courses and 100 courses of the same kind', () => {
  it('planning and applying take the same number of statements in either mode, with sections and cross-site data', async () => {
    const few = await countYear(10);
    const many = await countYear(100);
    expect(many.map(({ plan, batches }) => ({ plan, batches }))).toEqual(
      few.map(({ plan, batches }) => ({ plan, batches })),
    );
    for (const [n, { items }] of many.entries())
      expect(items).toBeGreaterThan(5 * (few[n]?.items ?? Infinity));
  });
});

/** Tables that grow with the district, with its years or with the pushes of years. */
const GROWING = [
  'course',
  'section',
  'setup_scope',
  'task_alignment',
  'calc_option',
  'composite',
  'composite_child',
  'category',
  'assessment_alignment',
  'sync_link',
  'payload_version',
  'assignment',
  'assignment_gradable',
  'score',
  'posted_grade',
  'push_item',
];

/**
 * Copies course 1010 with its sections, setup, links and student work `count` times into other
 * calendars, 50 to each: a district around the calendar that is pushed.
 */
async function surround(school: HighSchool, count: number): Promise<void> {
  const copies = (table: string, columns: string): string => `
    insert into ${table} (scope_id, ${columns}) select m.scope_id, ${columns}
    from ${table} r join twin m on m.original = r.scope_id`;
  for (const statement of [
    `insert into calendar (id, source_id, school_id, school_year_id, name)
       select 100 + n, 'k' || n, 1, 1, 'Calendar ' || n from generate_series(0, ${count} / 50) n`,
    `insert into course (source_id, calendar_id, course_master_id, number, name)
       select 'x' || n, 100 + n / 50, 1, 'X' || n, 'Copy' from generate_series(1, ${count}) n`,
    `insert into section (source_id, course_id, number)
       select c.source_id || '/' || n, c.id, n from course c, generate_series(1, 2) n
       where c.source_id like 'x%'`,
    `create table twin as
       select o.id as scope_id, (select id from setup_scope where course_id = 1) as original, c.source_id
       from course c join setup_scope o on o.course_id = c.id where c.source_id like 'x%'
       union all
       select o.id, f.id, s.source_id from section s join setup_scope o on o.section_id = s.id
       join section t on t.course_id = 1 and t.number = s.number
       join setup_scope f on f.section_id = t.id where s.source_id like 'x%'`,
    copies('task_alignment', 'scope_kind, gradable_id, score_group_id, credit, terms'),
    copies('calc_option', 'gradable_id, term_seq, calc_type, grading_scale_id, read_only'),
    copies('composite', 'parent_gradable_id, parent_term_seq'),
    `insert into composite_child
       select id, 'quarter', t, 25 from composite, generate_series(1, 4) t on conflict do nothing`,
    `insert into category (source_id, scope_id, name, weight, gradable_ids)
       select m.source_id || '/' || r.name, m.scope_id, r.name, r.weight, r.gradable_ids
       from category r join twin m on m.original = r.scope_id`,
    copies('assessment_alignment', 'scope_kind, test_id'),
    copies('sync_link', 'data_type, item_key, upstream_scope_id, row_id, version_id, state'),
    `insert into assignment (source_id, section_id, category_id, name, due_on)
       select 'xa' || c.id, o.section_id, c.id, 'Essay', '2023-09-01'
       from category c join twin m using (scope_id) join setup_scope o on o.id = m.scope_id
       where o.section_id is not null`,
    `insert into assignment_gradable select id, 'quarter' from assignment on conflict do nothing`,
    `insert into score (source_id, assignment_id, student_id, value)
       select 'xs' || id, id, 'st1', '5' from assignment on conflict do nothing`,
    `insert into posted_grade (section_id, gradable_id, term_seq, student_id, score)
       select o.section_id, 'quarter', 1, 'st1', 'A' from twin join setup_scope o on o.id = scope_id
       where o.section_id is not null`,
    'vacuum analyze',
  ])
    await school.run(statement);
}

interface Reads {
  readonly table: string;
  readonly live: number;
  readonly read: number;
}

/** The size of each growing table and how many of its rows have been read since the server began. */
async function rowsRead(db: Db): Promise<Reads[]> {
  await sql`select pg_stat_force_next_flush()`.execute(db);
  const { rows } = await sql<Reads>`
    select relname as table, n_live_tup as live, seq_tup_read + coalesce(idx_tup_fetch, 0) as read
    from pg_stat_user_tables where relname = any(${GROWING}) order by relname`.execute(db);
  return rows;
}

/** Reading a small table as a whole is cheaper than its index; more rows than this never are. */
const A_FEW_SCANS = 30_000;

describe('Given a calendar of 10 courses in a district of 2,000', () => {
  it('a push of it in either mode reads a small part of every large table: its queries use the indexes', async () => {
    const database = await createTestDatabase();
    databases.push(database);
    // One connection, so that its statistics can be flushed.
    const { db, close } = openDatabase({ ...database, applicationName: 'test', maxConnections: 1 });
    const school = await buildHighSchool(db);
    await addCourses(school, 1, 10);
    await school.push({ toSections: true });
    await surround(school, 2000);
    for (const mode of ['overwrite', 'push_locked'] as const) {
      await school.run(`update category set weight = weight + 1 where source_id like 'HS/%'`);
      const before = await rowsRead(db);
      const pushed = await school.push({ mode, toSections: true, crossSite: true });
      const after = await rowsRead(db);
      expect(pushed.batches.map((batch) => batch.kind)).toEqual(['applied', 'done']);
      const tooMany = after
        .map((now, n) => ({ ...now, read: now.read - (before[n]?.read ?? 0) }))
        .filter(({ live, read }) => read > Math.max(A_FEW_SCANS, live / 4));
      expect(tooMany).toEqual([]);
    }
    await close();
  });
});
