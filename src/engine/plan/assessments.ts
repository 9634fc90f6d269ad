import { sql } from 'kysely';
import { pairUp } from './pairs.ts';
import { pushes, type RunToPlan } from './run-to-plan.ts';
import { settle } from './standard.ts';
import { type Tx } from './staging.ts';

const ASSESSMENTS = sql.lit('assessments');

/** Assessments of the courses (M19, M40). Test scores through a section protect a row (P07). */
export async function planAssessments(tx: Tx, run: RunToPlan): Promise<void> {
  if (!pushes(run, 'assessments')) return;
  await pairUp(tx, run, { type: 'assessments', level: 'course' });
  await sql`
    update plan_pair p set protected = true, scores = e.scores
    from (
      select s.course_id, t.test_id, count(*) as scores
      from test_score t join plan_section s on s.section_id = t.section_id group by 1, 2
    ) e
    where p.data_type = ${ASSESSMENTS} and p.existing is not null
      and e.course_id = p.course_id and e.test_id = p.k1`.execute(tx);
  await settle(tx, run, { type: 'assessments', level: 'course', kind: 'owned' });
}
