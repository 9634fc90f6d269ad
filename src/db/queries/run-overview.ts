import { sql } from 'kysely';
import { type RunInShort, type RunOverview } from '../../domain/queue-list.ts';
import { type Db } from '../database.ts';
import { courseFigures } from './course-figures.ts';
import { countWorkers } from './heartbeats.ts';

const MOST = { running: 20, waiting: 20, finished: 5 } as const;
type Phase = keyof typeof MOST;

interface PhasedRun extends RunInShort {
  readonly phase: Phase;
  /** Runs of the phase. */
  readonly total: number;
}

/** One's own runs by how far they are, each over all its calendars; `all` adds running ones of others. */
export async function readOverview(
  db: Db,
  look: { personId: number; all: boolean },
): Promise<Omit<RunOverview, 'undelivered'>> {
  const { personId, all } = look;
  const { rows } = await sql<PhasedRun>`
    with figure as materialized (${courseFigures(sql`r.state = 'running'`)}), seen as (
      select r.*, case when r.state = 'running' then 'running'
        when r.state in ('planning', 'planned', 'awaiting_approval', 'queued') then 'waiting'
        else 'finished' end as phase
      from push_run r
      where (r.requested_by = ${personId} or (${all} and r.state = 'running'))
        and coalesce(r.finished_at, now()) > now() - interval '7 days'
        and exists (select 1 from push_job j where j.run_id = r.id and j.deleted_at is null)
    ), placed as (
      select s.*, (count(*) over (partition by phase))::int as total,
        row_number() over (partition by phase order by case phase
          when 'waiting' then extract(epoch from scheduled_for)
          else -extract(epoch from coalesce(finished_at, started_at, scheduled_for)) end, id) as place
      from seen s
    )
    select p.phase, p.total, p.id as "runId", p.state, p.undoes_run_id as undoes, c.name as catalog, y.label as year,
      j.calendars, j.calendar, p.scheduled_for as "scheduledFor", p.finished_at as "finishedAt", u.display_name as "requestedBy",
      p.requested_by = ${personId} as "isOwn", j.courses_total as "coursesTotal",
      j.courses_done as "coursesDone", j.exceptions
    from placed p
    join course_catalog c on c.id = p.catalog_id
    join school_year y on y.id = p.school_year_id
    join app_user u on u.id = p.requested_by
    cross join lateral (
      select count(*)::int as calendars, min(k.name) as calendar,
        sum(o.courses_total)::int as courses_total,
        sum(coalesce(f.done, o.courses_done))::int as courses_done, sum(o.exceptions)::int as exceptions
      from push_job o join calendar k on k.id = o.calendar_id left join figure f on f.id = o.id
      where o.run_id = p.id and o.deleted_at is null) j
    where p.place <= case p.phase when 'finished' then ${MOST.finished}::int
      when 'running' then ${MOST.running}::int else ${MOST.waiting}::int end
    order by p.phase, p.place`.execute(db);
  const of = (wanted: Phase): RunOverview[Phase] => {
    const found = rows.filter(({ phase }) => phase === wanted);
    return { runs: found, total: found[0]?.total ?? 0 };
  };
  return { running: of('running'), waiting: of('waiting'), finished: of('finished') };
}

/** A digest of what Home tabs show: states, progress, people, messages, subscriptions and the worker's health. */
export async function readHomeMark(db: Db): Promise<string> {
  const [{ rows }, { alive }] = await Promise.all([
    sql<{ mark: string }>`
      select md5(concat_ws('|',
        (select string_agg(concat_ws(':', id, state, scheduled_for, answer_by, plan_id), ',' order by id)
          from push_run where coalesce(finished_at, now()) > now() - interval '1 hour'),
        (select string_agg(concat_ws(':', run_id, done), ',' order by run_id) from (
          select run_id, sum(courses_done) as done from push_job where status = 'processing'
          group by run_id) j),
        (select max(id) from push_approval), (select max(id) from audit_event),
        (select string_agg(concat_ws(':', id, state, trouble, detour), ',' order by id) from slack_outbox
          where (trouble is not null or detour is not null) and created_at > now() - interval '7 days'),
        (select concat_ws(':', count(*), max(id)) from subscription))) as mark`.execute(db),
    countWorkers(db),
  ]);
  return `${rows[0]?.mark ?? ''}:${alive}`;
}
