import { type RawBuilder, sql } from 'kysely';
import { type Level } from '../setup-types.ts';
import { takeCoursesAsTheyAre } from './courses-as-they-are.ts';
import { pairUp } from './pairs.ts';
import { pushes, type RunToPlan } from './run-to-plan.ts';
import { applyRules } from './apply-rules.ts';
import { settle } from './standard.ts';
import { type Tx } from './staging.ts';

const CATEGORIES = sql.lit('categories');

/**
 * Categories of the courses and, with sections, of the sections (M16, M17, M37, M38), matched by
 * lineage and never by name (R06). A pushed category keeps its name; a local one of that name gets
 * " (1)" (C01). Overwrite adopts a local one of that name that has no assignments (M37).
 */
export async function planCategories(tx: Tx, run: RunToPlan): Promise<void> {
  if (!pushes(run, 'categories')) return;
  await planCategoriesAt(tx, run, 'course');
  if (run.toSections) await planCategoriesAt(tx, run, 'section');
}

async function planCategoriesAt(tx: Tx, run: RunToPlan, level: Level): Promise<void> {
  const at = { type: 'categories', level } as const;
  if (level === 'course' && run.kind === 'push_all_courses')
    return takeCoursesAsTheyAre(tx, at.type);
  await pairUp(tx, run, at);
  await limitToAlignedGradables(tx, level);
  await protectByAssignments(tx, level);
  if (run.mode === 'overwrite') await adoptSameNames(tx, level, sql`not local.protected`);
  else if (run.kind === 'relink')
    await adoptSameNames(tx, level, sql`local.existing = wanted.desired`);
  await settle(tx, run, { ...at, kind: 'owned' });
  await takeIds(tx, level);
  await renameLocals(tx, level);
  if (level === 'section') await flagWeightTotals(tx);
}

/** C06: a category applies to no gradable that the course is not aligned to, its own included. */
async function limitToAlignedGradables(tx: Tx, level: Level): Promise<void> {
  await sql`
    update plan_pair p set desired = p.desired || jsonb_build_object('gradables', kept.gradables),
      detail = jsonb_build_object('gradablesNotAligned', kept.dropped)
    from (
      select q.id,
        coalesce(jsonb_agg(g.id order by g.n) filter (where a.gradable_id is not null), '[]') as gradables,
        jsonb_agg(g.id order by g.n) filter (where a.gradable_id is null) as dropped
      from plan_pair q
      cross join jsonb_array_elements_text(q.desired -> 'gradables') with ordinality as g(id, n)
      left join plan_aligned a on a.course_id = q.course_id and a.gradable_id = g.id
      where q.data_type = ${CATEGORIES} and q.level = ${sql.lit(level)} and q.desired is not null
      group by q.id
    ) kept
    where kept.id = p.id and kept.dropped is not null`.execute(tx);
}

/**
 * P07: assignments in the category; for a course category, in any section copy of it. An assignment
 * that the teacher deleted is no evidence (P02), but its row still names its category, and no push
 * changes an assignment (P11): so it keeps the row it names, and counts for nothing.
 */
async function protectByAssignments(tx: Tx, level: Level): Promise<void> {
  const used =
    level === 'section'
      ? sql`select q.id, a.id as assignment_id, a.deleted_at is null as live
          from plan_pair q join assignment a on a.category_id = q.row_id
          where q.data_type = ${CATEGORIES} and q.level = 'section'`
      : sql`select q.id, a.id as assignment_id, true as live
          from plan_pair q
          join plan_section s on s.course_scope_id = q.scope_id
          join sync_link l on l.scope_id = s.scope_id and l.data_type = ${CATEGORIES}
            and l.item_key = 'cat:' || q.source_id
          join assignment a on a.category_id = l.row_id
          where q.data_type = ${CATEGORIES} and q.level = 'course' and a.deleted_at is null
          union
          select q.id, a.id, a.deleted_at is null
          from plan_pair q join assignment a on a.category_id = q.row_id
          where q.data_type = ${CATEGORIES} and q.level = 'course'`;
  await sql`
    update plan_pair p set protected = true, assignments = e.assignments, scores = e.scores,
      comments = e.comments
    from (
      select u.id, count(*) filter (where u.live) as assignments, coalesce(sum(c.scores), 0) as scores,
        coalesce(sum(c.comments), 0) as comments
      from (${used}) u
      left join lateral (
        select count(*) filter (where btrim(coalesce(sc.value, '')) <> '' or sc.flags <> '{}') as scores,
          count(*) filter (where btrim(coalesce(sc.comment, '')) <> '') as comments
        from score sc where u.live and sc.assignment_id = u.assignment_id
      ) c on true
      group by u.id
    ) e
    where e.id = p.id`.execute(tx);
}

/**
 * M37: overwrite makes a local category without assignments the pushed one of the same name. The
 * local row moves into the pair of the category above; its own pair disappears.
 */
