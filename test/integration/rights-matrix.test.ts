import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { findPersonById } from '../../src/db/queries/people.ts';
import { type Person } from '../../src/domain/ports.ts';
import { type PushOptions } from '../../src/domain/push-options.ts';
import { type Tool } from '../../src/domain/rights.ts';
import { addPerson } from '../../src/runs/add-person.ts';
import { missingRights } from '../../src/runs/missing-rights.ts';
import { NO_CHOICES } from '../../src/slack/form/choices.ts';
import { loadForm } from '../../src/slack/form/model.ts';
import { formView } from '../../src/slack/form/view.ts';
import { admit } from '../../src/slack/listeners/entry.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { buildPushDistrict, type PushDistrict, SEEN_IN_SLACK } from '../support/push-district.ts';

const REASON = 'We start over for the new year';

/** One right of domain.md section 6, what needs it, and what is said to whoever lacks it. */
interface Row {
  readonly tool: Tool;
  readonly right: 'read' | 'write';
  readonly options: Partial<PushOptions>;
  readonly lack: string;
  /** What the form says without the right. */
  readonly inForm: string;
}

const PLAIN: Partial<PushOptions> = { calendarIds: [1, 2] };
const CLOSED = 'You may look at pushes, not start one. You lack: ';
const row = (
  [tool, right]: readonly [Tool, 'read' | 'write'],
  lack: string,
  wish: { readonly options?: Partial<PushOptions>; readonly inForm?: string } = {},
): Row => ({
  ...{ tool, right, lack },
  options: { ...PLAIN, ...wish.options },
  inForm: wish.inForm ?? `${CLOSED}${lack}`,
});

const RUN_RIGHTS: readonly Row[] = [
  row(['push_all_course_masters', 'read'], 'Read on Push All Course Masters', {
    inForm: 'it needs the right Read on Push All Course Masters',
  }),
  row(['push_all_course_masters', 'write'], 'Write on Push All Course Masters'),
  row(['course_information', 'read'], 'Read on Course Information'),
  row(['course_information', 'write'], 'Write on Course Information'),
  row(['course_information.push_to_sections', 'read'], 'Read on Push to Sections', {
    options: { toSections: true },
    inForm: 'Left out, for lack of rights: Push to Sections (Read). Dora Dean can give them.',
  }),
  row(['cross_site_enrollment_setup', 'write'], 'Write on Cross-Site Enrollment Setup', {
    options: { crossSite: true },
    inForm:
      'Left out, for lack of rights: Cross-Site Enrollment Setup (Write). Dora Dean can give them.',
  }),
  row(
    ['push_all_course_masters.overwrite', 'write'],
    'Write on Push All Course Masters: Overwrite',
    {
      options: { mode: 'overwrite' },
      inForm: 'Left out, for lack of rights: Overwrite (Write). Dora Dean can give them.',
    },
  ),
];
const SINGLE = row(['course_master_information', 'write'], 'Write on Course Master Information', {
  options: { courseMasterId: 1 },
});
const MODIFY = 'Modify on 1 of the 2 calendars';

let database: TestDatabase;
let district: PushDistrict;
let alice: Person;
let bob: Person;

/** Alice asks, Bob approves, Dora gives rights: each in a group of their own. */
beforeAll(async () => {
  database = await createTestDatabase();
  district = await buildPushDistrict(database.db);
  await district.run(`
    insert into user_group (id, name) values (91, 'Asks'), (92, 'Approves'), (93, 'Gives');
    insert into tool_right (group_id, tool, can_write) values (93, 'user_security', true)`);
  const add = async (slackUserId: string, name: string, group: string): Promise<Person> => {
    const { id } = await addPerson(district.db, {
      ...{ slackTeamId: 'T1', slackUserId, name, groups: [group] },
    });
    return present(id);
  };
  await district.run(`delete from user_group_member where user_id = ${district.admin.id}`);
  alice = await add('U1', 'Alice', 'Asks');
  bob = await add('U2', 'Bob', 'Approves');
  await add('U3', 'Dora Dean', 'Gives');
  await district.run(SEEN_IN_SLACK);
});
afterAll(() => database.drop());

beforeEach(async () => {
  await district.run(`
    delete from tool_right where group_id in (91, 92);
    delete from calendar_right where group_id in (91, 92);
    insert into tool_right (group_id, tool, can_read, can_write)
      select g, tool, true, true from generate_series(91, 92) g,
        (select distinct tool from tool_right where group_id not in (91, 92)
         union select 'push_all_course_masters.approve') t
      where tool <> 'user_security';
    insert into calendar_right (group_id, calendar_id, can_modify)
      select g, c.id, true from generate_series(91, 92) g, calendar c;
    update school_year set is_active = id = 1`);
});

const present = async (id: number): Promise<Person> => {
  const person = await findPersonById(district.db, id);
  if (person === undefined) throw new Error(`person ${id} does not count`);
  return person;
};
const withdraw = (group: number, tool: Tool, right: 'read' | 'write'): Promise<void> =>
  district.run(
    `update tool_right set can_${right} = false where group_id = ${group} and tool = '${tool}'`,
  );
const closeCalendar = (group: number): Promise<void> =>
  district.run(
    `update calendar_right set can_modify = false where group_id = ${group} and calendar_id = 2`,
  );

