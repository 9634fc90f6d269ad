import { sql } from 'kysely';
import { type Tx } from '../plan/staging.ts';
import { type BatchScope, pending, WEIGHTS_OF } from './scope.ts';

/**
 * Writes the links of the batch: what was written becomes the base (S01), by reference to a version
 * that every row with the same values shares. A residual item remembers the first run (R01).
 */
export async function writeLinks(tx: Tx, batch: BatchScope): Promise<void> {
  await sql`
    delete from sync_link l using push_item i
    where ${pending(batch)} and i.op in ('delete', 'unlink') and l.scope_id = i.scope_id
      and l.data_type = i.data_type and l.item_key = i.item_key`.execute(tx);
  await sql`
    insert into payload_version (digest, payload)
    select distinct on (digest) sha256(convert_to(i.after::text, 'UTF8')) as digest, i.after
    from push_item i where ${pending(batch)} and i.link_after is not null and i.after is not null
    on conflict (digest) do nothing`.execute(tx);
  await sql`
    insert into sync_link (scope_id, data_type, item_key, upstream_scope_id, row_id, version_id, state,
      reason, run_id, residual_run_id, residual_since)
    select i.scope_id, i.data_type, i.item_key, i.upstream_scope_id, i.row_id, v.id, i.link_after, i.reason,
      q.run_id, case when i.link_after = 'residual' then q.run_id end,
      case when i.link_after = 'residual' then now() end
    from push_item i join push_plan q on q.id = i.plan_id
    join payload_version v on v.digest = sha256(convert_to(i.after::text, 'UTF8'))
    where ${pending(batch)} and i.link_after is not null
    on conflict (scope_id, data_type, item_key) do update set
      upstream_scope_id = excluded.upstream_scope_id, row_id = excluded.row_id,
      version_id = excluded.version_id, state = excluded.state, reason = excluded.reason,
      run_id = excluded.run_id, pushed_at = now(),
      residual_run_id = case when excluded.state = 'residual'
        then coalesce(sync_link.residual_run_id, excluded.residual_run_id) end,
      residual_since = case when excluded.state = 'residual'
        then coalesce(sync_link.residual_since, excluded.residual_since) end`.execute(tx);
  await linkWeightsOfComposites(tx, batch);
}

/**
 * A composite brings the weights of its new children and takes those of removed ones (M10); one that
 * is no longer the master's takes all.
 */
async function linkWeightsOfComposites(tx: Tx, batch: BatchScope): Promise<void> {
  await sql`
    delete from sync_link l using push_item i
    where ${pending(batch)} and i.data_type = 'composite_grades'
      and l.scope_id = i.scope_id and l.data_type = 'composite_weights'
      and starts_with(l.item_key, ${WEIGHTS_OF})
      and (i.op = 'unlink' or i.link_after = 'residual' and i.link_before is not null
        or not coalesce(i.after -> 'children' ? substr(l.item_key, length(${WEIGHTS_OF}) + 1), false))`.execute(
    tx,
  );
  const brought = sql`
    select i.scope_id, i.upstream_scope_id, i.row_id, q.run_id,
      ${WEIGHTS_OF} || w.key as item_key,
      jsonb_build_object('weight', w.value) as payload
    from push_item i join push_plan q on q.id = i.plan_id
    cross join jsonb_each(i.detail -> 'weights') w
    where ${pending(batch)} and i.data_type = 'composite_grades' and i.op in ('insert', 'update')
      and jsonb_typeof(i.detail -> 'weights') = 'object' and i.link_after = 'linked'`;
  await sql`
    insert into payload_version (digest, payload)
    select distinct on (digest) sha256(convert_to(b.payload::text, 'UTF8')) as digest, b.payload
    from (${brought}) b on conflict (digest) do nothing`.execute(tx);
  await sql`
    insert into sync_link (scope_id, data_type, item_key, upstream_scope_id, row_id, version_id, state,
      run_id)
    select b.scope_id, 'composite_weights', b.item_key, b.upstream_scope_id, b.row_id, v.id, 'linked',
      b.run_id
    from (${brought}) b
    join payload_version v on v.digest = sha256(convert_to(b.payload::text, 'UTF8'))
    on conflict (scope_id, data_type, item_key) do update set version_id = excluded.version_id,
      row_id = excluded.row_id, state = 'linked', run_id = excluded.run_id, pushed_at = now()`.execute(
    tx,
  );
}
