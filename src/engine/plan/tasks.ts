import { sql } from 'kysely';
import { pairUp } from './pairs.ts';
import { pushes, type RunToPlan } from './run-to-plan.ts';
import { applyRules } from './apply-rules.ts';
import { settle } from './standard.ts';
import { type Tx } from './staging.ts';

const TASKS = sql.lit('grading_tasks_standards');

/**
 * Tasks and standards of the courses (M04, M25): the standard behaviours, with student work
 * protecting a row (P07) and parts of an update withheld where stored grades need them (P10).
 * Removals are provisional until `keepReferencedTasks` has seen the composites that stay (P09).
 */
export async function planTasks(tx: Tx, run: RunToPlan): Promise<void> {
  if (pushes(run, 'grading_tasks_standards')) {
    await pairUp(tx, run, { type: 'grading_tasks_standards', level: 'course' });
    await weighEvidence(tx);
    await settle(tx, run, {
      type: 'grading_tasks_standards',
      level: 'course',
      kind: 'owned',
      adoptProtected: true,
    });
    await withholdWhatGradesNeed(tx);
  }
  await alignCourses(tx, run);
}

async function weighEvidence(tx: Tx): Promise<void> {
  await sql`
    update plan_pair p set protected = true, assignments = e.assignments, scores = e.scores,
      grades = e.grades, comments = e.comments
    from (
      select course_id, gradable_id, sum(assignments) as assignments, sum(scores) as scores,
        sum(grades) as grades, sum(comments) as comments
      from plan_evidence group by 1, 2
    ) e
    where p.data_type = ${TASKS} and p.level = 'course' and p.existing is not null
      and e.course_id = p.course_id and e.gradable_id = p.k1`.execute(tx);
}

/** P10: the score group that posted grades use stays; so does a dropped term with posted grades. */
async function withholdWhatGradesNeed(tx: Tx): Promise<void> {
  await sql`
    with posted as (
      select s.course_id, g.gradable_id, g.term_seq, bool_or(btrim(coalesce(g.score, '')) <> '') as scored
      from posted_grade g join plan_section s on s.section_id = g.section_id
      where g.percent is not null or btrim(concat(g.score, g.comment)) <> ''
      group by 1, 2, 3
    ), held as (
      select p.id,
        coalesce(bool_or(g.scored), false) and p.existing -> 'scoreGroup' <> p.after -> 'scoreGroup' as group_held,
        jsonb_agg(distinct to_jsonb(g.term_seq)) filter (
          where p.existing -> 'terms' @> to_jsonb(g.term_seq)
            and not p.after -> 'terms' @> to_jsonb(g.term_seq)) as terms_held
      from plan_pair p join posted g on g.course_id = p.course_id and g.gradable_id = p.k1
      where p.data_type = ${TASKS} and p.level = 'course' and p.rule in ('L2', 'L4', 'O2', 'O4')
      group by p.id
    )
    update plan_pair p set outcome = null,
      rule = case when h.group_held and h.terms_held is not null then 'P10-both'
        when h.group_held then 'P10-group' else 'P10-term' end,
      after = p.desired
        || case when h.group_held then jsonb_build_object('scoreGroup', p.existing -> 'scoreGroup')
          else '{}' end
        || jsonb_build_object('terms', (
          select coalesce(jsonb_agg(x order by x), '[]')
          from jsonb_array_elements((p.desired -> 'terms') || coalesce(h.terms_held, '[]')) x))
    from held h
    where h.id = p.id and (h.group_held or h.terms_held is not null)`.execute(tx);
  await applyRules(tx);
}

/**
 * Which gradables each course will be aligned to, as far as the upserts and evidence say. When the
 * run does not push tasks, one is residual by what is there now: marked so, or dropped by the master
 * with student work on it (N01, R09).
 */
