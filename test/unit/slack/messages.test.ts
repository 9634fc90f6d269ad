import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { checkMessage } from '../../../playground/slack-standin/rules/payloads.ts';
import { anchorMessage } from '../../../src/slack/messages/anchor.ts';
import {
  helpAnswer,
  noRightAnswer,
  strangerAnswer,
  tooSlowAnswer,
  unknownWordAnswer,
  unmappedAnswer,
} from '../../../src/slack/messages/answers.ts';
import { filesComment, filesLost, planFilesComment } from '../../../src/slack/messages/files.ts';
import { finishedMessage } from '../../../src/slack/messages/finished.ts';
import { type Message } from '../../../src/slack/messages/rich-text.ts';
import { type Surroundings } from '../../../src/slack/messages/verdict.ts';
import { runView } from '../../../playground/gallery/runs.ts';

/** As it goes over the wire. */
const asJson = z.record(z.string(), z.json());

const around: Surroundings = {
  now: new Date('2026-11-23T16:00:00Z'),
  zone: 'America/Chicago',
  planBlock: true,
};

function findings(message: Message): unknown[] {
  return checkMessage(asJson.parse(JSON.parse(JSON.stringify(message))));
}

/** All words of the blocks, as a reader sees them. */
function seen(message: Message): string {
  const texts: string[] = [];
  JSON.stringify(message.blocks, (key, value: unknown) => {
    if ((key === 'text' || key === 'title') && typeof value === 'string') texts.push(value);
    return value;
  });
  return texts.join('');
}

describe('The finished reply', () => {
  it('says the verdict first and mentions who asked (B07)', () => {
    const { text } = finishedMessage(runView(), around);
    expect(text).toMatch(
      /^<@U0ALICE> Completed with 17 exceptions: push 1042, High School Catalog/,
    );
  });

  it('says “Completed” when nothing was held back', () => {
    const run = runView({ state: 'completed' });
    const clean = { ...run, calendars: run.calendars.map((one) => ({ ...one, exceptions: 0 })) };
    expect(seen(finishedMessage(clean, around))).toContain('Completed.');
  });

  it('says that nothing needed doing when nothing was written, and what was left alone (G17)', () => {
    const run = runView({ state: 'completed', applied: 0 });
    const idle = {
      ...run,
      calendars: run.calendars.map((one) => ({ ...one, exceptions: 0 })),
      artifacts: run.artifacts.map((file) => ({ ...file, rows: 1 })),
    };
    expect(seen(finishedMessage(idle, around))).toContain(
      'Nothing needed doing; everything was already up to date. Nothing was written. 1 item was left alone on purpose',
    );
  });

  it('says of a failed push what stays, and keeps the text of the error to itself (V30)', () => {
    const run = runView({ state: 'failed', error: 'duplicate key value violates "course_pk"' });
    const message = finishedMessage(run, around);
    expect(seen(message)).toContain(
      '400 of 1,200 courses were done and stay pushed: 96 items were written. 800 courses were not reached',
    );
    expect(JSON.stringify(message)).not.toContain('course_pk');
    const nothing = runView({ state: 'failed', applied: 0 });
    expect(seen(finishedMessage(nothing, around))).toContain('Nothing was pushed.');
  });

  it('gives counts in words by kind of data, and reasons with what to do', () => {
    const message = finishedMessage(
      runView({
        counts: [
          {
            calendarId: 1,
            level: 'course',
            dataType: 'categories',
            outcome: 'UPDATED',
            reason: null,
            items: 1200,
          },
          {
            calendarId: 2,
            level: 'course',
            dataType: 'categories',
            outcome: 'UPDATED',
            reason: null,
            items: 34,
          },
          {
            calendarId: 1,
            level: 'course',
            dataType: 'categories',
            outcome: 'FAILED_DESYNCED',
            reason: 'changed_below',
            items: 2,
          },
          {
            calendarId: null,
            level: 'run',
            dataType: 'assessments',
            outcome: 'SKIPPED_UNLOCKED',
            reason: 'not_locked',
            items: 1,
          },
        ],
      }),
      around,
    );
    expect(seen(message)).toContain('Categories: 1,234 updated, 2 failed (desynced)');
    expect(seen(message)).toContain('Assessments: 1 skipped (not locked in the catalog)');
    expect(seen(message)).toContain(
      '2 items: The value was changed here since the last push. Relink',
    );
    expect(seen(message)).not.toMatch(/FAILED_|changed_below|not_locked/);
  });

  it('never says plain success of a push that held something back (P12)', () => {
    const run = runView({ state: 'completed', held: 2 });
    const clean = { ...run, calendars: run.calendars.map((one) => ({ ...one, exceptions: 0 })) };
    expect(finishedMessage(clean, around).text).toContain('Completed with 2 exceptions');
  });

  it('gives the headline counts first, then those by calendar, and mentions who approved (B07)', () => {
    const counts = [
      {
        calendarId: 1,
        level: 'course' as const,
        dataType: 'categories' as const,
        outcome: 'FAILED_DESYNCED' as const,
        reason: 'changed_below',
        items: 17,
      },
    ];
    const bob = { id: 8, slackUserId: 'U0BOB', name: 'Bob Baker' };
    const run = runView({ counts, approvedBy: [bob] }, 2);
    const message = finishedMessage(run, around);
    const order = ['By kind of data', 'By calendar', 'Why, and what to do', 'Audit log up to here'];
    const places = order.map((title) => seen(message).indexOf(title));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    expect(message.text).toContain('Approved by <@U0BOB>.');
    expect(JSON.stringify(message.blocks)).toContain('"user_id":"U0BOB"');
  });

  it('tells ignored courses apart, so that the figures add up', () => {
    const run = runView({ state: 'completed' });
    const calendars = run.calendars.map((one) => ({
      ...one,
      ...{ coursesTotal: 28, coursesDone: 27, coursesIgnored: 1, coursesLeft: 0, exceptions: 0 },
    }));
    expect(seen(finishedMessage({ ...run, calendars }, around))).toContain(
      'Completed. 28 courses: 27 done, 1 ignored. 96 items were written.',
    );
    expect(seen(anchorMessage({ ...run, state: 'running', calendars }, around))).toContain(
      'Running. 28 courses: 27 done, 1 ignored.',
    );
  });

  it('gives no figures of a push that began and was rejected before it wrote', () => {
    const run = runView({ state: 'rejected', applied: 0, artifacts: [] }, 3);
    const text = seen(finishedMessage(run, around));
    expect(text).toContain('Nothing was pushed.');
    expect(text).not.toMatch(/By calendar|exceptions|follow in this thread/);
  });

  it('lists calendars by their exceptions and sums up those beyond 25', () => {
    const text = seen(finishedMessage(runView({}, 5000), around));
    expect(text).toContain('24-25 Harrison High 1: 400 of 1,200 courses, 17 exceptions');
    expect(text).toContain('4,975 more calendars; the report files name every one.');
  });
});