/** What Alice sees when she opens the form. */
async function form(options: Partial<PushOptions>): Promise<string> {
  const { services } = district;
  const context = {
    services,
    profiles: {
      of: () => Promise.resolve({ zone: 'UTC', state: 'member' as const }),
      forget: () => undefined,
    },
  };
  const who = { teamId: 'T1', userId: 'U1' };
  const entry = await admit(context, new WebClient(), who);
  if (entry.kind === 'refused') return entry.answer.text;
  const masterId = options.courseMasterId;
  const view = formView(
    await loadForm(services, {
      ...{ person: entry.person, now: new Date(), choices: NO_CHOICES },
      metadata: { channelId: null, zone: 'UTC', ...(masterId === undefined ? {} : { masterId }) },
    }),
  );
  return JSON.stringify(view);
}
const submit = async (options: Partial<PushOptions>): Promise<number> =>
  district.submit({ ...{ person: await present(alice.id), comment: REASON }, options });
const start = (runId: number): Promise<string | null> =>
  missingRights(district.db, { runId, requestedBy: alice.id });

/** A push that was asked for while every right was there. */
async function planned(
  options: Partial<PushOptions>,
): Promise<{ runId: number; planHash: string }> {
  const runId = await district.submit({
    ...{ person: await present(alice.id), comment: REASON, confirmed: false },
    options,
  });
  await district.execute(runId);
  return { runId, planHash: (await district.view(runId)).plan?.hash ?? '' };
}
const confirm = (run: { runId: number; planHash: string }): Promise<string> =>
  district.services.approvals.confirm({ ...run, person: alice, now: false, from: 'test' });

describe.each([...RUN_RIGHTS, SINGLE])(
  'Given $tool with and without $right (section 6)',
  (wish) => {
    const { tool, right, options, lack, inForm } = wish;

    it('the form offers what needs it, or names it and who can give it', async () => {
      expect(await form(options)).not.toContain(inForm);
      await withdraw(91, tool, right);
      expect(await form(options)).toContain(inForm);
    });

    it('submitting is taken, or refused with the right’s name', async () => {
      expect(await submit(options)).toBeGreaterThan(0);
      await withdraw(91, tool, right);
      await expect(submit(options)).rejects.toThrow(`You lack: ${lack}.`);
    });

    it('the requester’s yes to the plan is taken, or refused', async () => {
      const run = await planned(options);
      await withdraw(91, tool, right);
      await expect(confirm(run)).rejects.toThrow(`You lack: ${lack}.`);
      await district.run(`update tool_right set can_${right} = true where group_id = 91`);
      await district.run('update school_year set is_active = false');
      expect(['queued', 'awaiting_approval']).toContain(await confirm(run));
    });

    it('the job starts, or fails with rights withdrawn (T09, T10)', async () => {
      const runId = await submit(options);
      expect(await start(runId)).toBeNull();
      await withdraw(91, tool, right);
      expect(await start(runId)).toBe(`Alice, who asked for the push, lacks ${lack}.`);
      await district.execute(runId);
      const { state, error } = await district.view(runId);
      expect([state, error]).toEqual([
        'failed',
        `Rights withdrawn: Alice, who asked for the push, lacks ${lack}.`,
      ]);
    });
  },
);

describe('Given Modify on one of the calendars (section 6, G04)', () => {
  it('a calendar without it is not offered, and All Calendars says how many are left out', async () => {
    expect(await form({})).toContain('All Calendars (4)');
    await closeCalendar(91);
    const shown = await form({});
    expect(shown).toContain('All Calendars (3)');
    expect(shown).toContain('1 calendar of this year is left out: you may not modify it.');
  });

  it('submitting and starting need it', async () => {
    const runId = await submit(PLAIN);
    expect(await start(runId)).toBeNull();
    await closeCalendar(91);
    await expect(submit(PLAIN)).rejects.toThrow(`You lack: ${MODIFY}.`);
    expect(await start(runId)).toBe(`Alice, who asked for the push, lacks ${MODIFY}.`);
  });
});

describe('Given an overwrite that Bob approves (section 6)', () => {
  const approval = async (withdrawn: () => Promise<void>): Promise<string> => {
    const run = await planned({ ...PLAIN, mode: 'overwrite' });
    await district.run('update school_year set is_active = false');
    await confirm(run);
    await withdrawn();
    return district.services.approvals.decide({
      ...{ ...run, person: bob, decision: 'approve', reason: null, typedCatalog: null },
      from: 'test',
    });
  };
  const lacks: readonly [string, string, () => Promise<void>][] = [
    [
      'Write on the approval',
      'Write on Push All Course Masters: Approve',
      () => withdraw(92, 'push_all_course_masters.approve', 'write'),
    ],
    ['Modify on one of the calendars', MODIFY, () => closeCalendar(92)],
  ];

  it('takes it with both rights', async () => {
    expect(await approval(() => Promise.resolve())).toBe('approved');
  });

  it.each(lacks)('refuses it without %s', async (_, words, withdrawn) => {
    await expect(approval(withdrawn)).rejects.toThrow(
      `You may not decide on this push: you lack ${words}.`,
    );
  });

  it.each(lacks)('does not start once %s was withdrawn', async (_, words, withdrawn) => {
    await approval(() => Promise.resolve());
    const [run] = await district.rows<{ id: number }>('select max(id) as id from push_run');
    const runId = run?.id ?? 0;
    expect(await start(runId)).toBeNull();
    await withdrawn();
    expect(await start(runId)).toBe(`Bob, who approved it, lacks ${words}.`);
  });
});
