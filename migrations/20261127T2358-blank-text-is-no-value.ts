import { type Kysely, sql } from 'kysely';

/**
 * A score or grade of spaces is none (P03, P04), as a comment of spaces always was: such text is no
 * student work, neither where pushes look nor where the database guards.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await evidenceView(db);
  await guards(db);
}

async function evidenceView(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace view gradable_evidence as
    select section_id, gradable_id, term_seq, sum(assignments)::int as assignments,
      sum(scores)::int as scores, sum(grades)::int as grades, sum(comments)::int as comments
    from (
      select a.section_id, ag.gradable_id, t.seq as term_seq, 1 as assignments,
        coalesce(s.scores, 0) as scores, 0 as grades, coalesce(s.comments, 0) as comments
      from assignment a
      join assignment_gradable ag on ag.assignment_id = a.id
      join section se on se.id = a.section_id
      join course c on c.id = se.course_id
      left join lateral (
        select seq from term where term.calendar_id = c.calendar_id
          and a.due_on between term.start_on and term.end_on order by seq limit 1
      ) t on true
      left join lateral (
        select count(*) filter (where btrim(coalesce(sc.value, '')) <> '' or sc.flags <> '{}') as scores,
          count(*) filter (where btrim(coalesce(sc.comment, '')) <> '') as comments
        from score sc where sc.assignment_id = a.id
      ) s on true
      where a.deleted_at is null
      union all
      select section_id, gradable_id, term_seq, 0, 0,
        (btrim(coalesce(score, '')) <> '' or percent is not null)::int,
        (btrim(coalesce(comment, '')) <> '')::int
      from posted_grade
      where percent is not null or btrim(concat(score, comment)) <> ''
    ) e
    group by section_id, gradable_id, term_seq`.execute(db);
}

async function guards(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace function guard_task_alignment() returns trigger language plpgsql as $$
    begin
      if exists (
        select 1 from setup_scope ss join section s on s.course_id = ss.course_id
        where ss.id = old.scope_id and (
          exists (select 1 from assignment a join assignment_gradable ag on ag.assignment_id = a.id
            where a.section_id = s.id and ag.gradable_id = old.gradable_id and a.deleted_at is null)
          or exists (select 1 from posted_grade pg
            where pg.section_id = s.id and pg.gradable_id = old.gradable_id
              and (pg.percent is not null or btrim(concat(pg.score, pg.comment)) <> '')))
      ) then
        raise exception 'task or standard % has student data', old.gradable_id
          using errcode = 'restrict_violation';
      end if;
      return old;
    end $$`.execute(db);
  await sql`
    create or replace function guard_composite() returns trigger language plpgsql as $$
    begin
      if not exists (
        select 1 from sync_link l where l.scope_id = old.scope_id
          and l.data_type = 'composite_grades' and l.state <> 'residual'
          and l.item_key = 'comp:' || old.parent_gradable_id || ':' || old.parent_term_seq
      ) and exists (
        select 1 from setup_scope ss
        join section s on s.id = ss.section_id or s.course_id = ss.course_id
        join posted_grade pg on pg.section_id = s.id and pg.gradable_id = old.parent_gradable_id
          and pg.term_seq = old.parent_term_seq
          and (pg.percent is not null or btrim(concat(pg.score, pg.comment)) <> '')
        where ss.id = old.scope_id
      ) then
        raise exception 'composite %:% has posted grades', old.parent_gradable_id, old.parent_term_seq
          using errcode = 'restrict_violation';
      end if;
      return old;
    end $$`.execute(db);
}
