import { sql } from 'kysely';
import {
  type BundleFile,
  byText,
  cell,
  extensionColumns,
  from,
  KEPT,
  kept,
  may,
  metadata,
  must,
  oneRosterColumns,
  out,
  outKept,
  outList,
  outMoment,
  removeByKey,
  type Sql,
  stage,
  staged,
} from '../bundle-file.ts';
import * as cells from '../cell-types.ts';
import { ASSIGNMENT, CATEGORY, GRADABLE, SECTION } from '../domains.ts';

const itemColumns = oneRosterColumns(
  must('title', cells.text(1000)),
  ...kept('description'),
  may('assignDate', cells.day, 'both'),
  may('dueDate', cells.day, 'both'),
  must('classSourcedId', cells.id),
  ...kept('categorySourcedId', 'gradingPeriodSourcedId', 'academicSessionSourcedId'),
  ...kept('schoolSourcedId', 'resultValueMin', 'resultValueMax', 'scoreScaleSourcedId'),
);

/** The day, or the time of day that came with it as long as it is still that day. */
function outDay(day: string, column: string): Sql {
  const raw = sql`t.source ->> ${sql.lit(column)}`;
  return sql`case when left(${raw}, 10) = ${sql.ref(day)}::text then ${raw} else ${sql.ref(day)}::text end`;
}

const lineItems: BundleFile = {
  name: 'lineItems',
  columns: itemColumns,
  key: ['sourcedId'],
  open: 'metadata.',
  references: [{ column: 'classSourcedId', to: SECTION }],
  writes: [
    {
      table: 'assignment',
      mode: 'upsert',
      from: sql`${stage('lineItems')} s join section e on e.source_id = s."classSourcedId"`,
      key: { source_id: staged('sourcedId') },
      values: {
        section_id: from(['classSourcedId'], sql`e.id`),
        name: cell('title'),
        assigned_on: from(['assignDate'], sql`left(s."assignDate", 10)::date`),
        due_on: from(['dueDate'], sql`left(s."dueDate", 10)::date`),
      },
      bags: { source: KEPT },
    },
  ],
  removals: removeByKey('lineItems', 'assignment', sql`t.source_id = s."sourcedId"`),
  export: {
    from: sql`assignment t join section e on e.id = t.section_id`,
    columns: {
      sourcedId: out('t.source_id'),
      status: sql`'active'`,
      title: out('t.name'),
      assignDate: outDay('t.assigned_on', 'assignDate'),
      dueDate: outDay('t.due_on', 'dueDate'),
      classSourcedId: out('e.source_id'),
      ...outKept(itemColumns, 't.source'),
    },
    orderBy: [byText('t.source_id')],
    open: metadata('assignment', 't.source'),
  },
};

/** The assignment's gradables as a table of their own; a removed row takes them all away. */
const cmAssignments: BundleFile = {
  name: 'cmAssignments',
  columns: extensionColumns(
    must('lineItemSourcedId', cells.id),
    may('gradables', cells.idList),
    may('category', cells.id),
    may('active', cells.boolean),
    may('deletedAt', cells.moment),
  ),
  key: ['lineItemSourcedId'],
  references: [
    { column: 'lineItemSourcedId', to: ASSIGNMENT },
    { column: 'gradables', to: GRADABLE, isList: true },
    { column: 'category', to: CATEGORY },
  ],
  writes: [
    {
      table: 'assignment',
      mode: 'update',
      from: sql`${stage('cmAssignments')} s left join category c on c.source_id = s.category`,
      key: { source_id: staged('lineItemSourcedId') },
      values: {
        category_id: from(['category'], sql`c.id`),
        active: cell('active', true),
        deleted_at: cell('deletedAt'),
      },
    },
    {
      table: 'assignment_gradable',
      mode: 'upsert',
      from: sql`${stage('cmAssignments')} s join assignment a on a.source_id = s."lineItemSourcedId"
        cross join lateral unnest(s.gradables) g`,
      key: { assignment_id: sql`a.id`, gradable_id: sql`g` },
      values: {},
      counted: false,
    },
  ],
  after: async ({ tx, has }) => {
    if (!has('cmAssignments', 'gradables')) return;
    await sql`
      delete from assignment_gradable x using "stage_cmAssignments" s, assignment a
      where not s.removed and a.source_id = s."lineItemSourcedId"
        and x.assignment_id = a.id and x.gradable_id <> all (coalesce(s.gradables, '{}'))`.execute(
      tx,
    );
  },
  removals: (rows) => [
    sql`update assignment t set category_id = null, active = true, deleted_at = null
      from "stage_cmAssignments" s where ${rows} and t.source_id = s."lineItemSourcedId"
        and (t.category_id is not null or not t.active or t.deleted_at is not null
          or exists (select 1 from assignment_gradable g where g.assignment_id = t.id))`,
    sql`delete from assignment_gradable x using "stage_cmAssignments" s, assignment a
      where ${rows} and a.source_id = s."lineItemSourcedId" and x.assignment_id = a.id`,
  ],
  export: {
    from: sql`(select a.*, array(select g.gradable_id from assignment_gradable g
      where g.assignment_id = a.id) as gradables from assignment a) t
      left join category c on c.id = t.category_id`,
    columns: {
      lineItemSourcedId: out('t.source_id'),
      gradables: outList('t.gradables'),
      category: out('c.source_id'),
      active: out('t.active'),
      deletedAt: outMoment('t.deleted_at'),
    },
    orderBy: [byText('t.source_id')],
  },
};

/** What teachers gave their sections to do. */
export const ASSIGNMENTS: readonly BundleFile[] = [lineItems, cmAssignments];