describe('The anchor', () => {
  it('says when a scheduled push starts, with the zone named', () => {
    const { text } = anchorMessage(
      runView({ state: 'queued', scheduledFor: new Date('2026-11-24T02:00:00Z') }),
      around,
    );
    expect(text).toMatch(/^Scheduled: push 1042.*It starts on Nov 23, 2026, 8:00 PM CST\./);
  });

  it('says that nothing processes the queue when no worker is alive (B03)', () => {
    const workers = { alive: 0, lastSeenAt: new Date('2026-11-23T13:12:00Z') };
    const run = runView({ state: 'queued', runNow: true });
    expect(anchorMessage(run, { ...around, workers }).text).toContain(
      'No worker has been running since Nov 23, 2026, 7:12 AM CST.',
    );
  });

  it('says of a push for later that nobody works out its plan, not only when it starts (B03)', () => {
    const workers = { alive: 0, lastSeenAt: new Date('2026-11-23T13:12:00Z') };
    const run = runView({ state: 'planning', scheduledFor: new Date('2026-11-24T02:00:00Z') });
    expect(anchorMessage(run, { ...around, workers }).text).toContain(
      'No worker has been running since Nov 23, 2026, 7:12 AM CST. Its plan is worked out by itself once one is.',
    );
    expect(anchorMessage(run, around).text).toContain('It starts on Nov 23, 2026, 8:00 PM CST.');
  });

  it('says that a running push has no news from its worker, and that it goes on by itself (5.4)', () => {
    const workers = { alive: 0, lastSeenAt: new Date('2026-11-23T13:41:00Z') };
    const silent = { ...around, workers };
    const lost = runView({ state: 'running', isUnattended: true });
    expect(anchorMessage(lost, silent).text).toContain(
      'No news from the worker since 7:41 AM CST; it goes on by itself when a worker is back.',
    );
    const stopping = { ...lost, isStopping: true };
    expect(anchorMessage(stopping, silent).text).toContain('canceled and ends when a worker is');
    expect(anchorMessage(stopping, around).text).toMatch(/^Stopping: /);
  });

  it('counts no course as done while a push that starts is planned once more (G13)', () => {
    const run = runView({ state: 'running', plan: null });
    const message = anchorMessage(run, around);
    expect(message.text).toContain('Working out the plan once more; nothing was written yet.');
    expect(JSON.stringify(message.blocks)).not.toMatch(/Progress|courses done/);
    expect(JSON.stringify(message.blocks)).toContain('Courses already done stay pushed');
  });

  it('says of a canceled plan that is still worked out that it stops, and asks in the words of its state', () => {
    const bob = { id: 2, slackUserId: 'U2', name: 'Bob' };
    const run = runView({ state: 'planning', isStopping: true, endedBy: bob });
    expect(anchorMessage(run, around).text).toMatch(/^Stopping: .*Nothing was pushed\.$/);
    expect(JSON.stringify(anchorMessage(run, around).blocks)).toContain('It has not begun');
  });

  it('shows a card per calendar up to 12, the busy ones first, and sums up the rest', () => {
    const [plan] = anchorMessage(runView({ state: 'running' }, 100), around).blocks.filter(
      (block) => block.type === 'plan',
    );
    expect(plan).toHaveProperty('title', 'Progress: 40,000 of 120,000 courses');
    expect(plan).toHaveProperty('tasks.length', 12);
    expect(JSON.stringify(plan)).toContain('89 more calendars: 35,600 of 106,800 courses');
  });

  it('gives calendars without courses one line, here and in the result', () => {
    const run = runView({ state: 'running' }, 3);
    const [first, ...others] = run.calendars;
    const none = { coursesTotal: 0, coursesDone: 0, exceptions: 0 };
    const calendars = [first ?? [], others.map((one) => ({ ...one, ...none }))].flat();
    const message = anchorMessage({ ...run, calendars }, around);
    expect(message.blocks.find(({ type }) => type === 'plan')).toHaveProperty('tasks.length', 1);
    expect(seen(message)).toContain('2 more calendars have no courses of this push.');
    const result = seen(finishedMessage({ ...run, state: 'completed', calendars }, around));
    expect(result).toContain('2 more calendars have no courses of this push.');
    expect(result).not.toContain('Harrison High 2');
    expect(findings(message)).toEqual([]);
  });

  it('says the same as a list where Slack refuses the plan block', () => {
    const message = anchorMessage(runView({ state: 'running' }, 2), {
      ...around,
      planBlock: false,
    });
    expect(message.blocks.map(({ type }) => type)).not.toContain('plan');
    expect(seen(message)).toContain('24-25 Harrison High 2: 400 of 1,200 courses, running');
  });
});

