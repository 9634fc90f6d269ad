import { describe, expect, it } from '@jest/globals';
import { createProgram } from '../../src/cli/program.ts';
import { missingForPush } from '../../src/domain/rights.ts';
import { findPerson } from '../../src/runs/find-person.ts';
import { type PushDistrict, ENGINE, SILENT } from '../support/push-district.ts';
import { usePushDistrict } from '../support/use-push-district.ts';

let district: PushDistrict;
let url: string;

usePushDistrict((opened, databaseUrl) => {
  district = opened;
  url = databaseUrl;
});

/** Runs a command and returns what it printed. */
async function command(...words: string[]): Promise<string[]> {
  const printed: string[] = [];
  const unused = (): Promise<never> => Promise.reject(new Error('not in this test'));
  const program = createProgram({
    env: { DATABASE_URL: url },
    print: (line) => {
      printed.push(line);
    },
    note: (line) => {
      printed.push(line);
    },
    setExitCode: () => undefined,
    work: () => ENGINE,
    logger: SILENT,
    roles: { serve: unused, work: unused, dev: unused, migrate: unused },
  });
  await program.parseAsync(['node', 'push-course-masters', ...words]);
  return printed;
}

const add = (user: string, name: string, ...groups: string[]): Promise<string[]> =>
  command(
    'people',
    'add',
    '--team',
    'T1',
    '--user',
    user,
    '--name',
    name,
    ...groups.flatMap((group) => ['--group', group]),
  );

const find = (userId: string): ReturnType<ReturnType<typeof findPerson>> =>
  findPerson(district.db)({ teamId: 'T1', userId });

const PUSH = {
  mode: 'push_locked',
  toSections: true,
  crossSite: true,
  singleMaster: false,
  calendarIds: [1, 2, 3, 4],
} as const;

describe('Given an administrator at the command line', () => {
  it('names people and lists them with their groups', async () => {
    expect(await add('U2', 'Bob', 'Curriculum Admin', 'Read-only')).toEqual(['Bob is person 2.']);
    expect(await command('people', 'list')).toEqual([
      'T1/U1  Alice  District SIS Admin',
      'T1/U2  Bob  Curriculum Admin, Read-only',
    ]);
  });

  it('renames a person who is known already and gives more groups', async () => {
    await add('U1', 'Alice B.', 'Read-only');
    expect(await command('people', 'list')).toEqual([
      'T1/U1  Alice B.  District SIS Admin, Read-only',
    ]);
  });

  it('refuses an unknown group, naming those that exist, and saves nothing', async () => {
    await expect(add('U2', 'Bob', 'Admins')).rejects.toThrow(
      'There is no group "Admins". Groups: Curriculum Admin, District SIS Admin, Read-only, School Scheduler.',
    );
    expect(await command('people', 'list')).toHaveLength(1);
  });
});

describe('Given the suggested groups (domain.md section 6)', () => {
  it.each(['Curriculum Admin', 'District SIS Admin'])(
    '%s may push to every calendar',
    async (group) => {
      await add('U2', 'Bob', group);
      const person = await find('U2');
      expect(person && missingForPush(person.rights, PUSH)).toEqual([]);
    },
  );

  it('lets only the SIS office approve, and both request overwrites', async () => {
    await add('U2', 'Bob', 'Curriculum Admin');
    const [alice, bob] = [await find('U1'), await find('U2')];
    expect(alice?.rights.tools['push_all_course_masters.approve']?.write).toBe(true);
    expect(bob?.rights.tools['push_all_course_masters.approve']).toBeUndefined();
    expect(bob && missingForPush(bob.rights, { ...PUSH, mode: 'overwrite' })).toEqual([]);
  });

  it.each(['School Scheduler', 'Read-only'])(
    '%s sees the form but pushes nothing',
    async (group) => {
      await add('U2', 'Bob', group);
      const person = await find('U2');
      expect(person?.rights.tools.push_all_course_masters).toMatchObject({
        read: true,
        write: false,
      });
      expect(person?.rights.modifiableCalendars.size).toBe(0);
    },
  );
});

describe('Given a Slack user', () => {
  it('is nobody unless mapped, and nobody again when deactivated (T05)', async () => {
    expect(await find('U404')).toBeUndefined();
    expect(await findPerson(district.db)({ teamId: 'T2', userId: 'U1' })).toBeUndefined();
    await district.run('update app_user set active = false');
    expect(await find('U1')).toBeUndefined();
  });

  it('has the rights of all groups together, calendar by calendar', async () => {
    await add('U2', 'Bob', 'Read-only');
    await district.run(`insert into user_group (id, name) values (90, 'Second')`);
    await district.run(`insert into user_group_member values (90, 2)`);
    await district.run(
      `insert into calendar_right (group_id, calendar_id, can_modify) values (90, 2, true)`,
    );
    await district.run(
      `insert into tool_right (group_id, tool, can_write) values (90, 'push_all_course_masters', true)`,
    );
    const person = await find('U2');
    expect(person?.rights.tools.push_all_course_masters).toMatchObject({ read: true, write: true });
    expect([...(person?.rights.modifiableCalendars ?? [])]).toEqual([2]);
    expect(person?.rights.visibleCalendars.size).toBe(5);
  });
});

describe('Given the form, when it asks what there is to choose', () => {
  it('offers years, the latest first, and the catalogs of a year with their locks (G02)', async () => {
    const years = await district.services.years();
    expect(years.map(({ label }) => label)).toEqual(['24-25', '23-24']);
    expect(await district.services.catalogs(2)).toEqual([]);
    expect(await district.services.catalogs(1)).toEqual([
      {
        id: 1,
        name: 'High School Catalog',
        locks: {
          course_info: 'hard',
          grading_tasks_standards: 'hard',
          composite_grades: 'hard',
          composite_weights: 'hard',
          grade_calc_options: 'hard',
          categories: 'hard',
          assessments: 'hard',
        },
      },
    ]);
  });

  it('offers the calendars a person may modify with their linked courses, those without any last, and counts the rest (G05)', async () => {
    const query = { person: district.admin, schoolYearId: 1, catalogId: 1 };
    const all = await district.services.calendars(query);
    expect(all.leftOut).toBe(0);
    expect(all.calendars.map(({ name, linkedCourses }) => [name, linkedCourses])).toEqual([
      ['23-24 Harrison High', 2],
      ['23-24 Second', 1],
      ['23-24 Third', 1],
      ['23-24 Empty', 0],
    ]);
    const rights = { ...district.admin.rights, modifiableCalendars: new Set([2]) };
    const some = await district.services.calendars({
      ...query,
      person: { ...district.admin, rights },
    });
    expect(some.calendars.map(({ id }) => id)).toEqual([2]);
    expect(some.leftOut).toBe(3);
  });
});
