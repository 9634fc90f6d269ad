import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { checkMessage, checkView } from '../../../playground/slack-standin/rules/payloads.ts';
import { DATA_TYPES } from '../../../src/domain/push-options.ts';
import { type PlanSummary } from '../../../src/domain/plan-summary.ts';
import { RUN_STATES, type RunView } from '../../../src/domain/push-run.ts';
import { changeView } from '../../../src/slack/approval/change-view.ts';
import { decideView } from '../../../src/slack/approval/decide-views.ts';
import { planView } from '../../../src/slack/approval/plan-view.ts';
import {
  approvalMessage,
  decisionMessage,
  reminderMessage,
} from '../../../src/slack/messages/approval-message.ts';
import { differenceLines } from '../../../src/slack/messages/difference-words.ts';
import { planMessage, replacedPlanMessage } from '../../../src/slack/messages/plan-message.ts';
import { consequencesOf } from '../../../src/slack/messages/plan-words.ts';
import { type Surroundings } from '../../../src/slack/messages/verdict.ts';
import { personNamed } from '../../support/memory-services.ts';
import { fullCounts, HOSTILE_NAMES, runView } from '../../support/run-views.ts';

/** As it goes over the wire. */
const asJson = z.record(z.string(), z.json());
const around: Surroundings = {
  now: new Date('2026-11-23T16:00:00Z'),
  zone: 'America/Chicago',
  planBlock: true,
};
const LONG = 'N'.repeat(300);

/** The fullest summary there can be, every name made from `name`. */
function summary(name: string): PlanSummary {
  const tallies = DATA_TYPES.flatMap((dataType) =>
    (['course', 'section'] as const).map((level) => ({ level, dataType, items: 1_234_567 })),
  );
  const place = { calendar: name, course: name, section: name };
  return {
    deleted: tallies,
    replaced: tallies,
    residual: tallies,
    renamed: { items: 12_345, samples: [{ ...place, before: name, after: name }] },
    noCalculation: { sections: 4321, gradables: 17 },
    weightTotals: { sections: 321, samples: [{ ...place, before: 100, after: 120 }] },
    overridesCleared: 99_999,
    courses: { total: 9, ignored: 1, mirrors: 2, desynced: 3, linkLost: 4, notLinked: 5 },
    activeYear: true,
    summerCalendars: { total: 5000, names: Array.from({ length: 20 }, () => name) },
    schools: {
      total: 5000,
      largest: Array.from({ length: 20 }, () => ({ name, courses: 1000 })),
    },
  };
}

function runNamed(name: string, change: Partial<RunView> = {}, size = 1): RunView {
  const by = { id: 8, slackUserId: 'U0BOB', name };
  return runView(
    {
      mode: 'overwrite',
      catalog: name,
      reason: name.repeat(3).slice(0, 500),
      isActiveYear: true,
      answerBy: new Date('2026-11-25T16:00:00Z'),
      counts: fullCounts(),
      plan: { id: 1, hash: 'b81f2c'.repeat(10), items: 400, writes: 96, summary: summary(name) },
      approval: {
        quorum: 2,
        askedAt: new Date('2026-11-23T16:00:00Z'),
        decisions: [
          { id: 1, by, decision: 'approve', reason: name, at: new Date(0), planId: 1 },
          { id: 2, by, decision: 'reject', reason: name, at: new Date(0), planId: 1 },
        ],
        approvers: [by],
        earlierPlanId: null,
      },
      ...change,
    },
    size,
    name,
  );
}

const sample = { calendar: LONG, course: LONG, section: LONG, item: LONG };
const DIFFERENCE = differenceLines({
  ...{ approvedPlanId: 1, planId: 2, sameHash: false, added: 1, removed: 2, changed: 3 },
  destructive: (['delete', 'unlink', 'no_calculation'] as const).map((act) => ({
    ...{ act, level: 'section' as const, dataType: 'categories' as const },
    ...{ items: 12_345, samples: [sample] },
  })),
  groups: [],
});

