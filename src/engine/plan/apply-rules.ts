import { sql } from 'kysely';
import { type Rule, RULES } from './rules.ts';
import { type Tx } from './staging.ts';

/**
 * Reads outcome, reason and effect off the rule of every pair that has one and no outcome yet.
 * An update that would write the values already there only touches the link, or nothing at all.
 */
export async function applyRules(tx: Tx): Promise<void> {
  const names = Object.entries(RULES).map(([name, rule]: [string, Rule]) => ({
    rule: name,
    outcome: rule.outcome,
    reason: rule.reason,
    op: rule.op,
    after_from: rule.after,
    link_after: rule.link ?? null,
    silent: rule.silent ?? false,
  }));
  await sql`
    update plan_pair p set outcome = e.outcome, reason = e.reason, after = e.after,
      link_after = e.link_after, silent = e.silent,
      op = case
        when e.op = 'update' and e.after = p.existing then
          case when e.link_after is null or (p.link_state::text = e.link_after and p.base = e.after)
            then 'none' else 'link' end
        when e.op = 'link' and p.link_state::text = e.link_after and p.base = e.after then 'none'
        else e.op end
    from (
      select q.id, r.outcome, r.reason, r.op, r.link_after, r.silent,
        case r.after_from when 'desired' then q.desired when 'existing' then q.existing
          when 'planned' then q.after end as after
      from plan_pair q
      join jsonb_to_recordset(${JSON.stringify(names)}::jsonb) as r(rule text, outcome text, reason text,
        op text, after_from text, link_after text, silent boolean) on r.rule = q.rule
      where q.outcome is null
    ) e
    where e.id = p.id`.execute(tx);
}
