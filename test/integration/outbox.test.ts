import { describe, expect, it } from '@jest/globals';
import { noticeBox } from '../../src/db/queries/notices.ts';
import { type Notice, type NoticeBox } from '../../src/domain/ports.ts';
import { cancelRun } from '../../src/runs/cancel-run.ts';
import { announceProgress } from '../../src/runs/notices.ts';
import { tellWaiting } from '../../src/runs/tell-waiting.ts';
import { type PushDistrict } from '../support/push-district.ts';
import { usePushDistrict } from '../support/use-push-district.ts';

let district: PushDistrict;
let box: NoticeBox;

usePushDistrict((opened) => {
  district = opened;
  box = noticeBox(district.db);
});

const MESSAGE = { channelId: 'C1', ts: '1.1' };

async function kindsClaimed(): Promise<string[]> {
  return (await box.claim(10)).map(({ kind }) => kind);
}

async function claimOne(): Promise<Notice> {
  const [notice] = await box.claim(1);
  if (notice === undefined) throw new Error('no notice is due');
  return notice;
}

/** Sends whatever is due, round by round, and returns the kinds in order. */
async function sendAll(): Promise<string[]> {
  const sent: string[] = [];
  for (;;) {
    await district.run(`update slack_outbox set not_before = now() where state = 'pending'`);
    const notices = await box.claim(10);
    if (notices.length === 0) return sent;
    for (const { id, kind } of notices) {
      sent.push(kind);
      await box.sent(id, MESSAGE);
    }
  }
}

async function progressOf(runId: number): Promise<void> {
  await announceProgress(district.db, runId);
}

describe('Given a run with a thread, when it goes its way', () => {
  it('asks for the opening message with the submission, and for nothing else before it is sent', async () => {
    const runId = await district.submit();
    await progressOf(runId);
    expect(await kindsClaimed()).toEqual(['anchor']);
    expect(await kindsClaimed()).toEqual([]);
  });

  it('tells the end once, with one edit for all the progress', async () => {
    const runId = await district.submit();
    await district.execute(runId);
    expect(await district.execute(runId)).toBe('not_due');
    expect((await sendAll()).sort()).toEqual(['anchor', 'finished', 'progress']);
    expect(await sendAll()).toEqual([]);
  });

  it('asks for the files when there are some, after the result', async () => {
    const runId = await district.submit();
    await district.execute(runId, {
      writeReports: async () => {
        await district.run(`insert into push_artifact (run_id, kind, format, file_name, sha256, row_count, body)
          values (${runId}, 'push_report', 'csv', 'push.csv', '', 1, 'x')`);
      },
    });
    expect(await kindsClaimed()).toEqual(['anchor']);
    await district.run(`update slack_outbox set lease_until = null`);
    const sent = await sendAll();
    expect(sent.at(-1)).toBe('files');
    expect([...sent].sort()).toEqual(['anchor', 'files', 'finished', 'progress']);
  });

  it('tells of a cancellation in the same transaction', async () => {
    const runId = await district.submit({
      schedule: { kind: 'batch', at: new Date(Date.now() + 3_600_000) },
    });
    await cancelRun(district.db)({ person: district.admin, runId, from: 'test' });
    expect((await sendAll()).sort()).toEqual(['anchor', 'finished', 'progress']);
  });

  it('tells nothing of a run that has no thread', async () => {
    await district.execute(await district.submit({ channelId: null }));
    expect(await district.rows('select id from slack_outbox')).toEqual([]);
  });
});

