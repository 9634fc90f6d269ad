import { describe, expect, it } from '@jest/globals';
import { planRun } from '../../src/engine/plan-run.ts';
import { applyNextBatch, type BatchResult } from '../../src/engine/apply-batch.ts';
import { type PushDistrict } from '../support/push-district.ts';
import { usePushDistrict } from '../support/use-push-district.ts';

let district: PushDistrict;
let runId: number;

const COURSE = `(select id from setup_scope where course_id = 1)`;
const add = (gradable: string): string =>
  `insert into task_alignment (scope_id, scope_kind, gradable_id) values (${COURSE}, 'course', '${gradable}')`;
const local = `select gradable_id from task_alignment where scope_id = ${COURSE} and gradable_id in ('lab', 'notes') order by 1`;

usePushDistrict(async (opened) => {
  district = opened;
  const first = await district.submit();
  await district.run(`update push_run set confirmed_at = now()`);
  expect(await district.execute(first)).toBe('ended');
  await district.run(add('notes'));
  runId = await district.submit({ options: { mode: 'overwrite' } });
  await district.run(`update push_run set confirmed_at = now()`);
  expect(await district.execute(runId)).toBe('waiting');
  await district.run(
    `update push_run set state = 'queued', approved_plan_hash = (select hash from push_plan q where q.id = plan_id)
     where id = ${runId}`,
  );
});

describe('Given an overwrite with an approved plan, when its time comes', () => {
  it('is planned again and carried out when it destroys nothing more (G13, G20)', async () => {
    await district.run(`update course_master set name = 'Algebra 1A' where id = 1`);
    expect(await district.execute(runId)).toBe('ended');
    expect(await district.view(runId)).toMatchObject({ state: 'completed', held: 0 });
    expect(await district.rows(local)).toEqual([]);
    expect(await district.rows(`select distinct name from course where id = 1`)).toEqual([
      { name: 'Algebra 1A' },
    ]);
    expect(
      await district.rows(`select state from push_plan where run_id = ${runId} order by id`),
    ).toEqual([{ state: 'superseded' }, { state: 'ready' }]);
  });

  it('writes nothing and awaits approval again when it would delete more (G20, A21)', async () => {
    await district.run(add('lab'));
    expect(await district.execute(runId)).toBe('waiting');
    expect((await district.view(runId)).state).toBe('awaiting_approval');
    expect(await district.rows(local)).toEqual([{ gradable_id: 'lab' }, { gradable_id: 'notes' }]);
    expect(
      await district.rows(`select approved_plan_hash as hash from push_run where id = ${runId}`),
    ).toEqual([{ hash: null }]);
    expect(await district.execute(runId)).toBe('not_due');
  });

  it('does so too when the plan goes stale between planning and the first batch (G20, P12)', async () => {
    const results: BatchResult[] = [];
    let plans = 0;
    const executed = await district.execute(runId, {
      planRun: async (...arguments_) => {
        const planned = await planRun(...arguments_);
        plans += 1;
        if (plans === 1)
          await district.run(
            `${add('lab')}; update course_master set name = 'Algebra 1A' where id = 1`,
          );
        return planned;
      },
      applyNextBatch: async (...arguments_) => {
        const result = await applyNextBatch(...arguments_);
        results.push(result);
        return result;
      },
    });
    expect(executed).toBe('waiting');
    expect(results).toMatchObject([{ kind: 'plan_stale', reason: 'sources_changed' }]);
    expect((await district.view(runId)).calendars.map(({ status }) => status)).toEqual([
      'awaiting_approval',
      'awaiting_approval',
      'awaiting_approval',
    ]);
    expect(await district.rows(local)).toHaveLength(2);
  });

  it('keeps what got student work after the approval (P12, A21)', async () => {
    await district.run(
      `insert into posted_grade (section_id, gradable_id, term_seq, student_id, score) values (1, 'notes', 1, 'st', 'A')`,
    );
    expect(await district.execute(runId)).toBe('ended');
    expect(await district.rows(local)).toEqual([{ gradable_id: 'notes' }]);
  });
});
