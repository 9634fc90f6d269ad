import { sql } from 'kysely';
import { type Rule, RULES } from './rules.ts';
import { type Tx } from './staging.ts';

/** Lays the rules into `plan_rule`, once for a plan. */
export async function layOutRules(tx: Tx): Promise<void> {
  const rules = Object.entries(RULES).map(([name, rule]: [string, Rule]) => ({
    rule: name,
    outcome: rule.outcome,
    reason: rule.reason,
    op: rule.op,
    after_from: rule.after,
    link_after: rule.link ?? null,
    silent: rule.silent ?? false,
  }));
  await sql`insert into plan_rule
    select * from jsonb_populate_recordset(null::plan_rule, ${JSON.stringify(rules)}::jsonb)`.execute(
    tx,
  );
}

/**
 * Reads outcome, reason and effect off the rule of every pair that has one and no outcome yet.
 * An update that would write the values already there only touches the link, or nothing at all.
 */
export async function applyRules(tx: Tx): Promise<void> {
  const after = sql`case r.after_from when 'desired' then p.desired when 'existing' then p.existing
    when 'planned' then p.after end`;
  await sql`
    update plan_pair p set outcome = r.outcome, reason = r.reason, after = ${after},
      link_after = r.link_after, silent = r.silent,
      op = case
        when r.op = 'update' and ${after} = p.existing then
          case when r.link_after is null or (p.link_state::text = r.link_after and p.base = ${after})
            then 'none' else 'link' end
        when r.op = 'link' and p.link_state::text = r.link_after and p.base = ${after} then 'none'
        else r.op end
    from plan_rule r
    where r.rule = p.rule and p.outcome is null`.execute(tx);
}
