import { describe, expect, it } from '@jest/globals';
import { RULES } from '../../src/engine/plan/rules.ts';
import { apply, type PushWish } from '../support/high-school.ts';
import { useWorld, type World } from '../support/world.ts';

const world = useWorld({ pushed: { toSections: true } });

/** A state and a push of it that bring about these outcomes with these reasons. */
interface Scene {
  readonly given: (world: World) => Promise<unknown>;
  readonly push: PushWish | ((world: World) => Promise<PushWish>);
  /** What happens between the plan and the push. */
  readonly meanwhile?: (world: World) => Promise<unknown>;
  readonly gives: readonly `${string}: ${string}`[];
}

const COURSE = (id: number): string => `(select id from setup_scope where course_id = ${id})`;
const all = async (world: World, ...statements: readonly string[]): Promise<void> => {
  for (const statement of statements) await world.run(statement);
};
const terms = [1, 2, 3, 4];

const SCENES: Readonly<Record<string, Scene>> = {
  'a master that gained, changed and lost items': {
    given: async (world) => {
      await world.add('master 1010', 'assess:unit');
      await world.remove('master 1010', 'assess:eoc');
      await world.edit('master 1010', 'calc:quarter:1', { limit_last_n: 3 });
      await world.assign('1010/1', 'quarter', { due: '2023-12-01' });
      await world.remove('master 1010', 'calc:quarter:2');
      await world.remove('master 1010', 'cat:Tests');
      await world.remove('1010', 'cat:Tests');
    },
    push: {},
    gives: [
      'INSERTED: new_above',
      'UPDATED: changed_above',
      'UNCHANGED: same_as_above',
      'DELETED: master_item_removed',
      'DELETED: calculation_removed',
      'DELETED: already_gone',
      'SKIPPED_UNLOCKED: not_locked',
    ],
  },
  'items and values of the school and its teachers': {
    given: async (world) => {
      await world.add('1010', 'task:notes');
      await world.add('1010', 'task:lab');
      await world.add('master 1010', 'task:lab');
      await world.add('1010', 'cat:Labs');
      await world.add('master 1010', 'cat:Labs');
      await world.set('1010', { terms: 2 });
      await world.set('1010/1', { state_code: 'Z' });
    },
    push: { toSections: true },
    gives: [
      'RETAINED_LOCAL: made_here',
      'RETAINED_LOCAL: local_same_key',
      'RENAMED_LOCAL: name_taken',
      'KEPT_SOFT_LOCK: soft_lock_changed',
      'RETAINED_LOCAL: section_override',
    ],
  },
  'pushed items that were changed, deleted or marked as broken': {
    given: async (world) => {
      await world.edit('1010', 'task:quarter', { credit: 9 });
      await world.remove('1010', 'assess:eoc');
      await world.run(`update sync_link set state = 'broken' where data_type = 'categories'
        and scope_id = ${COURSE(1)}`);
    },
    push: {},
    gives: [
      'FAILED_DESYNCED: changed_below',
      'FAILED_DESYNCED: deleted_below',
      'FAILED_DESYNCED: marked_broken',
      'SKIPPED_DEPENDENCY: tasks_failed',
    ],
  },
  'a composite that lost a child': {
    given: (world) => world.remove('1010', 'compw:final:4>quarter:4'),
    push: {},
    gives: ['SKIPPED_DEPENDENCY: composite_missing'],
  },
  'courses that take no part': {
    given: (world) =>
      all(
        world,
        `insert into course_catalog (id, name) values (2, 'College')`,
        `insert into course_master (id, catalog_id, number, name) values (9, 2, '9', 'Other')`,
        `update sync_link set upstream_scope_id = (select id from setup_scope where course_master_id = 9)
          where scope_id = ${COURSE(2)}`,
        `insert into calendar (id, source_id, school_id, school_year_id, name) values (70, 'h', 1, 1, 'Home')`,
        `insert into course (source_id, calendar_id, course_master_id, number, name, ignore_master_push)
          values ('i', 70, 1, '1', 'Ignored', true)`,
        `insert into course (source_id, calendar_id, course_master_id, number, name, cross_site_role,
          mirror_of_course_id) values ('m', 70, 1, '1010', 'Copy', 'home_mirror', 1)`,
        `update course set course_master_id = null where id = 1`,
      ),
    push: { calendars: [1, 70], crossSite: true },
    gives: [
      'FAILED_DESYNCED: master_link_lost',
      'FAILED_DESYNCED: other_catalog',
      'SKIPPED_IGNORED: ignore_master_push',
      'SKIPPED_MIRROR: mirror',
      'UPDATED: mirror_refreshed',
    ],
  },
  'drift that an overwrite replaces': {
    given: async (world) => {
      await world.run('update course set course_master_id = null where id = 1');
      await world.edit('1010', 'calc:quarter:1', { limit_last_n: 9 });
      await world.add('1010', 'task:lab');
      await world.add('master 1010', 'task:lab');
      await world.add('1010', 'task:notes');
      await world.assign('1010/1', 'notes');
      await world.add('1010', 'task:semester');
      await world.add('1010', 'calc:semester:1');
      await world.set('1010/1', { state_code: 'Z' });
    },
    push: { mode: 'overwrite', toSections: true },
    gives: [
      'RELINKED: master_link_lost',
      'RELINKED: link_rebuilt',
      'RELINKED: local_adopted',
      'RETAINED_PROTECTED: student_work',
      'DELETED: cascade',
      'UPDATED: override_cleared',
    ],
  },
  'a task that left the master but not a composite of the course': {
    given: async (world) => {
      await world.remove('master 1010', 'task:quarter');
      for (const term of terms) await world.remove('master 1010', `calc:quarter:${term}`);
    },
    push: {},
    gives: [
      'RETAINED_PROTECTED: referenced_by_composite',
      'SET_NO_CALCULATION: master_task_removed',
      'SKIPPED_DEPENDENCY: not_aligned',
    ],
  },
  'the same a push later': {
    given: async (world) => {
      await world.remove('master 1010', 'task:quarter');
      for (const term of terms) await world.remove('master 1010', `calc:quarter:${term}`);
      await world.push();
    },
    push: {},
    gives: ['RETAINED_PROTECTED: residual_task'],
  },
  'a residual task that is back at the master': {
    given: async (world) => {
      await world.assign('1010/1', 'final');
      await world.remove('master 1010', 'task:final');
      await world.push();
      await world.add('master 1010', 'task:final');
    },
    push: {},
    gives: ['RELINKED: back_above'],
  },
  'updates that posted grades or another course stand in the way of': {
    given: async (world) => {
      await world.post('1010/1', 'quarter:1');
      await world.edit('master 1010', 'task:quarter', { score_group_id: 'B' });
      await world.post('1010/1', 'final:4');
      await world.edit('master 1010', 'task:final', { score_group_id: 'B', terms: '{1,2,3}' });
      await world.post('2010/1', 'quarter:1');
      await world.edit('master 2010', 'task:quarter', { terms: '{2,3,4}' });
      await world.set('master 1010', { number: 'TAKEN' });
      await all(
        world,
        `insert into catalog_attribute_lock values (1, 'number', 'hard')`,
        `insert into course (source_id, calendar_id, number, name) values ('t', 1, 'TAKEN', 'T')`,
      );
    },
    push: {},
    gives: [
      'WITHHELD: score_group_in_use',
      'WITHHELD: term_in_use',
      'WITHHELD: score_group_and_term_in_use',
      'WITHHELD: number_taken',
    ],
  },
  'a district that takes no part in cross-site enrollment': {
    given: (world) => world.run(`update district set cross_site_participation = 'disable'`),
    push: { crossSite: true },
    gives: ['SKIPPED_DEPENDENCY: district_cross_site_off'],
  },
  'a school that takes no part in cross-site enrollment': {
    given: (world) => world.run('update school set cross_site_enabled = false'),
    push: { crossSite: true },
    gives: ['SKIPPED_DEPENDENCY: school_cross_site_off'],
  },
  'a cross-site section that is mapped': {
    given: async (world) => {
      await world.run('update course_master set cross_site_enabled = true where id = 1');
      await world.push({ crossSite: true });
      await all(
        world,
        `insert into cross_site_map (serving_section_id, home_course_id, status) values (1, 2, 'mapped')`,
        'update course_master set cross_site_enabled = false where id = 1',
      );
    },
    push: { crossSite: true },
    gives: ['RETAINED_PROTECTED: cross_site_mapped'],
  },
  'courses that are older than their links': {
    given: async (world) => {
      await world.run('delete from sync_link');
      await world.edit('1010', 'calc:quarter:1', { limit_last_n: 9 });
      await world.run('update course set course_master_id = null where id = 2');
    },
    push: { kind: 'relink', courses: [1, 2] },
    gives: [
      'RELINKED: baseline_linked',
      'FAILED_DESYNCED: never_linked',
      'RELINKED: linked_by_number',
    ],
  },
  'a broken item that the master dropped, when the course is relinked': {
    given: async (world) => {
      await world.edit('1010', 'assess:eoc', { copies_forward: true });
      await world.remove('master 1010', 'assess:eoc');
    },
    push: { kind: 'relink', mode: 'overwrite', courses: [1] },
    gives: ['RETAINED_LOCAL: master_item_removed'],
  },
  'a push that is undone after edits and student work': {
    given: async (world) => {
      await world.add('master 1010', 'assess:unit');
      await world.remove('master 1010', 'assess:eoc');
      for (const term of [1, 2])
        await world.edit('master 1010', `calc:quarter:${term}`, { limit_last_n: 3 });
      await world.add('master 1010', 'task:lab');
      await world.assign('1010/1', 'final');
      await world.remove('master 1010', 'task:final');
    },
    push: async (world) => {
      const { runId } = await world.push();
      await world.edit('1010', 'calc:quarter:2', { limit_last_n: 5 });
      await world.assign('1010/1', 'lab');
      return { kind: 'undo', mode: 'overwrite', undoes: runId };
    },
    gives: [
      'INSERTED: undone',
      'UPDATED: undone',
      'DELETED: undone',
      'RELINKED: undone',
      'WITHHELD: changed_since_push',
      'RETAINED_PROTECTED: student_work_since_push',
    ],
  },
  'a row that is edited after the plan': {
    given: (world) => world.edit('master 1010', 'calc:quarter:1', { limit_last_n: 3 }),
    push: {},
    meanwhile: (world) => world.edit('1010', 'calc:quarter:1', { limit_last_n: 9 }),
    gives: ['WITHHELD: changed_since_plan'],
  },
  'a course that the database refuses to change': {
    given: (world) => world.set('master 1010', { state_code: 'M2' }),
    push: {},
    meanwhile: (world) =>
      world.run(`create function refuse() returns trigger language plpgsql as $$
        begin raise exception 'not today'; end $$;
        create trigger refuse before update on course for each row execute function refuse()`),
    gives: ['FAILED_ERROR: database_refused'],
  },
};

