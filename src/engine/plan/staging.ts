import { sql, type Transaction } from 'kysely';
import { type Database } from '../../db/database.ts';

export type Tx = Transaction<Database>;

/**
 * The tables a plan is worked out in. They live as long as the planning transaction.
 *
 * `plan_pair` has a row per item: what the level above wants (`desired`), what is here (`existing`),
 * what was last pushed (`base`), and, once settled, the rule that decided and its effect. `after` is
 * the effective payload once the run is over, also where nothing is written.
 */
export async function createStaging(tx: Tx): Promise<void> {
  await sql`
    create temp table plan_target (
      course_id bigint primary key, calendar_id int not null, school_id int not null,
      verdict text not null, master_id bigint, master_scope_id bigint not null,
      course_scope_id bigint not null unique, active boolean not null
    ) on commit drop`.execute(tx);
  await sql`
    create temp table plan_section (
      section_id bigint primary key, course_id bigint not null, calendar_id int not null,
      course_scope_id bigint not null, scope_id bigint not null unique
    ) on commit drop`.execute(tx);
  await sql`
    create temp table plan_evidence (
      course_id bigint not null, section_id bigint not null, gradable_id text not null,
      term_seq smallint, assignments int not null, scores int not null, grades int not null,
      comments int not null
    ) on commit drop`.execute(tx);
  await sql`
    create temp table plan_aligned (
      course_id bigint not null, gradable_id text not null, residual boolean not null,
      primary key (course_id, gradable_id)
    ) on commit drop`.execute(tx);
  await sql`
    create temp table plan_pair (
      id bigint generated always as identity primary key, level text not null,
      data_type data_type not null, calendar_id int, course_id bigint, section_id bigint,
      scope_id bigint, upstream_scope_id bigint, item_key text not null,
      k1 text, k2 smallint, k3 text, k4 smallint, source_id text, up_row_id bigint, row_id bigint,
      desired jsonb, existing jsonb, base jsonb, link_state link_state, soft boolean not null default false,
      protected boolean not null default false, assignments int not null default 0,
      scores int not null default 0, grades int not null default 0, comments int not null default 0,
      rule text, outcome text, reason text, op text, after jsonb, link_after text, detail jsonb,
      silent boolean not null default false
    ) on commit drop`.execute(tx);
  // Types that failed or were skipped for a course: its sections do not receive them (S07).
  await sql`
    create temp table plan_skipped (
      course_id bigint not null, data_type data_type not null, primary key (course_id, data_type)
    ) on commit drop`.execute(tx);
  await sql`
    create temp table plan_rule (
      rule text primary key, outcome text not null, reason text not null, op text not null,
      after_from text not null, link_after text, silent boolean not null
    ) on commit drop`.execute(tx);
  await sql`create index plan_pair_scope on plan_pair (data_type, level, scope_id)`.execute(tx);
  await sql`create index plan_pair_course on plan_pair (course_id)`.execute(tx);
}

/** Fresh statistics: without them the planner guesses tiny tables and falls to nested loops. */
export async function analyze(tx: Tx, table: string): Promise<void> {
  await sql`analyze ${sql.table(table)}`.execute(tx);
}

/** The columns of `plan_pair` that its statements join by; the payloads would only cost time. */
export async function analyzePairs(tx: Tx): Promise<void> {
  await sql`
    analyze plan_pair (level, data_type, course_id, scope_id, upstream_scope_id, item_key, k1, k2, k3, k4,
      row_id, op, outcome, rule)`.execute(tx);
}
