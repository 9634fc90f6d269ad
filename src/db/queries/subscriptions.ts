import { sql } from 'kysely';
import {
  type NamedSubject,
  type Subject,
  type SubjectKind,
  type SubscriberNotice,
  type Subscription,
} from '../../domain/subscriptions.ts';
import { type Db } from '../database.ts';

interface SubscriptionRow {
  readonly id: number;
  readonly channelId: string;
  readonly kind: SubjectKind;
  readonly subjectId: number;
  readonly name: string;
  readonly createdBy: string;
}

/** Those that a person made, and those that tell a conversation. */
export async function readSubscriptions(
  db: Db,
  query: { userId: number; channelId: string | null },
): Promise<Subscription[]> {
  const { rows } = await sql<SubscriptionRow>`
    select s.id, s.channel_id as "channelId", u.display_name as "createdBy",
      case when s.school_id is not null then 'school' when s.calendar_id is not null then 'calendar'
        else 'catalog' end as kind,
      coalesce(s.school_id, s.calendar_id, s.catalog_id) as "subjectId",
      coalesce(sc.name, k.name, c.name) as name
    from subscription s
    join app_user u on u.id = s.created_by
    left join school sc on sc.id = s.school_id
    left join calendar k on k.id = s.calendar_id
    left join course_catalog c on c.id = s.catalog_id
    where s.created_by = ${query.userId} or s.channel_id = ${query.channelId}
    order by kind, name, s.id`.execute(db);
  return rows.map(({ id, channelId, kind, subjectId, name, createdBy }) => ({
    id,
    channelId,
    createdBy,
    subject: { kind, id: subjectId, name },
  }));
}

/** Subjects by name; schools and calendars only where one of the given calendars is. */
export async function findSubjects(
  db: Db,
  query: {
    kind: SubjectKind;
    search: string;
    visible: readonly number[];
    limit: number;
    id?: number;
  },
): Promise<NamedSubject[]> {
  const { kind, visible } = query;
  const from = {
    school: sql`(select distinct s.id, s.name from school s
      join calendar k on k.school_id = s.id where k.id = any(${[...visible]}::int[])) f`,
    calendar: sql`(select id, name from calendar where id = any(${[...visible]}::int[])) f`,
    catalog: sql`(select id, name from course_catalog) f`,
  }[kind];
  const { rows } = await sql<{ id: number; name: string }>`
    select f.id, f.name from ${from}
    where position(lower(${query.search}) in lower(f.name)) > 0
      and (${query.id ?? null}::int is null or f.id = ${query.id ?? null}::int)
    order by f.name, f.id limit ${query.limit}`.execute(db);
  return rows.map((row) => ({ kind, ...row }));
}

/** Writes a subscription; the same one twice is one. @returns false when it was there */
export async function saveSubscription(
  db: Db,
  wish: { userId: number; channelId: string; subject: Subject },
): Promise<boolean> {
  const { kind, id } = wish.subject;
  const row = await db
    .insertInto('subscription')
    .values({
      channel_id: wish.channelId,
      created_by: wish.userId,
      school_id: kind === 'school' ? id : null,
      calendar_id: kind === 'calendar' ? id : null,
      catalog_id: kind === 'catalog' ? id : null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** @param ofUser null removes whosever it is @returns where it told; undefined when there was none */
export async function deleteSubscription(
  db: Db,
  id: number,
  ofUser: number | null,
): Promise<string | undefined> {
  const { rows } = await sql<{ channelId: string }>`
    delete from subscription
    where id = ${id} and (${ofUser}::bigint is null or created_by = ${ofUser}::bigint)
    returning channel_id as "channelId"`.execute(db);
  return rows[0]?.channelId;
}

/**
 * Who is to hear of a run, and of which of its calendars: those that are subscribed to and that the
 * person who subscribed may see now, but not of those that have no courses in it. The run's own thread hears of it anyway. A run that was withdrawn,
 * rejected or canceled is no news where it wrote nothing; one that failed always is.
 */
export async function readSubscribers(db: Db, runId: number): Promise<SubscriberNotice[]> {
  const { rows } = await sql<SubscriberNotice>`
    select s.channel_id as "channelId", array_agg(distinct j.calendar_id order by j.calendar_id)
      as "calendarIds", (array_agg(u.slack_user_id order by s.id))[1] as subscriber
    from push_run r
    join push_job j on j.run_id = r.id
    join calendar k on k.id = j.calendar_id
    join subscription s on s.calendar_id = k.id or s.school_id = k.school_id
      or s.catalog_id = r.catalog_id
    join app_user u on u.id = s.created_by and u.active
      and u.slack_state in ('member', 'unknown')
    where r.id = ${runId} and (j.courses_total > 0 or r.state = 'failed')
      and (r.state in ('completed', 'completed_with_exceptions')
        or r.state = 'failed' and not r.cancel_requested
        or exists (select 1 from push_batch b
          where b.plan_id = r.plan_id and b.job_id = j.id and b.state = 'applied'))
      and not exists (
        select 1 from run_thread t where t.run_id = r.id and t.channel_id = s.channel_id)
      and exists (
        select 1 from user_group_member m
        join calendar_right c on c.group_id = m.group_id
        where m.user_id = s.created_by
          and (c.calendar_id is null or c.calendar_id = k.id)
          and (c.school_id is null or c.school_id = k.school_id)
          and (c.school_year_id is null or c.school_year_id = k.school_year_id))
    group by s.channel_id
    order by s.channel_id`.execute(db);
  return rows;
}
