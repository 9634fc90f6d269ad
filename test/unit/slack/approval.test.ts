import { describe, expect, it } from '@jest/globals';

import { fullDifference, fullRun, fullSummary } from '../../../playground/gallery/runs.ts';
import { personOf, type Scene } from '../../../playground/gallery/scene.ts';
import { type PlanChange } from '../../../src/domain/approval.ts';
import { DATA_TYPES } from '../../../src/domain/push-options.ts';
import { changeView, readChange } from '../../../src/slack/approval/change-view.ts';
import { differenceLines } from '../../../src/slack/messages/difference-words.ts';
import { consequencesOf } from '../../../src/slack/messages/plan-words.ts';

describe('What a plan does, in words', () => {
  it('names the worst first: deletions, grades that stop, weights that move', () => {
    const lines = consequencesOf({
      ...fullSummary('Algebra'),
      noCalculation: { sections: 4321, gradables: 17 },
    });
    expect(lines[0]).toMatch(
      /^17,283,938 items are deleted for good: 1,234,567 in Course Info at courses,/,
    );
    expect(lines[1]).toBe(
      '4,321 sections stop showing an in-progress grade, for 17 tasks and standards. Posted grades stay.',
    );
    expect(lines[2]).toBe(
      'In 1,234,567 sections the category weights add up to something else, which moves grades: ' +
        'Algebra, section Algebra (Algebra), from 100 to 120; Algebra, section Algebra (Algebra), from 100 to 120; ' +
        'Algebra, section Algebra (Algebra), from 100 to 120; and 1,234,564 more.',
    );
  });

  it('has the singular right, and says nothing of what does not happen', () => {
    const none = fullSummary('Algebra');
    const lines = consequencesOf({
      ...none,
      deleted: [{ level: 'section', dataType: 'categories', items: 1 }],
      notUndone: { edited: 1, used: 0 },
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
      '1 value that a section had of its own is cleared.',
      '1 item was changed since and stays as now.',
      '1 course is desynced: what was changed there is not pushed.',
    ]);
  });
});

describe('How a new plan differs from the approved one, in words', () => {
  it('names the first few groups with their counts, and sums up the others', () => {
    const lines = differenceLines(fullDifference({ name: 'Quizzes', size: 1, amount: 12 }));
    expect(lines[0]).toBe(
      '12 more items are now deleted in Course Info, such as Quizzes of Quizzes, section Quizzes and ' +
        'Quizzes of Quizzes, section Quizzes.',
    );
    expect(lines.at(-2)).toBe(
      'Of 16 more groups, 192 items are now deleted, lose their links or are set to No Calculation.',
    );
    expect(lines.at(-1)).toBe(
      'In all 12 items came, 12 items went and 12 items changed: 12 in Course Info (now “Updated”), ' +
        '12 in Grading Tasks/Standards (now “Updated”), 12 in Composite Grades (now “Updated”) and 48 elsewhere.',
    );
  });
});

describe('“Change and plan again” (G22)', () => {
  /** A run on the first `pushed` of the scene's calendars, without these courses. */
  function form(pushed: number, leftOut: readonly number[], size = 500) {
    const scene: Scene = { name: 'Harrison', size, amount: 2 };
    const run = fullRun({ ...scene, size: pushed }, 'planned');
    const change: PlanChange = {
      ...{ dataTypes: DATA_TYPES, toSections: false, crossSite: false },
      calendarIds: run.calendars.map(({ calendarId }) => calendarId),
      leftOutCourses: leftOut,
    };
    const calendars = Array.from({ length: size }, (_, index) => ({
      ...{ calendarId: index + 1, name: `Calendar ${index + 1}` },
    }));
    const view = changeView({
      ...{ run, change, calendars, person: personOf(scene) },
      leftOut: leftOut
        .slice(0, 100)
        .map((id) => ({ id, number: `${id}`, name: 'Algebra', calendar: 'Harrison' })),
    });
    type Fields = Readonly<Record<string, readonly (number | string)[]>>;
    const sent = (fields: Fields) => {
      const all: Fields = { change_types: DATA_TYPES, ...fields };
      return readChange({
        ...{ change, calendars },
        privateMetadata: view.private_metadata ?? '',
        stateValues: {
          block: Object.fromEntries(
            Object.entries(all).map(([field, chosen]) => [
              field,
              { selected_options: chosen.map((value) => ({ value: String(value) })) },
            ]),
          ),
        },
      });
    };
    return { view, sent };
  }
  const idsTo = (last: number, first = 1): number[] =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index);

  it('given 3 courses left out, when one of them is unticked, then the others stay left out', () => {
    const { view, sent } = form(1, idsTo(3));
    expect(JSON.stringify(view)).not.toContain('change_courses_back');
    expect(sent({ change_courses: [1, 3] }).leftOutCourses).toEqual([1, 3]);
  });

  it('given 250 courses left out, when any of them are taken back, then the others stay left out, and one more goes', () => {
    const { view, sent } = form(1, idsTo(250));
    expect(JSON.stringify(view)).toContain('250 courses are left out until now.');
    const { leftOutCourses } = sent({ change_courses_back: [1, 249], change_courses: [400] });
    expect([...leftOutCourses]).toEqual([...idsTo(248, 2), 250, 400]);
    expect(sent({}).leftOutCourses).toHaveLength(250);
    expect(sent({ change_all_courses_back: ['all'], change_courses: [7] }).leftOutCourses).toEqual([
      7,
    ]);
  });

  it('given a calendar that was unticked before, then it is offered and can be ticked again', () => {
    const { view, sent } = form(2, [], 3);
    expect(JSON.stringify(view)).toContain('Calendar 3');
    expect(sent({ change_calendars: [1, 2, 3] }).calendarIds).toEqual([1, 2, 3]);
  });

  it('given more than 100 calendars and some left out, then any of them is unticked to take it back', () => {
    const { view, sent } = form(350, [], 450);
    expect(JSON.stringify(view)).not.toContain('change_calendars_back');
    const out = idsTo(450, 351);
    expect(sent({ change_calendars_out: out }).calendarIds).toHaveLength(350);
    expect(sent({ change_calendars_out: out.slice(2) }).calendarIds).toEqual(
      expect.arrayContaining([1, 350, 351, 352]),
    );
    expect(sent({ change_calendars_out: [...out, 1] }).calendarIds).not.toContain(1);
  });

  it('given more than 100 calendars left out, when any of them are taken back, then the others stay left out, and one more goes', () => {
    const { view, sent } = form(350, []);
    expect(JSON.stringify(view)).toContain('150 calendars are left out until now.');
    const { calendarIds } = sent({ change_calendars_back: [351, 500], change_calendars_out: [7] });
    expect([...calendarIds]).toEqual([...idsTo(6), ...idsTo(351, 8), 500]);
    expect(sent({}).calendarIds).toEqual(idsTo(350));
    const all = sent({ change_all_calendars_back: ['all'], change_calendars_out: [7] });
    expect(new Set(all.calendarIds)).toEqual(new Set([...idsTo(6), ...idsTo(500, 8)]));
  });

  it('given few of many calendars, then those to push are searched', () => {
    const { view, sent } = form(3, []);
    expect(JSON.stringify(view)).toContain('"block_id":"change_calendars~1042"');
    expect(sent({ change_calendars: [1, 499] }).calendarIds).toEqual([1, 499]);
  });

  it('keeps an unticked kind of data unticked', () => {
    expect(form(1, []).sent({ change_types: ['categories'] }).dataTypes).toEqual(['categories']);
  });
});
