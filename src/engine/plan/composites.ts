import { sql } from 'kysely';
import { type Level } from '../setup-types.ts';
import { takeCoursesAsTheyAre } from './courses-as-they-are.ts';
import { skipUnaligned, skipWhereTasksFailed } from './dependencies.ts';
import { pairUp } from './pairs.ts';
import { pushes, type RunToPlan } from './run-to-plan.ts';
import { settle } from './standard.ts';
import { type Tx } from './staging.ts';

const COMPOSITES = sql.lit('composite_grades');
const WEIGHTS = sql.lit('composite_weights');

const GRADABLES_OF_COMPOSITE = sql`
  select p.k1 as gradable_id
  union all
  select regexp_replace(x, ':[^:]*$', '') from jsonb_array_elements_text(p.desired -> 'children') x`;

/**
 * Composite grades of the courses and, with sections, of the sections (M10, M11, M31, M32): the set
 * of children, by parent and term. Definitions follow their owner whatever the evidence (P08).
 */
export async function planComposites(tx: Tx, run: RunToPlan): Promise<void> {
  if (!pushes(run, 'composite_grades')) return;
  await planCompositesAt(tx, run, 'course');
  if (run.toSections) await planCompositesAt(tx, run, 'section');
}

async function planCompositesAt(tx: Tx, run: RunToPlan, level: Level): Promise<void> {
  const at = { type: 'composite_grades', level } as const;
  if (level === 'course' && run.kind === 'push_all_courses')
    return takeCoursesAsTheyAre(tx, at.type);
  await pairUp(tx, run, at);
  if (level === 'course') {
    await skipWhereTasksFailed(tx, at.type);
    await skipUnaligned(tx, at.type, GRADABLES_OF_COMPOSITE);
  }
  await protectByPostedGrades(tx, level);
  await settle(tx, run, { ...at, kind: 'definition' });
  await takeIds(tx, level);
  await rememberWeights(tx, level);
}

/** P07: a composite's evidence is a posted grade, or its comment, on the parent in that term. */
async function protectByPostedGrades(tx: Tx, level: Level): Promise<void> {
  const owner = level === 'course' ? sql`e.course_id` : sql`e.section_id`;
  const pairOwner = level === 'course' ? sql`p.course_id` : sql`p.section_id`;
  await sql`
    update plan_pair p set protected = true, grades = e.grades, comments = e.comments
    from (
      select ${owner} as owner, e.gradable_id, e.term_seq, sum(e.grades) as grades,
        sum(e.comments) as comments
      from (
        select s.course_id, g.section_id, g.gradable_id, g.term_seq,
          (btrim(coalesce(g.score, '')) <> '' or g.percent is not null)::int as grades,
          (btrim(coalesce(g.comment, '')) <> '')::int as comments
        from posted_grade g join plan_section s on s.section_id = g.section_id
      ) e
      group by 1, 2, 3 having sum(e.grades) + sum(e.comments) > 0
    ) e
    where p.data_type = ${COMPOSITES} and p.level = ${sql.lit(level)} and p.existing is not null
      and e.owner = ${pairOwner} and e.gradable_id = p.k1 and e.term_seq = p.k2`.execute(tx);
}

/** Inserted composites get their id now, so that their children can name it. */
async function takeIds(tx: Tx, level: Level): Promise<void> {
  await sql`
    update plan_pair set row_id = nextval(pg_get_serial_sequence('composite', 'id'))
    where data_type = ${COMPOSITES} and level = ${sql.lit(level)} and op = 'insert'`.execute(tx);
}

/**
 * A new child brings the weight of the level above, also when Composite Weights is not selected;
 * children that stay keep theirs (M10). `detail.weights` holds them by child.
 */
async function rememberWeights(tx: Tx, level: Level): Promise<void> {
  const above =
    level === 'course'
      ? sql`select x.child_gradable_id || ':' || x.child_term_seq as child, trim_scale(x.weight) as weight
          from composite_child x where x.composite_id = p.up_row_id`
      : sql`select x.child_gradable_id || ':' || x.child_term_seq as child, trim_scale(x.weight) as weight
          from composite_child x where x.composite_id = p.up_row_id
          union
          select w.key, w.value::numeric from plan_pair u
          cross join jsonb_each_text(u.detail -> 'weights') w
          where u.level = 'course' and u.data_type = ${COMPOSITES} and u.row_id = p.up_row_id`;
  await sql`
    update plan_pair p set detail = jsonb_build_object('weights', (
      select coalesce(jsonb_object_agg(w.child, w.weight), '{}') from (${above}) w
      where p.after -> 'children' ? w.child
        and not coalesce(p.existing -> 'children' ? w.child, false)))
    where p.data_type = ${COMPOSITES} and p.level = ${sql.lit(level)} and p.op in ('insert', 'update')`.execute(
    tx,
  );
}

