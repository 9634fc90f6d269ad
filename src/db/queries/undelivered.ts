import { sql } from 'kysely';
import { type Undelivered } from '../../domain/delivery.ts';
import { type Db } from '../database.ts';

/**
 * Messages of these runs that did not arrive where they were meant to, counted by what stood in the
 * way. Edits of a message that did arrive are not among them.
 */
export async function readUndelivered(
  db: Db,
  runIds: readonly number[],
): Promise<readonly Undelivered[]> {
  if (runIds.length === 0) return [];
  const { rows } = await sql<Undelivered>`
    with troubled as (
      select o.run_id,
        case when o.state = 'dropped' then 'lost' when o.state = 'sent' then 'elsewhere'
          else 'waiting' end as fate,
        case when o.state = 'sent' then o.detour else o.trouble end as trouble,
        case when o.state = 'sent' then o.detour_channel_id else coalesce(o.channel_id,
          o.payload -> 'about' ->> 'channelId', o.payload -> 'about' ->> 'slackUserId', t.channel_id)
          end as channel_id
      from slack_outbox o
      left join run_thread t on t.run_id = o.run_id
      where o.run_id = any(${[...runIds]}::bigint[]) and o.kind <> 'progress'
        and (o.trouble is not null or o.detour is not null)
    )
    select run_id as "runId", fate, trouble, channel_id as "channelId", count(*)::int as messages
    from troubled where trouble is not null
    group by run_id, fate, trouble, channel_id
    order by run_id, fate desc, trouble, channel_id`.execute(db);
  return rows;
}
