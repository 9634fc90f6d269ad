import { describe, expect, it } from '@jest/globals';
import {
  assignment,
  calcOption,
  category,
  courseOf,
  DISTRICT,
  editCourse,
  editMaster,
  editSection,
  outcomesAt,
  postedGrade,
  push,
  sectionOf,
  task,
} from '../../oracle/fixture-district.ts';
import { type DistrictState } from '../../oracle/state.ts';

const SECTION = 'HH 1010/1';
const withoutQuarter = (state: DistrictState): DistrictState =>
  editMaster(state, '1010', ({ setup }) => ({
    setup: {
      ...setup,
      tasks: setup.tasks.filter((t) => t.gradable !== 'quarter'),
      calcOptions: [],
      categories: setup.categories.map((c) => ({ ...c, gradables: [] })),
    },
  }));

describe('The model on the scenarios of domain.md 4.2', () => {
  it('writes nothing when nothing changed', () => {
    const result = push(DISTRICT);
    expect(result.state).toEqual(DISTRICT);
    expect(result.items.map((item) => item.outcome)).toEqual([
      'SKIPPED_UNLOCKED',
      'SKIPPED_UNLOCKED',
    ]);
  });

  it('A01: State Code arrives at the four courses, Max Students and grading stay', () => {
    const edit = (id: string, state: DistrictState): DistrictState =>
      editMaster(state, id, ({ attrs }) => ({
        attrs: { ...attrs, state_code: 'new', max_students: 9 },
      }));
    const result = push(edit('1010', edit('2010', DISTRICT)), { types: ['course_info'] });
    const updated = result.items.filter((item) => item.outcome === 'UPDATED');
    expect(updated.map((item) => item.key)).toEqual(Array(4).fill('attr:state_code'));
    expect(courseOf(result.state, 'VB 1010').attrs['max_students']).toBe(30);
  });

  it('A02: a push of one master reaches its courses alone', () => {
    const rename = (state: DistrictState, id: string): DistrictState =>
      editMaster(state, id, ({ attrs }) => ({ attrs: { ...attrs, name: 'New' } }));
    const result = push(rename(rename(DISTRICT, '1010'), '2010'), { master: '2010' });
    const names = result.state.courses.map((c) => c.attrs['name']);
    expect(names.filter((name) => name === 'New')).toHaveLength(2);
    expect(courseOf(result.state, 'HH 1010')).toEqual(courseOf(DISTRICT, 'HH 1010'));
  });

  it('A03: Ignore Master Push leaves the course out of both modes with one line', () => {
    const ignored = editCourse(withoutQuarter(DISTRICT), 'VB 1010', () => ({
      ignoreMasterPush: true,
    }));
    for (const mode of ['push_locked', 'overwrite'] as const) {
      const result = push(ignored, { mode, crossSite: true });
      expect(outcomesAt(result, 'VB 1010')).toEqual(['SKIPPED_IGNORED']);
      expect(courseOf(result.state, 'VB 1010')).toEqual(courseOf(ignored, 'VB 1010'));
    }
  });

  it('A06: an edited, deleted or unlinked task fails its course and no other', () => {
    const edited = editCourse(DISTRICT, 'HH 1010', ({ setup }) => ({
      setup: { ...setup, tasks: setup.tasks.map((t) => ({ ...t, scoreGroup: 'B' })) },
    }));
    const result = push(edited, { types: ['grading_tasks_standards', 'grade_calc_options'] });
    expect(outcomesAt(result, 'HH 1010')).toEqual([
      'task:quarter FAILED_DESYNCED',
      'task:semester FAILED_DESYNCED',
      'task:final FAILED_DESYNCED',
      'SKIPPED_DEPENDENCY',
    ]);
    const cleared = editCourse(DISTRICT, 'HH 1010', () => ({ master: null }));
    const lost = push(cleared);
    expect(new Set(lost.items.flatMap((i) => (i.course === 'HH 1010' ? i.reason : [])))).toEqual(
      new Set(['master_link_lost']),
    );
    const healed = push(cleared, { mode: 'overwrite' });
    expect(courseOf(healed.state, 'HH 1010').master).toBe('1010');
    expect(push(healed.state).state).toEqual(healed.state);
  });

  it('A08: overwrite deletes an empty task of the course and keeps one with work until it is realigned', () => {
    const own = editCourse(DISTRICT, 'HH 2010', ({ setup }) => ({
      setup: { ...setup, tasks: [...setup.tasks, task('lab'), task('notes')] },
    }));
    const worked = { ...own, assignments: [assignment('HH 2010/1', 'lab')] };
    const first = push(worked, { mode: 'overwrite' });
    expect(outcomesAt(first, 'HH 2010')).toEqual([
      'task:lab RETAINED_PROTECTED',
      'task:notes DELETED',
    ]);
    const realigned = { ...first.state, assignments: [assignment('HH 2010/1', 'quarter')] };
    const locked = push(realigned, { run: 3 });
    expect(courseOf(locked.state, 'HH 2010').setup.tasks).toHaveLength(4);
    const second = push(locked.state, { run: 4, mode: 'overwrite' });
    expect(outcomesAt(second, 'HH 2010')).toEqual(['task:lab DELETED']);
  });

  it('A10: overwrite keeps a teacher calc option with scores and replaces one without', () => {
    const cleared = editSection(DISTRICT, SECTION, ({ setup, links }) => ({
      setup: {
        ...setup,
        calcOptions: [1, 2].map((term) => calcOption('quarter', term, { gradingScale: null })),
      },
      links: links.filter((link) => link.dataType !== 'grade_calc_options'),
    }));
    const worked = { ...cleared, assignments: [assignment(SECTION, 'quarter')] };
    const result = push(worked, { mode: 'overwrite' });
    expect(outcomesAt(result, 'HH 1010')).toEqual([
      `${SECTION} calc:quarter:1 RETAINED_PROTECTED`,
      `${SECTION} calc:quarter:2 RELINKED`,
    ]);
  });

  it('A11, A12: a removed task with grades stays without calculation, and comes back relinked', () => {
    const graded = {
      ...withoutQuarter(DISTRICT),
      assignments: [assignment(SECTION, 'quarter')],
      postedGrades: [postedGrade(SECTION, 'quarter')],
    };
    const residual = push(graded, { mode: 'overwrite' });
    const none = calcOption('quarter', 1, {
      calcType: 'none',
      gradingScale: null,
      weightCategories: false,
    });
    expect(courseOf(residual.state, 'HH 1010').setup.calcOptions[0]).toEqual(none);
    expect(sectionOf(residual.state, SECTION).setup.calcOptions[0]).toEqual({
      ...none,
      readOnly: true,
    });
    const again = push(residual.state, { mode: 'overwrite' });
    expect(again.state).toEqual(residual.state);

    const fixed = editCourse(residual.state, 'HH 1010', ({ setup }) => ({
      setup: { ...setup, calcOptions: [calcOption('quarter', 1), ...setup.calcOptions.slice(1)] },
    }));
    const shown = push(fixed, { run: 3 });
    expect(sectionOf(shown.state, SECTION).setup.calcOptions[0]?.calcType).toBe('in_progress');
    expect(shown.items.filter((item) => item.outcome === 'FAILED_DESYNCED')).toEqual([]);

    const back = editMaster(residual.state, '1010', ({ setup }) => ({
      setup: { ...setup, tasks: [...setup.tasks, task('quarter', { scoreGroup: 'B', credit: 2 })] },
    }));
    const relinked = push(back, { run: 3 });
    const row = courseOf(relinked.state, 'HH 1010').setup.tasks.find(
      (t) => t.gradable === 'quarter',
    );
    const before = courseOf(DISTRICT, 'HH 1010').setup.tasks.find((t) => t.gradable === 'quarter');
    expect(row).toEqual({ ...before, scoreGroup: 'A', credit: 2 });
    expect(outcomesAt(relinked, 'HH 1010')).toContain('task:quarter WITHHELD');

    const realigned = { ...residual.state, assignments: [], postedGrades: [] };
    const gone = push(realigned, { run: 3, mode: 'overwrite' });
    expect(courseOf(gone.state, 'HH 1010').setup.calcOptions).toEqual([]);
    expect(sectionOf(gone.state, SECTION).setup.calcOptions).toEqual([]);
  });

  it('A15: each kind of student work protects by itself', () => {
    const base = withoutQuarter(DISTRICT);
    const kinds: DistrictState[] = [
      { ...base, assignments: [assignment(SECTION, 'quarter', { dueOn: null, active: false })] },
      { ...base, postedGrades: [postedGrade(SECTION, 'quarter', { score: null })] },
      {
        ...base,
        postedGrades: [
          postedGrade(SECTION, 'quarter', { score: null, percent: null, comment: 'ok' }),
        ],
      },
    ];
    for (const state of kinds)
      expect(outcomesAt(push(state), 'HH 1010')).toContain('task:quarter RETAINED_PROTECTED');
    expect(outcomesAt(push(base), 'HH 1010')).toContain('task:quarter DELETED');
  });

  it('A16: overwrite without sections changes no section row but those of deleted tasks', () => {
    const result = push(withoutQuarter(DISTRICT), { mode: 'overwrite', toSections: false });
    const [now, was] = [sectionOf(result.state, SECTION), sectionOf(DISTRICT, SECTION)];
    expect(now.setup).toEqual({ ...was.setup, calcOptions: [] });
  });

  it('A17: cross-site flags move with their option where the school takes part', () => {
    const on = editMaster(DISTRICT, '1010', () => ({ crossSiteEnabled: true }));
    expect(push(on).state).toEqual(on);
    const pushed = push(on, { crossSite: true });
    expect(sectionOf(pushed.state, SECTION)).toMatchObject({
      crossSiteEnabled: true,
      crossSiteOffered: true,
    });
    expect(courseOf(pushed.state, 'VB 1010').crossSiteEnabled).toBe(false);
    const mapped = editSection(
      editMaster(pushed.state, '1010', () => ({ crossSiteEnabled: false })),
      SECTION,
      () => ({ mapStatuses: ['mapped'] }),
    );
    const off = push(mapped, { crossSite: true });
    expect(outcomesAt(off, 'HH 1010')).toEqual([
      'xsite UPDATED',
      `${SECTION} xsite RETAINED_PROTECTED`,
      'HH 1010/2 xsite UPDATED',
    ]);
  });

  it('A18: the teacher category gives way by name, and stays', () => {
    const own = editSection(DISTRICT, SECTION, ({ setup }) => ({
      setup: { ...setup, categories: [...setup.categories, category('own', 'Projects')] },
    }));
    const named = editMaster(own, '1010', ({ setup }) => ({
      setup: { ...setup, categories: [...setup.categories, category('p', 'Projects')] },
    }));
    const used = { ...named, assignments: [assignment(SECTION, 'quarter', { category: 'own' })] };
    for (const mode of ['push_locked', 'overwrite'] as const) {
      const result = push(used, { mode });
      const names = sectionOf(result.state, SECTION).setup.categories.map((c) => c.name);
      expect(names).toEqual(['Homework', 'Tests', 'Projects (1)', 'Projects']);
      expect(outcomesAt(result, 'HH 1010')).toContain(`${SECTION} local:own RENAMED_LOCAL`);
    }
  });

  it('A24: a taken number is withheld on that attribute', () => {
    const locked = {
      ...DISTRICT,
      catalogs: DISTRICT.catalogs.map((c) => ({
        ...c,
        attributeLocks: { number: 'hard' as const },
      })),
    };
    const renumbered = editMaster(locked, '1010', ({ attrs }) => ({
      attrs: { ...attrs, number: '2010' },
    }));
    expect(outcomesAt(push(renumbered), 'HH 1010')).toContain('attr:number WITHHELD');
  });

  it('A25: a task of a composite that stays is retained', () => {
    const own = editCourse(DISTRICT, 'HH 1010', ({ setup }) => ({
      setup: {
        ...setup,
        composites: [
          ...setup.composites,
          { parent: 'final', term: 3, children: [{ gradable: 'quarter', term: 3, weight: 1 }] },
        ],
      },
    }));
    const graded = {
      ...withoutQuarter(own),
      postedGrades: [postedGrade(SECTION, 'final', { term: 3 })],
    };
    const result = push(graded, { mode: 'overwrite' });
    expect(result.items).toContainEqual(
      expect.objectContaining({
        key: 'task:quarter',
        course: 'HH 1010',
        reason: 'referenced_by_composite',
      }),
    );
  });

  it('A27, A28: a task of the course stays and its calc option reaches the sections', () => {
    const own = editCourse(DISTRICT, 'HH 1010', ({ setup }) => ({
      setup: {
        ...setup,
        tasks: [...setup.tasks, task('lab')],
        calcOptions: [...setup.calcOptions, calcOption('lab', 1)],
      },
    }));
    expect(outcomesAt(push(own), 'HH 1010')).toEqual([
      `${SECTION} calc:lab:1 INSERTED`,
      'HH 1010/2 calc:lab:1 INSERTED',
    ]);
  });
});