async function adoptSameNames(tx: Tx, level: Level, fit: RawBuilder<unknown>): Promise<void> {
  await sql`
    with match as (
      select distinct on (wanted.id) wanted.id as wanted_id, local.id as local_id, local.row_id,
        local.existing, local.source_id
      from plan_pair wanted
      join plan_pair local on local.scope_id = wanted.scope_id and local.data_type = ${CATEGORIES}
        and local.level = wanted.level and local.desired is null and ${fit}
        and local.link_state is null and local.existing ->> 'name' = wanted.desired ->> 'name'
      where wanted.data_type = ${CATEGORIES} and wanted.level = ${sql.lit(level)}
        and wanted.desired is not null and wanted.existing is null
      order by wanted.id, local.id
    ), moved as (
      update plan_pair p set existing = m.existing, row_id = m.row_id, source_id = m.source_id,
        link_state = null, base = null
      from match m where p.id = m.wanted_id
    )
    delete from plan_pair p using match m where p.id = m.local_id`.execute(tx);
}

/** An inserted category's id is its owner's id and that of the category above, so it is stable. */
async function takeIds(tx: Tx, level: Level): Promise<void> {
  const owner =
    level === 'course'
      ? sql`(select c.source_id from course c where c.id = p.course_id)`
      : sql`(select s.source_id from section s where s.id = p.section_id)`;
  await sql`
    with fresh as (
      select p.id, ${owner} || '/' || substr(p.item_key, 5) as source_id,
        nextval(pg_get_serial_sequence('category', 'id')) as row_id
      from plan_pair p
      where p.data_type = ${CATEGORIES} and p.level = ${sql.lit(level)} and p.op = 'insert'
    )
    update plan_pair p set row_id = f.row_id,
      source_id = f.source_id || case when exists (select 1 from category c where c.source_id = f.source_id)
        then '~' || f.row_id else '' end
    from fresh f where f.id = p.id`.execute(tx);
}

/**
 * C01: whoever stays under a name of its own, local or renamed under a soft lock (S04), and has the name
 * of a pushed category gets the first free " (n)", cut to 50 characters. Locals that would collide with each other take the next free one each.
 */
async function renameLocals(tx: Tx, level: Level): Promise<void> {
  await sql`
    with pushed as (
      select scope_id, after ->> 'name' as name from plan_pair
      where data_type = ${CATEGORIES} and level = ${sql.lit(level)} and desired is not null
        and op in ('insert', 'update', 'link') and after ->> 'name' = desired ->> 'name'
    ), clash as (
      select p.id, p.scope_id, p.existing ->> 'name' as name,
        row_number() over (partition by p.scope_id, left(p.existing ->> 'name', 44)
          order by p.existing ->> 'name' collate "C") as turn
      from plan_pair p
      where p.data_type = ${CATEGORIES} and p.level = ${sql.lit(level)}
        and p.desired ->> 'name' is distinct from p.after ->> 'name'
        and p.existing is not null and p.after is not null
        and exists (select 1 from pushed w where w.scope_id = p.scope_id
          and w.name = p.existing ->> 'name')
    ), renamed as (
      select c.id, free.name from clash c cross join lateral (
        select candidate as name from (
          select n, left(c.name, 49 - length(n::text) - 2) || ' (' || n || ')' as candidate
          from generate_series(1, 500) n
        ) numbered
        where not exists (select 1 from plan_pair t
          where t.data_type = ${CATEGORIES} and t.level = ${sql.lit(level)} and t.scope_id = c.scope_id
            and numbered.candidate in (t.existing ->> 'name', t.after ->> 'name'))
        order by n offset c.turn - 1 limit 1
      ) free
    )
    update plan_pair p set outcome = null, silent = false,
      rule = case when p.link_after = 'residual' or p.op = 'unlink' then 'C01-residual'
        when p.desired is null and p.link_state = 'linked' then 'C01-linked' else 'C01' end,
      after = p.existing || jsonb_build_object('name', r.name)
    from renamed r where r.id = p.id`.execute(tx);
  await applyRules(tx);
}

/**
 * C05: a renamed local category that counts beside the pushed ones moves the section's weight total,
 * and with it grades. `detail.weightTotal` tells from what to what.
 */
async function flagWeightTotals(tx: Tx): Promise<void> {
  const weight = (side: 'existing' | 'after'): RawBuilder<unknown> => {
    const payload = sql.ref(`q.${side}`);
    return sql`coalesce(sum((${payload} ->> 'weight')::numeric)
      filter (where not (${payload} -> 'excludeFromCalc')::boolean), 0)`;
  };
  await sql`
    update plan_pair p set detail = coalesce(p.detail, '{}') || jsonb_build_object('weightTotal',
      jsonb_build_object('before', t.before, 'after', t.after))
    from (
      select q.scope_id, ${weight('existing')} as before, ${weight('after')} as after
      from plan_pair q where q.data_type = ${CATEGORIES} and q.level = 'section'
      group by q.scope_id
    ) t
    where p.data_type = ${CATEGORIES} and p.level = 'section' and p.rule like 'C01%'
      and t.scope_id = p.scope_id and t.before <> t.after
      and (p.after ->> 'weight')::numeric > 0 and not (p.after -> 'excludeFromCalc')::boolean`.execute(
    tx,
  );
}
