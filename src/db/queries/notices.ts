import { type RawBuilder, sql } from 'kysely';
import {
  type Notice,
  type NoticeAbout,
  type NoticeBox,
  type NoticeKind,
} from '../../domain/ports.ts';
import { type Db } from '../database.ts';

/**
 * Asks for a message about a run, in the transaction of what it tells of. A run without a thread gets
 * none, except for those to approvers and subscribers. One row per run, kind and `part`: the same
 * message is never asked for twice.
 */
export async function askForNotice(
  db: Db,
  notice: {
    runId: number;
    kind: NoticeKind;
    part?: string;
    about?: NoticeAbout;
  },
): Promise<void> {
  const { runId, kind, part, about = {} } = notice;
  const key = [runId, kind, ...(part === undefined ? [] : [part])].join(':');
  const payload = JSON.stringify({ asked: 1, taken: 0, about });
  await sql`
    insert into slack_outbox (key, run_id, kind, payload)
    select ${key}, r.id, ${kind}, ${payload}::jsonb
    from push_run r where r.id = ${runId} and (${goesElsewhere(kind)}
      or exists (select 1 from run_thread t where t.run_id = r.id))
    on conflict (key) do nothing`.execute(db);
}

/** Has the opening messages of runs show how they stand now, each edited at most every `everyMs`. */
export async function askForProgress(
  db: Db,
  runIds: readonly number[],
  everyMs: number,
): Promise<void> {
  const ids = [...runIds];
  await sql`
    insert into slack_outbox (key, run_id, kind, payload)
    select run_id || ':progress', run_id, 'progress',
      jsonb_build_object('asked', 1, 'taken', 0, 'about', '{}'::jsonb)
    from run_thread where run_id = any(${ids}::bigint[])
    on conflict (key) do nothing`.execute(db);
  await makeDueAgain(db, sql`kind = 'progress' and run_id = any(${ids}::bigint[])`, everyMs);
}

/** Has the messages of these kinds about a run show its present state: each is edited, or dropped. */
export async function refreshNotices(
  db: Db,
  runId: number,
  kinds: readonly NoticeKind[],
): Promise<void> {
  await makeDueAgain(db, sql`run_id = ${runId} and kind = any(${[...kinds]}::text[])`, 0);
}

/** Notices that do not go into the run's thread. */
function goesElsewhere(kind: NoticeKind): boolean {
  return kind === 'approval' || kind === 'reminder' || kind === 'subscribed';
}

/**
 * `asked` grows with every change, `taken` is its value when the sender read the run: a change that
 * comes while a message is on its way makes it due once more (see markSent).
 */
async function makeDueAgain(db: Db, which: RawBuilder<boolean>, everyMs: number): Promise<void> {
  await sql`
    update slack_outbox set
      payload = jsonb_set(payload, '{asked}', to_jsonb((payload->>'asked')::int + 1)),
      not_before = case when state = 'sent'
        then greatest(now(), sent_at + make_interval(secs => ${everyMs}::float8 / 1000))
        else not_before end,
      attempt = case when state = 'sent' then 0 else attempt end,
      state = case when state = 'sent' then 'pending' else state end
    where ${which} and (payload->>'taken')::int > 0`.execute(db);
}

const CLAIM_SECONDS = 30;
const lease = sql`now() + make_interval(secs => ${CLAIM_SECONDS})`;

/** The outbox as the sender of messages sees it. */
export function noticeBox(db: Db): NoticeBox {
  return {
    claim: (limit) => claimNotices(db, limit),
    claimDoubtful: (limit) => claimDoubtful(db, limit),
    looked: (id, outcome) => LOOKED[outcome](db, id),
    trying: async (id, place) => {
      await db
        .updateTable('slack_outbox')
        .set({ channel_id: place.channelId, thread_ts: place.threadTs })
        .where('id', '=', id)
        .execute();
    },
    sent: (id, message) => markSent(db, id, message),
    retry: async (id, again) => {
      await sql`
        update slack_outbox set state = ${again.unknown ? 'unknown' : 'pending'}, lease_until = null,
          not_before = now() + make_interval(secs => ${again.delayMs}::float8 / 1000),
          in_doubt_since = case when ${again.unknown} then now() else in_doubt_since end,
          looks = case when ${again.unknown} then 0 else looks end,
          last_error = ${again.error}, trouble = ${again.trouble}
        where id = ${id}`.execute(db);
    },
    drop: async (id, reason, trouble = null) => {
      await db
        .updateTable('slack_outbox')
        .set({ state: 'dropped', lease_until: null, last_error: reason, trouble })
        .where('id', '=', id)
        .execute();
    },
    saveProgress: async (id, progress) => {
      await sql`update slack_outbox set progress = ${JSON.stringify(progress)}::jsonb where id = ${id}`.execute(
        db,
      );
    },
    saveAnchor: async (runId, anchor) => {
      await db
        .insertInto('run_thread')
        .values({ run_id: runId, channel_id: anchor.channelId, anchor_ts: anchor.ts })
        .onConflict((conflict) =>
          conflict
            .column('run_id')
            .doUpdateSet({ channel_id: anchor.channelId, anchor_ts: anchor.ts }),
        )
        .execute();
    },
  };
}

/** The workspace of a run's requester. */
const REQUESTER_TEAM = sql`(select u.slack_team_id from push_run r join app_user u on u.id = r.requested_by
  where r.id = o.run_id)`;

