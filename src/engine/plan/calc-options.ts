import { sql } from 'kysely';
import { type Level, payloadAt } from '../setup-types.ts';
import { takeCoursesAsTheyAre } from './courses-as-they-are.ts';
import { skipUnaligned, skipWhereTasksFailed } from './dependencies.ts';
import { pairUp } from './pairs.ts';
import { pushes, type RunToPlan } from './run-to-plan.ts';
import { applyRules } from './apply-rules.ts';
import { RULES } from './rules.ts';
import { settle } from './standard.ts';
import { type Tx } from './staging.ts';

const CALC = sql.lit('grade_calc_options');
const TASKS = sql.lit('grading_tasks_standards');

const NO_CALCULATION = JSON.stringify({
  calcType: 'none',
  gradingScale: null,
  weightCategories: false,
  useScorePercent: false,
  limitLastN: null,
  cumulativeFromTerm: null,
  proficiencyMethod: null,
});

/**
 * Grade calc options of the courses and, with sections, of the sections (M07, M08, M28, M29).
 * The calculation of a task that became residual is set to No Calculation (N02) and reaches the
 * sections like any other course row (N03); that of a deleted task goes with it (N10).
 */
export async function planCalcOptions(tx: Tx, run: RunToPlan): Promise<void> {
  if (pushes(run, 'grade_calc_options')) {
    await planCalcOptionsAt(tx, run, 'course');
    await cascadeDeletedTasks(tx, 'course');
    if (run.toSections) await planCalcOptionsAt(tx, run, 'section');
    await cascadeDeletedTasks(tx, 'section');
  } else {
    await cascadeDeletedTasks(tx, 'course');
    await cascadeDeletedTasks(tx, 'section');
  }
}

async function planCalcOptionsAt(tx: Tx, run: RunToPlan, level: Level): Promise<void> {
  const at = { type: 'grade_calc_options', level } as const;
  if (level === 'course' && run.kind === 'push_all_courses')
    return takeCoursesAsTheyAre(tx, at.type);
  await pairUp(tx, run, at);
  await protectByTerm(tx, level);
  if (level === 'course') {
    await skipWhereTasksFailed(tx, at.type);
    await skipUnaligned(tx, at.type, sql`select p.k1 as gradable_id`);
  }
  await settle(tx, run, { ...at, kind: 'definition' });
  if (level === 'section') await nameLostCalculations(tx);
  else if (run.kind !== 'relink') await settleResidualTasks(tx);
}

/** N03: a section that stops calculating because its task left the master is told as just that. */
async function nameLostCalculations(tx: Tx): Promise<void> {
  await sql`
    update plan_pair p set rule = 'N03', outcome = null
    from plan_target t
    where p.data_type = ${CALC} and p.level = 'section' and p.rule = 'L2' and p.op = 'update'
      and p.desired ->> 'calcType' = 'none' and p.existing ->> 'calcType' <> 'none'
      and t.course_id = p.course_id
      and not exists (select 1 from task_alignment m
        where m.scope_id = t.master_scope_id and m.gradable_id = p.k1)`.execute(tx);
  await applyRules(tx);
}

/** P06, P07: student work on the gradable in that term, or undated. */
async function protectByTerm(tx: Tx, level: Level): Promise<void> {
  const owner = level === 'course' ? sql`course_id` : sql`section_id`;
  const pairOwner = level === 'course' ? sql`p.course_id` : sql`p.section_id`;
  await sql`
    update plan_pair p set protected = true, assignments = e.assignments, scores = e.scores,
      grades = e.grades, comments = e.comments
    from (
      select q.id, sum(e.assignments) as assignments, sum(e.scores) as scores, sum(e.grades) as grades,
        sum(e.comments) as comments
      from plan_pair q
      join (
        select ${owner} as owner, gradable_id, term_seq, sum(assignments) as assignments,
          sum(scores) as scores, sum(grades) as grades, sum(comments) as comments
        from plan_evidence group by 1, 2, 3
      ) e on e.gradable_id = q.k1 and (e.term_seq = q.k2 or e.term_seq is null)
        and e.owner = ${sql.ref(level === 'course' ? 'q.course_id' : 'q.section_id')}
      where q.data_type = ${CALC} and q.level = ${sql.lit(level)} and q.existing is not null
      group by q.id
    ) e
    where e.id = p.id and ${pairOwner} is not null`.execute(tx);
}

