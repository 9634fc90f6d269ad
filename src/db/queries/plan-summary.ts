import { type RawBuilder, sql } from 'kysely';
import { type PlanSummary, type PlanTally, planSummary } from '../../domain/plan-summary.ts';
import { type Db } from '../database.ts';

/** Examples by name in a summary; the plan's file has all. */
const SAMPLES = 5;
/** Schools and calendars named in a summary. */
const PLACES = 20;

const PLACE = sql`'calendar', k.name, 'course', c.number || ' ' || c.name, 'section', s.number`;
const PLACE_JOINS = sql`left join calendar k on k.id = i.calendar_id
  left join course c on c.id = i.course_id left join section s on s.id = i.section_id`;

/** Works out what the plan of a run does in figures, and keeps it with the plan. */
export async function keepPlanSummary(db: Db, planId: number): Promise<PlanSummary> {
  const [tallies, notUndone, effects, renamed, weightTotals, courses, places] = await Promise.all([
    tallyItems(db, planId),
    readNotUndone(db, planId),
    readEffects(db, planId),
    readRenames(db, planId),
    readWeightTotals(db, planId),
    readCourses(db, planId),
    readPlaces(db, planId),
  ]);
  const summary = planSummary.parse({
    ...tallies,
    notUndone,
    ...effects,
    renamed,
    weightTotals,
    courses,
    ...places,
  });
  await db
    .updateTable('push_plan')
    .set({ summary: JSON.stringify(summary) })
    .where('id', '=', planId)
    .execute();
  return summary;
}

type Tallies = Pick<PlanSummary, 'deleted' | 'replaced' | 'residual'>;

/** `replaced`: what is there is not what was last pushed, or was never pushed. */
async function tallyItems(db: Db, planId: number): Promise<Tallies> {
  const { rows } = await sql<PlanTally & { deleted: number; replaced: number; residual: number }>`
    select level, data_type as "dataType",
      (count(*) filter (where op = 'delete'))::int as deleted,
      (count(*) filter (where op = 'update' and outcome in ('UPDATED', 'RELINKED')
        and data_type <> 'cross_site' and not (level = 'section' and data_type = 'course_info')
        and undoes_item_id is null and (base is not null or link_before is null)))::int as replaced,
      (count(*) filter (where outcome = 'RETAINED_PROTECTED' and undoes_item_id is null
        and data_type <> 'cross_site'))::int as residual
    from push_item where plan_id = ${planId} group by 1, 2 order by 1, 2`.execute(db);
  const some = (kind: keyof Tallies): PlanTally[] =>
    rows
      .filter((row) => row[kind] > 0)
      .map(({ level, dataType, ...counts }) => ({ level, dataType, items: counts[kind] }));
  return { deleted: some('deleted'), replaced: some('replaced'), residual: some('residual') };
}

/** Of an undo, what stays as it is (G23). */
async function readNotUndone(db: Db, planId: number): Promise<PlanSummary['notUndone']> {
  const { rows } = await sql<PlanSummary['notUndone']>`
    select (count(*) filter (where rule = 'G23-edited'))::int as edited,
      (count(*) filter (where rule = 'G23-used'))::int as used
    from push_item where plan_id = ${planId} and undoes_item_id is not null and op = 'none'`.execute(
    db,
  );
  return rows[0] ?? { edited: 0, used: 0 };
}

/** N04: a section stops calculating when its own row goes or is set to No Calculation. */
async function readEffects(
  db: Db,
  planId: number,
): Promise<Pick<PlanSummary, 'noCalculation' | 'overridesCleared'>> {
  const { rows } = await sql<{ sections: number; gradables: number; overrides: number }>`
    select (count(distinct section_id) filter (where ${STOPS_CALCULATING}))::int as sections,
      (count(distinct k1) filter (where ${STOPS_CALCULATING}))::int as gradables,
      (count(*) filter (where data_type = 'course_info' and op = 'update'
        and undoes_item_id is null))::int as overrides
    from push_item i where plan_id = ${planId} and level = 'section'`.execute(db);
  const { sections = 0, gradables = 0, overrides = 0 } = rows[0] ?? {};
  return { noCalculation: { sections, gradables }, overridesCleared: overrides };
}

const STOPS_CALCULATING: RawBuilder<boolean> = sql`(i.data_type = 'grade_calc_options'
  and i.before ->> 'calcType' <> 'none'
  and (i.op = 'delete' or i.op = 'update' and i.after ->> 'calcType' = 'none'))`;