/** The workspace of the approver it goes to, of the subscriber, or else of the run's requester. */
const TEAM = sql`coalesce(
  (select u.slack_team_id from app_user u
    where u.slack_user_id = o.payload -> 'about' ->> 'slackUserId' limit 1),
  (select u.slack_team_id from subscription s join app_user u on u.id = s.created_by
    where o.kind = 'subscribed' and s.channel_id = o.payload -> 'about' ->> 'channelId' limit 1),
  ${REQUESTER_TEAM})`;

/** A claimed row as the sender reads it. */
const claimedColumns = sql`
  o.id, o.key, o.kind, o.run_id as "runId", ${TEAM} as "teamId", ${REQUESTER_TEAM} as "requesterTeamId", o.created_at as "askedAt", o.attempt, o.progress,
  o.in_doubt_since is not null as "outcomeUnknown", coalesce(o.payload -> 'about', '{}') as about,
  case when o.channel_id is not null
    then json_build_object('channelId', o.channel_id, 'threadTs', o.thread_ts) end as tried,
  case when o.ts is not null
    then json_build_object('channelId', o.channel_id, 'ts', o.ts) end as posted`;

/**
 * Due notices, oldest first, held for 30 s. A notice waits for the one its message hangs on: all
 * wait for the anchor, the files wait for the result, and the result, which puts the end into the
 * anchor, for an edit on its way that knows of no end. A claim that ran out without an answer means
 * that Slack may have the message; an edit may always be repeated.
 */
async function claimNotices(db: Db, limit: number): Promise<Notice[]> {
  const { rows } = await sql<Notice>`
    with due as (
      select o.id, o.lease_until is not null and o.ts is null and o.kind <> 'progress' as unanswered
      from slack_outbox o
      where o.state in ('pending', 'unknown') and o.not_before <= now()
        and (o.lease_until is null or o.lease_until <= now())
        and not exists (
          select 1 from slack_outbox first where first.run_id = o.run_id
            and first.state in ('pending', 'unknown')
            and (first.kind = 'anchor' and o.kind not in ('anchor', 'approval', 'reminder', 'subscribed')
              or first.kind = 'finished' and o.kind = 'files'
              or first.kind = 'progress' and first.lease_until > now() and o.kind = 'finished'
              or first.kind = 'plan' and o.kind = 'plan_files'))
      order by o.not_before, o.id
      limit ${limit}
      for update of o skip locked
    )
    update slack_outbox o set
      lease_until = ${lease},
      attempt = o.attempt + 1,
      in_doubt_since = case when due.unanswered then now() else o.in_doubt_since end,
      looks = case when due.unanswered then 0 else o.looks end,
      payload = jsonb_set(o.payload, '{taken}', o.payload->'asked')
    from due where due.id = o.id
    returning ${claimedColumns}`.execute(db);
  return rows.toSorted((a, b) => a.id - b.id);
}

/** When Slack is searched for doubles of a message, counted from its last unanswered call. */
const FIRST_LOOK_SECONDS = 10;
const LAST_LOOK_SECONDS = 60;

async function claimDoubtful(db: Db, limit: number): Promise<Notice[]> {
  const { rows } = await sql<Notice>`
    with due as (
      select id from slack_outbox
      where state = 'sent' and (lease_until is null or lease_until <= now())
        and in_doubt_since <= now() - make_interval(
          secs => case looks when 0 then ${FIRST_LOOK_SECONDS}::int else ${LAST_LOOK_SECONDS}::int end)
      order by in_doubt_since, id
      limit ${limit}
      for update skip locked
    )
    update slack_outbox o set lease_until = ${lease} from due where due.id = o.id
    returning ${claimedColumns}`.execute(db);
  return rows;
}

type Looked = Parameters<NoticeBox['looked']>[1];

const LOOKED: Readonly<Record<Looked, (db: Db, id: number) => Promise<void>>> = {
  there: async (db, id) => {
    await sql`
      update slack_outbox set looks = looks + 1, lease_until = null,
        in_doubt_since = case when looks = 0 then in_doubt_since end
      where id = ${id}`.execute(db);
  },
  again: async (db, id) => {
    await sql`
      update slack_outbox set state = 'pending', not_before = now(), attempt = 0, progress = '{}',
        ts = null, lease_until = null, in_doubt_since = null, looks = 0
      where id = ${id}`.execute(db);
  },
  cannot_look: async (db, id) => {
    await sql`update slack_outbox set lease_until = null, in_doubt_since = null where id = ${id}`.execute(
      db,
    );
  },
};

async function markSent(
  db: Db,
  id: number,
  message: Parameters<NoticeBox['sent']>[1],
): Promise<void> {
  const { channelId, ts, detour } = message;
  await sql`
    update slack_outbox set
      state = case when payload->'asked' = payload->'taken' then 'sent' else 'pending' end,
      channel_id = ${channelId}, ts = ${ts}, sent_at = now(), lease_until = null,
      last_error = null, trouble = null, attempt = 0,
      detour = coalesce(${detour?.trouble ?? null}, detour),
      detour_channel_id = coalesce(${detour?.channelId ?? null}, detour_channel_id),
      not_before = case when payload->'asked' = payload->'taken' then not_before
        else now() + interval '1 second' end
    where id = ${id}`.execute(db);
}