/**
 * The No Calculation chain at the course. A linked row whose source is gone is reset when its task
 * is residual (N02) and deleted when the task stays (N09). A row of a residual task, reset or set by
 * the school, lives exactly as long as the task is residual (N05), and a residual one is named in every
 * push (G17): when the task is back at the master without the calculation, what was reset goes too
 * (N08, N09).
 */
async function settleResidualTasks(tx: Tx): Promise<void> {
  const wasPushed = sql`(p.rule in ('L6', 'O6') and p.link_state = 'linked'
    or p.rule in ('L7', 'R02', 'O6') and exists (select 1 from sync_link l
      where l.scope_id = p.scope_id and l.data_type = p.data_type and l.item_key = p.item_key
        and l.state = 'residual' and l.reason = ${RULES.N02.reason}))`;
  await sql`
    update plan_pair p set outcome = null, link_after = null, silent = false,
      rule = case
        when a.residual and p.link_state in ('linked', 'broken') then 'N02'
        when a.residual and p.op = 'delete' and p.link_state is null then 'N05'
        when a.residual then 'N05-again'
        when a.residual is false and p.protected then 'N09'
        when a.residual is false and p.op <> 'delete' then 'L6'
        else p.rule end,
      after = case when a.residual and p.link_state in ('linked', 'broken')
        then ${NO_CALCULATION}::jsonb else p.after end
    from plan_aligned a
    where p.data_type = ${CALC} and p.level = 'course' and p.desired is null
      and p.existing is not null
      and a.course_id = p.course_id and a.gradable_id = p.k1
      and case when a.residual
        then p.rule in ('L6', 'O6') or p.rule = 'L7' and p.link_state = 'residual'
        else ${wasPushed} end`.execute(tx);
  await applyRules(tx);
}

/**
 * N10: the calc options of a task that this run deletes go with it, at the course and its sections,
 * whatever types are selected. P09 made sure that no surviving composite uses the task.
 */
async function cascadeDeletedTasks(tx: Tx, level: Level): Promise<void> {
  const owners =
    level === 'course'
      ? sql`select calendar_id, course_id, null::bigint as section_id, course_scope_id as scope_id,
          master_scope_id as upstream_scope_id from plan_target where active`
      : sql`select calendar_id, course_id, section_id, scope_id, course_scope_id as upstream_scope_id
          from plan_section`;
  await sql`
    delete from plan_pair p using plan_pair task
    where task.data_type = ${TASKS} and task.level = 'course' and task.op = 'delete'
      and p.data_type = ${CALC} and p.level = ${sql.lit(level)} and p.course_id = task.course_id
      and p.k1 = task.k1 and p.row_id is not null`.execute(tx);
  await sql`
    insert into plan_pair (level, data_type, calendar_id, course_id, section_id, scope_id,
      upstream_scope_id, item_key, k1, k2, row_id, existing, base, link_state, rule)
    with owners as (${owners}),
    -- First the few tasks that go: the options are then read through their index.
    going as materialized (
      select o.*, task.k1 from owners o join plan_pair task on task.data_type = ${TASKS}
        and task.level = 'course' and task.op = 'delete' and task.course_id = o.course_id
    )
    select ${sql.lit(level)}, ${CALC}, o.calendar_id, o.course_id, o.section_id, o.scope_id,
      o.upstream_scope_id, 'calc:' || r.gradable_id || ':' || r.term_seq, r.gradable_id, r.term_seq, r.id,
      ${payloadAt('grade_calc_options', level)}, v.payload, l.state, 'N10'
    from going o
    join calc_option r on r.scope_id = o.scope_id and r.gradable_id = o.k1
    left join sync_link l on l.scope_id = o.scope_id and l.data_type = ${CALC}
      and l.item_key = 'calc:' || r.gradable_id || ':' || r.term_seq
    left join payload_version v on v.id = l.version_id`.execute(tx);
  await applyRules(tx);
}