async function readRenames(db: Db, planId: number): Promise<PlanSummary['renamed']> {
  const { rows } = await sql<PlanSummary['renamed']>`
    with found as (
      select i.*, row_number() over (order by i.id) as place from push_item i
      where i.plan_id = ${planId} and i.outcome = 'RENAMED_LOCAL'
    )
    select count(*)::int as items, coalesce(json_agg(json_build_object(${PLACE},
        'before', i.before ->> 'name', 'after', i.after ->> 'name') order by i.place)
      filter (where i.place <= ${SAMPLES}), '[]') as samples
    from found i ${PLACE_JOINS}`.execute(db);
  return rows[0] ?? { items: 0, samples: [] };
}

async function readWeightTotals(db: Db, planId: number): Promise<PlanSummary['weightTotals']> {
  const { rows } = await sql<PlanSummary['weightTotals']>`
    with found as (
      select distinct on (i.section_id) i.calendar_id, i.course_id, i.section_id,
        i.detail -> 'weightTotal' as total
      from push_item i
      where i.plan_id = ${planId} and i.detail ? 'weightTotal'
      order by i.section_id, i.id
    ), numbered as (select f.*, row_number() over (order by section_id) as place from found f)
    select count(*)::int as sections, coalesce(json_agg(json_build_object(${PLACE},
        'before', i.total -> 'before', 'after', i.total -> 'after') order by i.place)
      filter (where i.place <= ${SAMPLES}), '[]') as samples
    from numbered i ${PLACE_JOINS}`.execute(db);
  return rows[0] ?? { sections: 0, samples: [] };
}

async function readCourses(db: Db, planId: number): Promise<PlanSummary['courses']> {
  const { rows } = await sql<PlanSummary['courses']>`
    select count(*)::int as total,
      (count(*) filter (where t.verdict = 'ignored'))::int as ignored,
      (count(*) filter (where t.verdict = 'mirror'))::int as mirrors,
      (count(*) filter (where t.verdict in ('link_lost', 'other_catalog')))::int as "linkLost",
      (select count(distinct course_id) from push_item
        where plan_id = ${planId} and outcome = 'FAILED_DESYNCED')::int as desynced,
      (select count(*) from push_plan p join push_run r on r.id = p.run_id
        join push_job j on j.run_id = r.id join course c on c.calendar_id = j.calendar_id
        join course_master m on m.catalog_id = r.catalog_id and m.number = c.number
        where p.id = ${planId} and c.course_master_id is null and r.undoes_run_id is null
          and (r.course_master_id is null or r.course_master_id = m.id)
          and not exists (select 1 from push_plan_course q
            where q.plan_id = p.id and q.course_id = c.id))::int as "notLinked"
    from push_plan_course t where t.plan_id = ${planId}`.execute(db);
  const none = { total: 0, ignored: 0, mirrors: 0, desynced: 0, linkLost: 0, notLinked: 0 };
  return rows[0] ?? none;
}

async function readPlaces(
  db: Db,
  planId: number,
): Promise<Pick<PlanSummary, 'activeYear' | 'summerCalendars' | 'schools'>> {
  const { rows } = await sql<Pick<PlanSummary, 'activeYear' | 'summerCalendars' | 'schools'>>`
    with run as (select r.* from push_plan p join push_run r on r.id = p.run_id where p.id = ${planId}),
    summer as (
      select k.name, row_number() over (order by k.name, k.id) as place
      from calendar k where k.is_summer and exists (
        select 1 from push_plan_course t where t.plan_id = ${planId} and t.calendar_id = k.id)
    ), schools as (
      select s.name, count(t.course_id)::int as courses,
        row_number() over (order by count(t.course_id) desc, s.name, s.id) as place
      from push_plan_course t
      join calendar k on k.id = t.calendar_id join school s on s.id = k.school_id
      where t.plan_id = ${planId}
      group by s.id, s.name
    )
    select y.is_active as "activeYear",
      (select json_build_object('total', count(*), 'names', coalesce(json_agg(name order by place)
        filter (where place <= ${PLACES}), '[]')) from summer) as "summerCalendars",
      (select json_build_object('total', count(*), 'largest', coalesce(
        json_agg(json_build_object('name', name, 'courses', courses) order by place)
        filter (where place <= ${PLACES}), '[]')) from schools) as schools
    from run join school_year y on y.id = run.school_year_id`.execute(db);
  const [places] = rows;
  if (places === undefined) throw new Error(`plan ${planId} does not exist`);
  return places;
}
