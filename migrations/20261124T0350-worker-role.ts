import { type Kysely, sql } from 'kysely';

/**
 * The rights of a worker, whatever its program does: setup below the masters, links and the push's
 * own tables; nothing that students or teachers made, no master, no catalog, no right of a person.
 * A table that a later migration adds can be read; one that a worker writes is granted there.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await makeRole(db);
  await grantRights(db);
  await locks(db);
  await auditChain(db);
}

/** Roles belong to the whole server: other databases may make this one at the same moment. */
async function makeRole(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$
    begin
      if not exists (select from pg_roles where rolname = 'push_worker') then
        begin
          create role push_worker nologin;
        exception
          when duplicate_object or unique_violation then null;
          when insufficient_privilege then
            raise exception 'the role push_worker is missing and % may not create it', current_user
              using hint = 'Let an administrator run: create role push_worker nologin; grant push_worker to '
                || current_user || ';';
        end;
      end if;
      if not pg_has_role(current_user, 'push_worker', 'member') then
        execute format('grant push_worker to %I', current_user);
      end if;
      execute format('grant connect, temporary on database %I to push_worker', current_database());
      -- The planner needs statistics of a plan that was just written; before 17 only owners give them.
      if current_setting('server_version_num')::int >= 170000 then
        execute 'grant maintain on push_item to push_worker';
      end if;
    end $$`.execute(db);
}

async function grantRights(db: Kysely<unknown>): Promise<void> {
  for (const grant of [
    `usage on schema public`,
    `select on all tables in schema public`,
    // Setup: which row it is and what it belongs to cannot be changed, only its values.
    `insert, delete on task_alignment, calc_option, composite, composite_child, category,
       assessment_alignment`,
    `update (score_group_id, credit, credit_type, term_gpa_weight, credit_overflow_override, terms,
       post_only, show_on_portal, seq) on task_alignment`,
    `update (calc_type, grading_scale_id, weight_categories, use_score_percent, limit_last_n,
       cumulative_from_term, proficiency_method, read_only) on calc_option`,
    `update (weight) on composite_child`,
    `update (name, weight, seq, exclude_from_calc, drop_lowest, default_points, gradable_ids) on category`,
    `update (standard_id, copies_forward) on assessment_alignment`,
    `usage on sequence composite_id_seq, category_id_seq`,
    `update (number, name, attrs, course_master_id, cross_site_enabled) on course`,
    `update (attr_overrides, cross_site_enabled, cross_site_offered) on section`,
    `insert, update, delete on sync_link`,
    `insert on payload_version`,
    // The push's own tables.
    `update on push_run, push_job`,
    `insert, update on push_plan, push_plan_course, push_plan_count, push_batch, push_item, slack_outbox`,
    `insert, update, delete on push_artifact, worker_heartbeat`,
    `insert on audit_event`,
  ])
    await sql.raw(`grant ${grant} to push_worker`).execute(db);
  await sql`alter default privileges in schema public grant select on tables to push_worker`.execute(
    db,
  );
}

/** A row can be locked only by who may change it; these lock for a worker and change nothing. */
async function locks(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function hold_setup_owners(courses bigint[]) returns void
    language sql security definer set search_path = pg_catalog, public as $$
      select count(*) from (
        select o.id from setup_scope o
        where o.course_id = any(courses)
          or o.section_id in (select s.id from section s where s.course_id = any(courses))
        order by o.id for update
      ) held
    $$`.execute(db);
  await sql`
    create function hold_composites(ids bigint[]) returns void
    language sql security definer set search_path = pg_catalog, public as $$
      select count(*) from (
        select r.id from composite r where r.id = any(ids) order by r.id for update
      ) held
    $$`.execute(db);
  for (const name of ['hold_setup_owners', 'hold_composites', 'hold_assignments']) {
    await sql.raw(`revoke all on function ${name} from public`).execute(db);
    await sql.raw(`grant execute on function ${name} to push_worker`).execute(db);
  }
}

/** Whoever may add an audit line continues the chain, without a right to its head. */
async function auditChain(db: Kysely<unknown>): Promise<void> {
  await sql`alter function chain_audit_event() security definer set search_path = pg_catalog, public`.execute(
    db,
  );
}