/**
 * Composite weights (M13, M14, M34, M35): the weight of each child present on both sides of a
 * composite that is linked. Nothing is inserted or deleted here.
 */
export async function planCompositeWeights(tx: Tx, run: RunToPlan): Promise<void> {
  if (!pushes(run, 'composite_weights')) return;
  await planWeightsAt(tx, run, 'course');
  if (!run.toSections) return;
  await bringWeightsOfThisRun(tx);
  await planWeightsAt(tx, run, 'section');
}

/** A child that a section gets in this run brings the weight that its course has after the run. */
async function bringWeightsOfThisRun(tx: Tx): Promise<void> {
  await sql`
    update plan_pair p set detail = jsonb_build_object('weights', w.weights)
    from (
      select q.id, jsonb_object_agg(b.key, coalesce(u.after -> 'weight', b.value)) as weights
      from plan_pair q
      cross join jsonb_each(q.detail -> 'weights') b
      left join plan_pair u on u.level = 'course' and u.data_type = ${WEIGHTS}
        and u.scope_id = q.upstream_scope_id
        and u.item_key = 'compw:' || q.k1 || ':' || q.k2 || '>' || b.key
      where q.level = 'section' and q.data_type = ${COMPOSITES}
        and jsonb_typeof(q.detail -> 'weights') = 'object'
      group by q.id
    ) w
    where w.id = p.id`.execute(tx);
}

async function planWeightsAt(tx: Tx, run: RunToPlan, level: Level): Promise<void> {
  const at = { type: 'composite_weights', level } as const;
  if (level === 'course' && run.kind === 'push_all_courses')
    return takeCoursesAsTheyAre(tx, at.type);
  await pairUp(tx, run, at);
  if (level === 'course') await skipWhereTasksFailed(tx, at.type);
  await leaveCompositesOutOfThePush(tx, level);
  await settle(tx, run, { ...at, kind: 'definition', ownsUnlinked: true });
}

/**
 * Weights belong to composites that are linked once this run is over, also by a link that is broken,
 * as desync is judged on weights only: a child without such a composite waits for Composite Grades
 * (M13), a local composite keeps its weights (M35), and the weights of composites that this run
 * inserts, changes or deletes are settled with them.
 */
async function leaveCompositesOutOfThePush(tx: Tx, level: Level): Promise<void> {
  await sql`
    with weight as (
      -- Where only a link is left, its key alone tells composite and child.
      select id, scope_id, desired, existing,
        coalesce(k1 || ':' || k2, substring(item_key from '[^>]*$')) as child,
        coalesce('comp:' || k3 || ':' || k4, regexp_replace(item_key, '^compw:(.*)>[^>]*$', 'comp:\\1')) as composite_key
      from plan_pair
      where data_type = ${WEIGHTS} and level = ${sql.lit(level)} and rule is null and outcome is null
    ), owner as (
      select w.id, w.desired, w.existing, w.child, c.op as composite_op,
        coalesce(c.detail -> 'weights', '{}') as brought, c.after -> 'children' as children,
        coalesce(c.link_after, c.link_state::text, l.state::text) as composite_link
      from weight w
      left join plan_pair c on c.level = ${sql.lit(level)} and c.data_type = ${COMPOSITES}
        and c.scope_id = w.scope_id and c.item_key = w.composite_key
      left join sync_link l on l.scope_id = w.scope_id and l.data_type = ${COMPOSITES}
        and l.item_key = w.composite_key
    ), fate as (
      select id, case
        when brought ? child then 'brought'
        when composite_op = 'delete' or composite_op in ('insert', 'update')
          and not coalesce(children ? child, true) then 'gone'
        when desired is not null and existing is null then 'missing'
        when existing is null and coalesce(composite_op, 'none') = 'none' then null -- its link goes (S02)
        when desired is null or coalesce(composite_link, 'none') not in ('linked', 'broken') then 'left'
        end as fate,
        brought -> child as weight
      from owner
    )
    update plan_pair p set
      rule = case f.fate when 'missing' then 'M13' end,
      outcome = case when f.fate <> 'missing' then 'UNCHANGED' end,
      op = 'none', silent = f.fate <> 'missing',
      after = case f.fate when 'brought' then jsonb_build_object('weight', f.weight)
        when 'gone' then null else p.existing end
    from fate f
    where f.id = p.id and f.fate is not null`.execute(tx);
}