/** What the plan counted, and how its items ended; the push reports say the same. */
async function said(planId: number): Promise<unknown[]> {
  const rows = await world.school.rows<{ said: string }>(`
    select outcome || ': ' || reason as said from push_plan_count where plan_id = ${planId}
    union
    select case result when 'held' then 'WITHHELD' else 'FAILED_ERROR' end || ': ' || held_reason
      from push_item where plan_id = ${planId} and held_reason is not null`);
  return rows.map((row) => row.said);
}

describe('Given a scene for each outcome and reason of the closed lists', () => {
  it.each(Object.entries(SCENES))(
    '%s: the push says so (G22)',
    async (_, { given, push, meanwhile, gives }) => {
      await given(world);
      const wish = typeof push === 'function' ? await push(world) : push;
      const planned = await world.school.plan(wish);
      try {
        await meanwhile?.(world);
        await apply(world.school.db, planned);
      } finally {
        await world.run('drop function if exists refuse cascade');
      }
      expect(await said(planned.planId)).toEqual(expect.arrayContaining([...gives]));
    },
  );

  it('the scenes bring about every one of them, and no other', () => {
    const listed = Object.values(RULES).map(({ outcome, reason }) => `${outcome}: ${reason}`);
    const atApply = ['WITHHELD: changed_since_plan', 'FAILED_ERROR: database_refused'];
    const shown = Object.values(SCENES).flatMap(({ gives }) => gives);
    expect([...new Set<string>(shown)].sort()).toEqual(
      [...new Set([...listed, ...atApply])].sort(),
    );
  });
});
