import { type RawBuilder, sql } from 'kysely';
import { type Level, type SetupType } from '../setup-types.ts';
import { type RunToPlan } from './run-to-plan.ts';
import { applyRules } from './apply-rules.ts';
import { type Tx } from './staging.ts';

export interface SettleScope {
  readonly type: SetupType;
  readonly level: Level;
  /**
   * What a type does with a linked row whose source is gone. `owned` rows carry student work, so
   * evidence keeps them (L6, O7); a `definition` follows its owner whatever the evidence (P08).
   */
  readonly kind: 'owned' | 'definition';
  /** Same identity is adopted by overwrite even with student work: tasks and standards (R08). */
  readonly adoptProtected?: true;
  /** Rows without a link are the master's all the same: weights of a linked composite (M13). */
  readonly ownsUnlinked?: true;
}

/**
 * The standard behaviours L1–L7 and O1–O7 for one type at one level: gives every pair without a
 * rule the rule that applies, and reads the effect off it.
 *
 * In locked mode one broken link of a hard-locked type fails the type for that owner (S05): broken
 * items say so, and the rest of the type is left alone without a line, also what waits for something
 * else. A link is broken whatever became of its task (M07); a weight whose child is gone is not (M13).
 */
export async function settle(tx: Tx, run: RunToPlan, scope: SettleScope): Promise<void> {
  const rules = rulesOf(run, scope);
  const locked = sql.lit(run.mode === 'push_locked' && run.kind !== 'relink');
  await sql`
    update plan_pair p set rule = c.rule
    from (
      select id, case when rule in ('M07', 'M13') and not (${locked} and type_fails) then rule
        when rule = 'M13' then 'S05' else ${rules} end as rule
      from (
        select q.*, bool_or(broken and not soft and rule is distinct from 'M13') over (partition by scope_id) as type_fails
        from (
          select p.*, ${BROKEN} as broken from plan_pair p
          where level = ${sql.lit(scope.level)} and data_type = ${sql.lit(scope.type)}
            and outcome is null and (rule is null or rule in ('M07', 'M13'))
        ) q
      ) w
    ) c
    where c.id = p.id`.execute(tx);
  await leaveFailedTypesAlone(tx, scope);
  await applyRules(tx);
}

function rulesOf(run: RunToPlan, scope: SettleScope): RawBuilder<unknown> {
  const overwrite = run.mode === 'overwrite';
  if (run.kind === 'relink') return overwrite ? relinkRules(scope) : BASELINE_RULES;
  return overwrite ? overwriteRules(scope) : lockedRules(scope);
}

/**
 * The upsert half of overwrite: adopts and updates, removes nothing and resets nothing (S12). What is
 * broken and has no counterpart, as after a change of master, would fail every push to come: it
 * becomes residual or local.
 */
function relinkRules(scope: SettleScope): RawBuilder<unknown> {
  return sql`case
    when desired is null and existing is null then 'S02-gone'
    when desired is null and broken and protected then 'L6-protected'
    when desired is null and broken then 'S12-local'
    when desired is null then 'L7'
    else ${overwriteRules(scope)} end`;
}

/** First contact: rows equal to the level above are linked, unequal ones are listed (S13). */
const BASELINE_RULES = sql`case
  when desired is null or existing is null or link_state is not null then 'L7'
  when existing = desired then 'S13'
  else 'S13-differs' end`;

/** S02: differs from what was pushed, gone while wanted above, marked broken or of another master. */
const BROKEN = sql`coalesce(link_state in ('linked', 'broken')
  and not (existing is null and desired is null)
  and (link_state = 'broken' or existing is null or existing <> base), false)`;

/** Whatever is broken and gets past `type_fails` is under a soft lock, where nothing breaks (S04). */
function lockedRules({ kind, ownsUnlinked }: SettleScope): RawBuilder<unknown> {
  const sourceGone =
    kind === 'definition'
      ? sql`when desired is null and link_state in ('linked', 'broken') then 'L6'`
      : sql`when desired is null and link_state in ('linked', 'broken') and protected then 'L6-protected'
        when desired is null and link_state in ('linked', 'broken') then 'L6'`;
  const local =
    ownsUnlinked === true
      ? sql`when existing = desired then 'S13' when desired is not null then 'L2'`
      : sql`when desired is not null then 'L5'`;
  return sql`case
    when type_fails and broken and existing is null then 'L3-deleted'
    when type_fails and broken and existing = base then 'L3-broken'
    when type_fails and broken then 'L3-changed'
    when type_fails then 'S05'
    when desired is null and existing is null then 'S02-gone'
    when soft and existing is null and link_state in ('linked', 'broken') then 'S04-kept'
    when soft and broken and existing = desired then 'S13'
    when soft and broken and desired is not null and existing <> base then 'S04-kept'
    when soft and broken and desired is not null then 'O2'
    when existing is null then 'L1'
    when desired is not null and link_state = 'linked' and existing = desired then 'L2-same'
    when desired is not null and link_state = 'linked' then 'L2'
    when desired is not null and link_state = 'residual' then 'L4'
    ${local}
    ${sourceGone}
    when link_state = 'residual' and protected then 'R02'
    else 'L7' end`;
}

function overwriteRules({ kind, adoptProtected }: SettleScope): RawBuilder<unknown> {
  const adopt =
    adoptProtected === true
      ? sql`when desired is not null then 'O4'`
      : sql`when desired is not null and protected then 'O5'
        when desired is not null then 'O4'`;
  const sourceGone =
    kind === 'definition' ? sql`when link_state in ('linked', 'broken') then 'O6'` : sql``;
  return sql`case
    when desired is null and existing is null then 'S02-gone'
    when existing is null then 'L1'
    when desired is not null and (broken or link_state = 'residual') then 'O2'
    when desired is not null and link_state = 'linked' and existing = desired then 'L2-same'
    when desired is not null and link_state = 'linked' then 'L2'
    ${adopt}
    ${sourceGone}
    when protected and link_state = 'residual' then 'R02'
    when protected then 'L6-protected'
    else 'O6' end`;
}

/** The rest of a failed type gets no line (S05), and its sections do not receive the type (S07). */
async function leaveFailedTypesAlone(tx: Tx, { type, level }: SettleScope): Promise<void> {
  await sql`
    update plan_pair set rule = null, outcome = 'UNCHANGED', op = 'none', after = existing, silent = true
    where data_type = ${sql.lit(type)} and level = ${sql.lit(level)} and rule = 'S05'`.execute(tx);
  if (level === 'section') return;
  await sql`
    insert into plan_skipped
    select distinct course_id, data_type from plan_pair
    where data_type = ${sql.lit(type)} and level = 'course'
      and rule in ('L3-changed', 'L3-deleted', 'L3-broken')
    on conflict do nothing`.execute(tx);
}
