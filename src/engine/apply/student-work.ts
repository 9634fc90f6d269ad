import { type RawBuilder, sql } from 'kysely';
import { type Tx } from '../plan/staging.ts';
import { held, pending, type PlanScope } from './scope.ts';

/**
 * Evidence that appeared after the plan keeps what the plan would delete or take over (P08, P12,
 * G20), and the score groups and terms that new grades need (P10).
 */
export async function holdNewStudentWork(tx: Tx, scope: PlanScope): Promise<void> {
  await holdGradablesInUse(tx, scope);
  await holdCategoriesInUse(tx, scope);
  await holdByGrades(tx, scope);
  await holdByTestScores(tx, scope);
  await holdMappedSections(tx, scope);
}

/** A deletion, or a takeover of a local row by overwrite (O4, R08). */
const GOES_OR_IS_TAKEN = sql`(i.op = 'delete' or i.rule = 'O4')`;

/** Local or residual: evidence protects it, while a pushed definition follows its owner (P08). */
const IS_LOCAL = sql`coalesce(i.link_before ->> 'state', '') not in ('linked', 'broken')
  and i.rule in ('O4', 'O6')`;

function studentWork(counts: RawBuilder<unknown>): RawBuilder<unknown> {
  return held(sql`jsonb_build_object('studentWork', jsonb_build_object(${counts}))`);
}

/** Tasks and standards that would go, and local calc options that would go or be taken over. */
async function holdGradablesInUse(tx: Tx, scope: PlanScope): Promise<void> {
  const concerned = sql`(i.data_type = 'grading_tasks_standards' and i.op = 'delete'
    or i.data_type = 'grade_calc_options' and ${GOES_OR_IS_TAKEN} and ${IS_LOCAL})`;
  await sql`
    with evidence as materialized (
      select s.course_id, e.* from gradable_evidence e join section s on s.id = e.section_id
      where e.section_id = any((
        select array_agg(distinct s.id) from push_item i join section s on s.course_id = i.course_id
        where ${pending(scope)} and ${concerned})::bigint[])
    )
    update push_item i set ${studentWork(sql`'assignments', w.assignments, 'scores', w.scores,
      'grades', w.grades, 'comments', w.comments`)}
    from (
      select i.id, sum(e.assignments) as assignments, sum(e.scores) as scores, sum(e.grades) as grades,
        sum(e.comments) as comments
      from push_item i join evidence e on e.course_id = i.course_id and e.gradable_id = i.k1
        and (i.section_id is null or e.section_id = i.section_id)
        and (i.data_type = 'grading_tasks_standards' or e.term_seq = i.k2 or e.term_seq is null)
      where ${pending(scope)} and ${concerned}
      group by i.id
    ) w
    where w.id = i.id`.execute(tx);
}

/** Categories with assignments; one of the course also with assignments in a section's copy of it. */
async function holdCategoriesInUse(tx: Tx, scope: PlanScope): Promise<void> {
  const concerned = sql`${pending(scope)} and i.data_type = 'categories' and ${GOES_OR_IS_TAKEN}`;
  await sql`
    update push_item i set ${studentWork(sql`'assignments', w.assignments`)}
    from (
      select u.id, count(distinct u.assignment_id) as assignments from (
        select i.id, a.id as assignment_id from push_item i
        join assignment a on a.category_id = i.row_id
        where ${concerned}
        union all
        select i.id, a.id from push_item i
        join section s on s.course_id = i.course_id
        join setup_scope o on o.section_id = s.id
        join sync_link l on l.scope_id = o.id and l.data_type = 'categories'
          and l.item_key = 'cat:' || (i.detail ->> 'sourceId')
        join assignment a on a.category_id = l.row_id and a.deleted_at is null
        where ${concerned} and i.level = 'course' and i.op = 'delete'
      ) u group by u.id
    ) w
    where w.id = i.id`.execute(tx);
}

/**
 * Local composites with a posted grade on the parent in that term; tasks that would lose the score
 * group or a term that posted grades now use (P10).
 */
async function holdByGrades(tx: Tx, scope: PlanScope): Promise<void> {
  const composite = sql`i.data_type = 'composite_grades' and ${GOES_OR_IS_TAKEN} and ${IS_LOCAL}
    and g.term_seq = i.k2`;
  const task = sql`i.data_type = 'grading_tasks_standards' and i.op = 'update' and (
    btrim(coalesce(g.score, '')) <> '' and i.before -> 'scoreGroup' <> i.after -> 'scoreGroup'
    or i.before -> 'terms' @> to_jsonb(g.term_seq) and not i.after -> 'terms' @> to_jsonb(g.term_seq))`;
  await sql`
    update push_item i set ${studentWork(sql`'grades', w.grades, 'comments', w.comments`)}
    from (
      select i.id, count(*) filter (where btrim(coalesce(g.score, '')) <> '' or g.percent is not null) as grades,
        count(*) filter (where btrim(coalesce(g.comment, '')) <> '') as comments
      from push_item i
      join section s on s.course_id = i.course_id and (i.section_id is null or s.id = i.section_id)
      join posted_grade g on g.section_id = s.id and g.gradable_id = i.k1
        and (g.percent is not null or btrim(concat(g.score, g.comment)) <> '')
      where ${pending(scope)} and (${composite} or ${task})
      group by i.id
    ) w
    where w.id = i.id`.execute(tx);
}

async function holdByTestScores(tx: Tx, scope: PlanScope): Promise<void> {
  await sql`
    update push_item i set ${studentWork(sql`'scores', w.scores`)}
    from (
      select i.id, count(*) as scores from push_item i
      join section s on s.course_id = i.course_id
      join test_score t on t.section_id = s.id and t.test_id = i.k1
      where ${pending(scope)} and i.data_type = 'assessments' and ${GOES_OR_IS_TAKEN}
      group by i.id
    ) w
    where w.id = i.id`.execute(tx);
}

/** A section that was mapped, or has cross-site students since the plan, keeps its flag (X06). */
async function holdMappedSections(tx: Tx, scope: PlanScope): Promise<void> {
  await sql`
    update push_item i set ${held(sql`i.before || '{"mapped": true}'`)}
    where ${pending(scope)} and i.data_type = 'cross_site' and i.level = 'section'
      and i.after -> 'enabled' = 'false' and (
        exists (select 1 from cross_site_map m
          where m.serving_section_id = i.section_id and m.status = 'mapped')
        or exists (select 1 from roster r
          where r.section_id = i.section_id and r.via_cross_site_map_id is not null))`.execute(tx);
}
