import { type RawBuilder, sql } from 'kysely';
import { type Db } from '../../src/db/database.ts';
import { courseName, type Row } from './tables.ts';

/**
 * Edits a district as school staff, teachers or scripts would. A place is `master 1010`, `1010` (a
 * course) or `1010/1` (a section); a key is an item's key, with a category by its name:
 * `task:lab`, `calc:quarter:1`, `comp:final:4`, `compw:final:4>quarter:1`, `cat:Homework`, `assess:eoc`.
 */
export interface GradeBook {
  add(place: string, key: string, values?: Row): Promise<void>;
  edit(place: string, key: string, values: Row): Promise<void>;
  remove(place: string, key: string): Promise<void>;
  /** Sets attributes of a master or course, or the overrides of a section. Null clears. */
  set(place: string, attributes: Row): Promise<void>;
  /** An assignment on a gradable. Without a due date it counts for every term (P06). */
  assign(place: string, gradable: string, about?: AssignmentWish): Promise<void>;
  /** A posted grade, of a gradable and term such as `quarter:1`; an A unless told. */
  post(place: string, parent: string, values?: Row): Promise<void>;
  takeTest(place: string, test: string): Promise<void>;
  run(statement: string): Promise<void>;
}

export interface AssignmentWish {
  readonly category?: string;
  readonly due?: string;
  readonly deleted?: boolean;
  readonly comment?: string;
}

export function gradeBookOf(db: Db): GradeBook {
  return {
    add: (place, key, values) => add(db, { place, key, values: values ?? {} }),
    edit: (place, key, values) => edit(db, { place, key, values }),
    remove: async (place, key) => {
      const { table, where } = locate(place, key);
      await one(db, sql`delete from ${sql.table(table)} r where ${where} returning 1`);
    },
    set: (place, attributes) => setAttributes(db, place, attributes),
    assign: (place, gradable, about) => assign(db, { place, gradable, ...about }),
    post: (place, parent, values) =>
      insert(db, 'posted_grade', {
        section_id: sectionOf(place),
        gradable_id: parent.split(':')[0],
        term_seq: parent.split(':')[1],
        student_id: 'st1',
        ...(values ?? { score: 'A' }),
      }),
    takeTest: (place, test) =>
      insert(db, 'test_score', {
        test_id: test,
        student_id: 'st1',
        section_id: sectionOf(place),
        result: '80',
      }),
    run: async (statement) => {
      await sql.raw(statement).execute(db);
    },
  };
}

function scopeOf(place: string): RawBuilder<unknown> {
  if (place.startsWith('master '))
    return sql`(select s.id from setup_scope s join course_master m on m.id = s.course_master_id
      where m.number = ${place.slice('master '.length)})`;
  if (place.includes('/'))
    return sql`(select s.id from setup_scope s where s.section_id = ${sectionOf(place)})`;
  return sql`(select s.id from setup_scope s join course c on c.id = s.course_id
    where ${courseName('c')} = ${place})`;
}

function sectionOf(place: string): RawBuilder<unknown> {
  return sql`(select x.id from section x join course c on c.id = x.course_id
    where ${courseName('c')} || '/' || x.number = ${place})`;
}

interface Located {
  readonly table: string;
  readonly columns: Record<string, unknown>;
  readonly where: RawBuilder<unknown>;
}

function locate(place: string, key: string): Located {
  const colon = key.indexOf(':');
  const found = tableAndColumns(key.slice(0, colon), key.slice(colon + 1), place);
  const where = sql.join(
    Object.entries(found.columns).map(([column, value]) => sql`r.${sql.ref(column)} = ${value}`),
    sql` and `,
  );
  return { ...found, where };
}

function tableAndColumns(kind: string, rest: string, place: string): Omit<Located, 'where'> {
  const scope_id = scopeOf(place);
  const [gradable_id, term_seq] = rest.split(':');
  switch (kind) {
    case 'task':
      return { table: 'task_alignment', columns: { scope_id, gradable_id: rest } };
    case 'calc':
      return { table: 'calc_option', columns: { scope_id, gradable_id, term_seq } };
    case 'comp':
      return {
        table: 'composite',
        columns: { scope_id, parent_gradable_id: gradable_id, parent_term_seq: term_seq },
      };
    case 'compw': {
      const [parent = '', child = ''] = rest.split('>');
      const [child_gradable_id, child_term_seq] = child.split(':');
      const composite_id = sql`(select id from composite where scope_id = ${scope_id}
        and parent_gradable_id || ':' || parent_term_seq = ${parent})`;
      return {
        table: 'composite_child',
        columns: { composite_id, child_gradable_id, child_term_seq },
      };
    }
    case 'cat':
      return { table: 'category', columns: { scope_id, name: rest } };
    case 'assess':
      return { table: 'assessment_alignment', columns: { scope_id, test_id: rest } };
    default:
      throw new Error(`no table for ${kind}:${rest}`);
  }
}