const wire = (value: unknown): z.infer<typeof asJson> =>
  asJson.parse(JSON.parse(JSON.stringify(value)));

describe('Every message and view about a plan passes Slack’s rules (V1–V20)', () => {
  const names = [LONG, ...HOSTILE_NAMES];
  const sizes = [1, 101, 5000];

  it.each(RUN_STATES)('messages in state %s', (state) => {
    const faults = names.flatMap((name) => {
      const run = runNamed(name, { state }, 101);
      const decision = run.approval?.decisions[0];
      return [
        planMessage(run, around, { approvers: [], quorum: 2 }),
        replacedPlanMessage(run),
        approvalMessage(run, around, DIFFERENCE),
        reminderMessage(run, around),
        ...(decision === undefined ? [] : [decisionMessage(run, decision)]),
      ].flatMap((message) => checkMessage(wire(message)));
    });
    expect(faults).toEqual([]);
  });

  it.each(sizes)('views, for %d calendars', (size) => {
    const courses = Array.from({ length: 100 }, (_, index) => ({
      ...{ id: index + 1, number: LONG, name: LONG, calendar: LONG },
    }));
    const faults = [LONG, ...HOSTILE_NAMES.slice(0, 2)].flatMap((name) => {
      const run = runNamed(name, { state: 'planned' }, size);
      const model = {
        run,
        isRequester: true,
        difference: DIFFERENCE,
        zone: 'UTC',
        now: around.now,
      };
      const change = {
        ...{ dataTypes: DATA_TYPES, toSections: true, crossSite: true },
        ...{ calendarIds: [1], leftOutCourses: [1] },
      };
      return [
        ...[0, 1, 2, 9999].map((page) => planView({ ...model, page, said: LONG.slice(0, 200) })),
        decideView('approve', run, DIFFERENCE),
        decideView('reject', run, DIFFERENCE),
        changeView({ run, person: personNamed('U0', 'T0'), change, leftOut: courses }),
      ].flatMap((view) => checkView(wire(view)));
    });
    expect(faults).toEqual([]);
  });

  it('never lets a name call the channel, mention a person or make a link (V19)', () => {
    for (const name of HOSTILE_NAMES) {
      const run = runNamed(name, { state: 'awaiting_approval' });
      const { text, blocks } = approvalMessage(run, around);
      expect(text).not.toMatch(/<!|<https|<@|[\p{Bidi_Control}\p{Cc}]/u);
      expect(JSON.stringify(blocks)).not.toMatch(/<!channel|\u202E/);
    }
  });
});

describe('What a plan does, in words', () => {
  it('names the worst first: deletions, grades that stop, weights that move', () => {
    const lines = consequencesOf(summary('Algebra'));
    expect(lines[0]).toMatch(
      /^17,283,938 items are deleted for good: 1,234,567 in Course Info at courses,/,
    );
    expect(lines[1]).toBe(
      '4,321 sections stop showing an in-progress grade, for 17 tasks and standards. Posted grades stay.',
    );
    expect(lines[2]).toContain('from 100 to 120.');
  });

  it('has the singular right, and says nothing of what does not happen', () => {
    const none = summary('Algebra');
    const lines = consequencesOf({
      ...none,
      deleted: [{ level: 'section', dataType: 'categories', items: 1 }],
      ...{ replaced: [], residual: [], renamed: { items: 0, samples: [] } },
      noCalculation: { sections: 1, gradables: 1 },
      weightTotals: { sections: 0, samples: [] },
      overridesCleared: 1,
      courses: { total: 9, ignored: 0, mirrors: 0, desynced: 1, linkLost: 0, notLinked: 0 },
      activeYear: false,
      summerCalendars: { total: 0, names: [] },
    });
    expect(lines).toEqual([
      '1 item is deleted for good: 1 in Categories at sections.',
      '1 section stops showing an in-progress grade, for 1 task or standard. Posted grades stay.',
      '1 value of its own is cleared at sections.',
      '1 course is desynced: what was changed there is not pushed.',
    ]);
  });
});