describe('Answers to the command pass Slack’s rules and say what to do', () => {
  it.each([
    ['help', helpAnswer('/push-course-masters')],
    ['an unknown word', unknownWordAnswer('/push-course-masters', 'quue')],
    ['a hostile word', unknownWordAnswer('/push-course-masters', '`<!channel>` & <@U1>')],
    ['an unmapped user', unmappedAnswer({ teamId: 'T1', userId: 'U1' })],
    ['a guest', strangerAnswer('guest')],
    ['somebody whom Slack does not name', strangerAnswer('unknown')],
    ['a missing right', noRightAnswer()],
    ['a lost trigger', tooSlowAnswer()],
    ['lost files', filesLost(runView())],
    ['lost files of a plan', filesLost(runView(), 'plan')],
  ])('%s', (_, message) => {
    expect(findings(message)).toEqual([]);
  });

  it('suggests the nearest word', () => {
    expect(unknownWordAnswer('/x', 'halp').text).toContain(
      "I don't know `halp`. Did you mean `help`?",
    );
    expect(unknownWordAnswer('/x', 'frobnicate').text).toContain(
      'You can use `new`, `master`, `queue`, `approvals`, `show`, `cancel`, `report`, `notify`, `people` or `help`.',
    );
  });

  it('neutralises the word it repeats', () => {
    expect(unknownWordAnswer('/x', '`<!channel>`').text).toContain("`'‹!channel&gt;'`");
  });

  it('names both ids that an administrator needs', () => {
    expect(unmappedAnswer({ teamId: 'T1', userId: 'U1' }).text).toContain(
      'user `U1`, workspace `T1`',
    );
  });

  it('says which files are lost, and where in Slack they are to be had', () => {
    expect(filesLost(runView()).text).toMatch(/^The report files .*“Get the report” in the queue/);
    expect(filesLost(runView(), 'plan').text).toMatch(/^The files of the plan .*“Full plan as a/);
  });

  it('says of a plan’s file why it comes as CSV alone, and of an undo what it is about', () => {
    const file = { kind: 'plan', fileName: 'plan.csv', rows: 57_086 } as const;
    const csv = { ...file, format: 'csv' } as const;
    const long = planFilesComment(runView({ undoes: 1041, artifacts: [csv] }));
    expect(long).toMatch(
      /57,086 lines.* could not be put back\. So long, it comes as CSV alone\.$/,
    );
    const both = planFilesComment(runView({ artifacts: [csv, { ...file, format: 'xlsx' }] }));
    expect(both).toMatch(/could not be pushed\.$/);
  });

  it('counts the lines of both files', () => {
    expect(filesComment(runView())).toContain('has 18 lines, the change log 96 lines.');
  });
});