describe('Given a notice that was claimed', () => {
  it('makes it due once more when the run changes while the message is on its way', async () => {
    const runId = await district.submit();
    await sendAll();
    await progressOf(runId);
    const notice = await claimOne();
    await progressOf(runId);
    await progressOf(runId);
    await box.sent(notice.id, MESSAGE);
    expect(await sendAll()).toEqual(['progress']);
    expect(await sendAll()).toEqual([]);
  });

  it('edits a message that was just sent again after 3 s at the earliest', async () => {
    const runId = await district.submit();
    await progressOf(runId);
    await sendAll();
    await progressOf(runId);
    expect(await box.claim(10)).toEqual([]);
    const rows = await district.rows<{ soon: boolean }>(
      `select not_before > now() + interval '2 seconds' as soon from slack_outbox where kind = 'progress'`,
    );
    expect(rows).toEqual([{ soon: true }]);
  });

  it('keeps it from other senders until its claim runs out, then says that Slack may have it', async () => {
    await district.submit();
    const first = await claimOne();
    expect(first).toMatchObject({
      kind: 'anchor',
      attempt: 1,
      outcomeUnknown: false,
      progress: {},
    });
    expect(await box.claim(10)).toEqual([]);
    await district.run(`update slack_outbox set lease_until = now() - interval '1 second'`);
    expect(await claimOne()).toMatchObject({ id: first.id, attempt: 2, outcomeUnknown: true });
  });

  it('gives each notice to one of several senders that claim at once', async () => {
    for (let n = 0; n < 6; n += 1) await district.submit();
    const claimed = await Promise.all([box.claim(4), box.claim(4), box.claim(4)]);
    const ids = claimed.flat().map(({ id }) => id);
    expect(ids).toHaveLength(6);
    expect(new Set(ids).size).toBe(6);
  });

  it('waits as long as it is told, remembers what was done, and knows an unanswered call (F29)', async () => {
    await district.submit();
    const { id } = await claimOne();
    await box.saveProgress(id, { fileId: 'F1' });
    await box.retry(id, {
      delayMs: 60_000,
      error: 'no answer',
      unknown: true,
      trouble: 'no_answer',
    });
    expect(await box.claim(10)).toEqual([]);
    await district.run(`update slack_outbox set not_before = now()`);
    expect(await claimOne()).toMatchObject({ outcomeUnknown: true, progress: { fileId: 'F1' } });
    await box.retry(id, {
      delayMs: 0,
      error: 'rate limited',
      unknown: false,
      trouble: 'rate_limited',
    });
    expect(await claimOne()).toMatchObject({ outcomeUnknown: true, attempt: 3 });
  });

  it('lets the others go when it is dropped', async () => {
    const runId = await district.submit();
    await progressOf(runId);
    await box.drop((await claimOne()).id, 'is_archived');
    expect(await kindsClaimed()).toEqual(['progress']);
  });

  it('keeps where the thread is', async () => {
    const runId = await district.submit();
    await box.saveAnchor(runId, { channelId: 'D9', ts: '7.7' });
    expect((await district.view(runId)).thread).toEqual({ channelId: 'D9', anchorTs: '7.7' });
  });
});

describe('Given no worker alive, when the waiting pushes are told of it', () => {
  /** Runs for tomorrow whose plan nobody has worked out yet, each with a thread. */
  const PLANNED_LATER = `
    with run as (
      insert into push_run (catalog_id, school_year_id, mode, to_sections, cross_site, data_types,
        all_calendars, requested_by, scheduled_for, run_now, idempotency_key)
      select catalog_id, school_year_id, mode, to_sections, cross_site, data_types, all_calendars,
        requested_by, now() + interval '1 day', false, 'later-' || n
      from push_run, generate_series(1, 150) n returning id)
    insert into run_thread (run_id, channel_id) select id, 'C1' from run`;

  it('tells every thread once, those of pushes for later and of a push that runs too (B03)', async () => {
    const running = await district.submit();
    await district.run(PLANNED_LATER);
    await district.run(`update push_run set state = 'running', claimed_by = 'gone',
      lease_until = now() + interval '1 hour' where id = ${running}`);
    const round = tellWaiting(district.db);
    const due = (): Promise<{ n: number }[]> =>
      district.rows(`select count(*) as n from slack_outbox where kind = 'progress'
        and state = 'pending'`);
    await round();
    expect(await due()).toEqual([{ n: 151 }]);
    await district.run(`update slack_outbox set state = 'sent', sent_at = now(),
      payload = jsonb_set(payload, '{taken}', '1')`);
    await round();
    expect(await due()).toEqual([{ n: 0 }]);
    await district.run(`insert into worker_heartbeat (worker_id) values ('back')`);
    await round();
    expect(await due()).toEqual([{ n: 151 }]);
  });
});
