import { sql } from 'kysely';
import { type ImportContext } from './bundle-file.ts';

/** School years before their sessions refer to them; `settleSchoolYears` corrects the dates. */
export async function createSchoolYears({ tx }: ImportContext): Promise<void> {
  await sql`
    insert into school_year (ends_in, label, start_on, end_on)
    select s."schoolYear", lpad(((s."schoolYear" - 1) % 100)::text, 2, '0') || '-'
        || lpad((s."schoolYear" % 100)::text, 2, '0'), min(s."startDate"), max(s."endDate")
    from "stage_academicSessions" s
    where not s.removed and not exists (select 1 from school_year y where y.ends_in = s."schoolYear")
    group by s."schoolYear"`.execute(tx);
}

/**
 * A year's dates are those of its schoolYear sessions, or of all its sessions where there are none;
 * the active year is the one with today in it, else the latest that has begun.
 */
export async function settleSchoolYears({ tx, today }: ImportContext): Promise<void> {
  await sql`
    update school_year y set start_on = d.start_on, end_on = d.end_on
    from (
      select school_year_id,
        coalesce(min(start_on) filter (where type = 'schoolYear'), min(start_on)) as start_on,
        coalesce(max(end_on) filter (where type = 'schoolYear'), max(end_on)) as end_on
      from academic_session group by 1
    ) d
    where d.school_year_id = y.id and (y.start_on, y.end_on) <> (d.start_on, d.end_on)`.execute(tx);
  const active = sql`(select id from school_year where start_on <= ${today}::date
    order by (end_on >= ${today}::date) desc, start_on desc limit 1)`;
  // Two statements: the index that allows one active year is checked row by row.
  await sql`update school_year set is_active = false
    where is_active and id is distinct from ${active}`.execute(tx);
  await sql`update school_year set is_active = true where not is_active and id = ${active}`.execute(
    tx,
  );
}

/** Without cmCalendars every school has one calendar a year. */
export async function giveSchoolsCalendars({ tx, has }: ImportContext): Promise<void> {
  if (has('cmCalendars')) return;
  await sql`
    insert into calendar (source_id, school_id, school_year_id, name)
    select o.source_id || '/' || y.ends_in, o.id, y.id, y.label || ' ' || o.name
    from (
      select o."sourcedId" as org, a."schoolYear" as year
      from stage_orgs o cross join "stage_academicSessions" a where not o.removed and not a.removed
      union
      select c."orgSourcedId", y.ends_in from stage_courses c
      join academic_session a on a.source_id = c."schoolYearSourcedId"
      join school_year y on y.id = a.school_year_id
      where not c.removed
    ) wanted
    join school o on o.source_id = wanted.org join school_year y on y.ends_in = wanted.year
    where not exists (select 1 from calendar k where k.school_id = o.id and k.school_year_id = y.id)
    order by 1`.execute(tx);
}

/**
 * A calendar's terms, numbered by start: the grading periods below the school years that its
 * courses name; where there are none, terms; where there are none either, semesters. A calendar
 * without courses has the periods of its year.
 */
export async function deriveTerms({ tx }: ImportContext): Promise<void> {
  await sql`
    create temp table derived_term on commit drop as
    with recursive below as (
      select source_id as root, source_id, type, title, start_on, end_on, school_year_id
      from academic_session where type = 'schoolYear'
      union
      select b.root, a.source_id, a.type, a.title, a.start_on, a.end_on, a.school_year_id
      from below b join academic_session a on a.parent_source_id = b.source_id
    ),
    named as (
      select distinct c.calendar_id, c.source ->> 'schoolYearSourcedId' as root from course c
      where c.source ->> 'schoolYearSourcedId' is not null
    ),
    candidates as (
      select k.id as calendar_id, b.source_id, b.type, b.title, b.start_on, b.end_on, 1 as choice
      from calendar k join named n on n.calendar_id = k.id
      join below b on b.root = n.root and b.school_year_id = k.school_year_id
      union
      select k.id, a.source_id, a.type, a.title, a.start_on, a.end_on, 2
      from calendar k join academic_session a on a.school_year_id = k.school_year_id
    ),
    ranked as (
      select *, dense_rank() over (partition by calendar_id
        order by choice, array_position('{gradingPeriod,term,semester}'::text[], type)) as preference
      from candidates where type <> 'schoolYear'
    )
    select calendar_id, title as name, start_on, end_on,
      row_number() over (partition by calendar_id
        order by start_on, end_on, source_id collate "C")::smallint as seq
    from ranked where preference = 1`.execute(tx);
  await sql`
    delete from term t using calendar k where k.id = t.calendar_id
      and exists (select 1 from academic_session a where a.school_year_id = k.school_year_id)
      and not exists (select 1 from derived_term d
        where d.calendar_id = t.calendar_id and d.seq = t.seq)`.execute(tx);
  await sql`
    insert into term (calendar_id, seq, name, start_on, end_on)
    select d.calendar_id, d.seq, d.name, d.start_on, d.end_on from derived_term d
    left join term t using (calendar_id, seq)
    where (t.name, t.start_on, t.end_on) is distinct from (d.name, d.start_on, d.end_on)
    on conflict (calendar_id, seq) do update
      set name = excluded.name, start_on = excluded.start_on, end_on = excluded.end_on`.execute(tx);
}

/** The classes' teachers where cmSections names none: the primary teacher enrolled. */
export async function nameTeachers({ tx }: ImportContext): Promise<void> {
  await sql`
    update section e set primary_teacher_id = d.person_id
    from (
      select distinct on (r.section_id) r.section_id, r.person_id from roster r
      where r.role = 'teacher' and r.section_id in (
        select x.section_id from roster x join stage_enrollments s on s."sourcedId" = x.source_id
        where not s.removed)
      order by r.section_id, (r.source ->> 'primary' = 'true') desc nulls last, r.person_id collate "C"
    ) d
    where e.id = d.section_id and e.primary_teacher_id is distinct from d.person_id
      and not exists (select 1 from "stage_cmSections" s
        where s."classSourcedId" = e.source_id and not s.removed)`.execute(tx);
}