interface Edit {
  readonly place: string;
  readonly key: string;
  readonly values: Row;
}

async function add(db: Db, { place, key, values }: Edit): Promise<void> {
  const { table, columns } = locate(place, key);
  const { children, ...rest } = values;
  const kind = place.startsWith('master ') ? 'master' : 'course';
  const defaults: Record<string, Row> = {
    task_alignment: { scope_kind: kind },
    assessment_alignment: { scope_kind: kind },
    calc_option: { calc_type: 'in_progress' },
    category: { source_id: `${place}/${kind === 'master' ? '' : 'own '}${key.slice(4)}` },
  };
  await insert(db, table, { ...columns, ...defaults[table], ...rest });
  if (typeof children !== 'object' || children === null) return;
  for (const [child, weight] of Object.entries(children))
    await add(db, { place, key: `compw:${key.slice(5)}>${child}`, values: { weight } });
}

async function edit(db: Db, { place, key, values }: Edit): Promise<void> {
  const { table, where } = locate(place, key);
  const sets = Object.entries(values).map(([column, value]) => sql`${sql.ref(column)} = ${value}`);
  await one(db, sql`update ${sql.table(table)} r set ${sql.join(sets)} where ${where} returning 1`);
}

async function setAttributes(db: Db, place: string, attributes: Row): Promise<void> {
  const { number, name, ...attrs } = attributes;
  const [table, column, owner] = place.startsWith('master ')
    ? ['course_master', 'attrs', sql`number = ${place.slice('master '.length)}`]
    : place.includes('/')
      ? ['section', 'attr_overrides', sql`id = ${sectionOf(place)}`]
      : ['course', 'attrs', sql`${courseName('course')} = ${place}`];
  const named = Object.entries({ number, name }).filter(([, value]) => value !== undefined);
  const sets = [
    sql`${sql.ref(column)} = jsonb_strip_nulls(${sql.ref(column)} || ${JSON.stringify(attrs)}::jsonb)`,
    ...named.map(([field, value]) => sql`${sql.ref(field)} = ${value}`),
  ];
  await one(db, sql`update ${sql.table(table)} set ${sql.join(sets)} where ${owner} returning 1`);
}

let assignments = 0;

async function assign(
  db: Db,
  wish: AssignmentWish & { readonly place: string; readonly gradable: string },
): Promise<void> {
  assignments += 1;
  const category =
    wish.category === undefined
      ? sql`null`
      : sql`(select id from category where scope_id = ${scopeOf(wish.place)} and name = ${wish.category})`;
  await sql`
    with a as (
      insert into assignment (source_id, section_id, name, due_on, category_id, deleted_at)
      values (${`a${assignments}`}, ${sectionOf(wish.place)}, 'Assignment', ${wish.due ?? null}, ${category},
        case when ${wish.deleted ?? false} then now() end)
      returning id
    ), s as (
      insert into score (source_id, assignment_id, student_id, comment)
      select ${`sc${assignments}`}, id, 'st1', ${wish.comment}::text from a
      where ${wish.comment !== undefined}
    )
    insert into assignment_gradable select id, ${wish.gradable} from a`.execute(db);
}

async function insert(db: Db, table: string, values: Row): Promise<void> {
  const columns = sql.join(Object.keys(values).map((column) => sql.ref(column)));
  await sql`insert into ${sql.table(table)} (${columns}) values (${sql.join(Object.values(values))})`.execute(
    db,
  );
}

/** Runs a statement that must find exactly one row: a test that edits nothing proves nothing. */
async function one(db: Db, statement: RawBuilder<unknown>): Promise<void> {
  const { rows } = await statement.execute(db);
  if (rows.length !== 1) throw new Error(`${rows.length} rows instead of one`);
}