export async function alignCourses(tx: Tx, run: RunToPlan): Promise<void> {
  await sql`truncate plan_aligned`.execute(tx);
  if (pushes(run, 'grading_tasks_standards')) {
    await sql`
      insert into plan_aligned
      select course_id, k1, desired is null
        and 'residual' in (coalesce(link_after, ''), coalesce(link_state::text, ''))
      from plan_pair where data_type = ${TASKS} and level = 'course' and after is not null`.execute(
      tx,
    );
  } else {
    await sql`
      insert into plan_aligned
      select t.course_id, r.gradable_id, not exists (select 1 from task_alignment m
          where m.scope_id = t.master_scope_id and m.gradable_id = r.gradable_id)
        and (coalesce(l.state = 'residual', false) or exists (select 1 from plan_evidence e
          where e.course_id = t.course_id and e.gradable_id = r.gradable_id))
      from plan_target t join task_alignment r on r.scope_id = t.course_scope_id
      left join sync_link l on l.scope_id = t.course_scope_id and l.data_type = ${TASKS}
        and l.item_key = 'task:' || r.gradable_id
      where t.active`.execute(tx);
  }
}

/**
 * A task that would go but that a surviving composite of the course or any section uses is kept
 * like a protected one (P09), and listed in every push while that lasts (G17), but not when courses are
 * relinked, which takes nothing away (S12). Call it once the composites of both levels are settled.
 */
export async function keepReferencedTasks(tx: Tx, run: RunToPlan): Promise<void> {
  if (!pushes(run, 'grading_tasks_standards')) return;
  const relink = sql.lit(run.kind === 'relink');
  await sql`
    with going as (
      select p.id, p.course_id, p.scope_id, p.k1 from plan_pair p
      where p.data_type = ${TASKS} and p.level = 'course'
        and (p.op = 'delete' or p.rule = 'L7' and p.link_state = 'residual' and not ${relink})
    ), settled as (
      select p.scope_id, p.row_id, p.course_id, p.k1 as parent, c.child
      from plan_pair p left join lateral (
        select regexp_replace(x, ':[^:]*$', '') as child from jsonb_array_elements_text(p.after -> 'children') x
      ) c on true
      where p.data_type = 'composite_grades' and p.after is not null
    ), untouched as (
      select s.course_id, r.parent_gradable_id as parent, x.child_gradable_id as child
      from (
        select course_id, course_scope_id as scope_id, 'course' as level from plan_target where active
        union all select course_id, scope_id, 'section' from plan_section
      ) s
      join composite r on r.scope_id = s.scope_id
      left join composite_child x on x.composite_id = r.id
      where not exists (select 1 from plan_pair p where p.data_type = 'composite_grades'
        and p.level = s.level and p.row_id = r.id)
    ), used as (
      select course_id, parent as gradable_id from settled union select course_id, child from settled
      union select course_id, parent from untouched union select course_id, child from untouched
    )
    update plan_pair p set outcome = null,
      rule = case when p.link_state = 'residual' then 'P09-again' else 'P09' end
    from going g join used u on u.course_id = g.course_id and u.gradable_id = g.k1
    where g.id = p.id`.execute(tx);
  await applyRules(tx);
  await nameSectionsWithWork(tx);
  await alignCourses(tx, run);
}

/** M05: a residual task says which sections hold the student work that keeps it. */
async function nameSectionsWithWork(tx: Tx): Promise<void> {
  await sql`
    update plan_pair p set detail = jsonb_build_object('sections', e.sections)
    from (
      select q.id, jsonb_agg(jsonb_build_object('section', e.number, 'assignments', e.assignments,
        'scores', e.scores, 'grades', e.grades, 'comments', e.comments)
        order by e.number collate "C") as sections
      from plan_pair q
      join (
        select v.course_id, v.gradable_id, s.number, sum(v.assignments) as assignments,
          sum(v.scores) as scores, sum(v.grades) as grades, sum(v.comments) as comments
        from plan_evidence v join section s on s.id = v.section_id
        group by v.course_id, v.gradable_id, s.id
      ) e on e.course_id = q.course_id and e.gradable_id = q.k1
      where q.data_type = ${TASKS} and q.level = 'course'
        and q.rule in ('L6-protected', 'R02', 'P09')
      group by q.id
    ) e
    where e.id = p.id`.execute(tx);
}
