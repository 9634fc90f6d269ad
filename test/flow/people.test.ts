import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type SlackStandIn } from '../../playground/slack-standin/contract.ts';
import { holds } from '../../src/domain/rights.ts';
import { addPerson } from '../../src/runs/add-person.ts';
import { peopleAdmin } from '../../src/runs/people-admin.ts';
import { type PushDistrict } from '../support/push-district.ts';
import { ALICE, CHANNEL, openPushScene, type PushScene } from '../support/push-scene.ts';
import { until } from '../support/until.ts';

const TERESA = 'U2';
const GUS = 'U3';

describe('People and rights in Slack (domain.md section 6)', () => {
  let scene: PushScene;
  let district: PushDistrict;
  let slack: SlackStandIn;

  beforeAll(async () => {
    scene = await openPushScene({
      people: [
        { id: TERESA, name: 'teresa', realName: 'Teresa <!channel> Smith' },
        { id: GUS, name: 'gus', realName: 'Gus Guest', isRestricted: true },
      ],
      userGroups: [{ id: 'S0SCHED01', handle: 'schedulers', users: [TERESA, GUS] }],
      bot: ({ db }) => ({ people: peopleAdmin(db) }),
    });
    ({ district, slack } = scene);
  });
  afterAll(() => scene.close());
  beforeEach(async () => {
    await scene.closeModals();
    await district.run(`delete from app_user where slack_user_id = '${TERESA}'`);
  });

  const shown = (who = ALICE): string => scene.shown(who);
  const alice = () => slack.person(ALICE);
  const open = async (who = ALICE): Promise<void> => {
    await slack.person(who).slash('/push-course-masters', 'people', CHANNEL);
    await until(
      'an answer',
      () => !['null'].includes(shown(who)) && !shown(who).includes('Loading'),
    );
  };
  const rightsOf = async (userId: string) =>
    (await district.services.findPerson({ teamId: slack.teamId, userId }))?.rights;
  const groupId = async (name: string): Promise<string> => {
    const [row] = await district.rows<{ id: number }>(
      `select id from user_group where name = '${name}'`,
    );
    return String(row?.id);
  };

  it('maps a person whom the product did not know, with a name and groups', async () => {
    await open();
    await alice().choose('people_pick', TERESA);
    await until('the person', () => shown().includes('"Person"'));
    await alice().choose('people_member_of', [await groupId('Read-only')]);
    expect(await alice().submit()).toMatchObject({ ok: true });
    await until('the list', () => shown().includes('is saved, in Read-only'));
    expect(shown()).not.toContain('<!channel>');
    const rights = await rightsOf(TERESA);
    expect(rights && holds(rights, 'push_all_course_masters', 'read')).toBe(true);
    expect(rights && holds(rights, 'push_all_course_masters', 'write')).toBe(false);
  });

  it('deactivates a person, who then can do nothing', async () => {
    await addPerson(district.db, {
      slackTeamId: slack.teamId,
      slackUserId: TERESA,
      name: 'Teresa',
      groups: ['District SIS Admin'],
    });
    await open();
    await alice().click('modal', `people_change~${TERESA}`);
    await until('the person', () => shown().includes('"Person"'));
    await alice().choose('people_active', 'no');
    await alice().submit();
    await until('the list', () => shown().includes('deactivated'));
    expect(await rightsOf(TERESA)).toBeUndefined();
  });

  it('refuses to take away the last right to give rights', async () => {
    await open();
    await alice().click('modal', `people_change~${ALICE}`);
    await until('the person', () => shown().includes('"Person"'));
    await alice().choose('people_active', 'no');
    await alice().submit();
    await until('the refusal', () => shown().includes('Somebody must keep Write on User Security'));
    expect(await rightsOf(ALICE)).toBeDefined();
  });

  it('makes a group with rights on tools, one calendar and one year', async () => {
    await open();
    await alice().click('modal', 'people_open_groups');
    await until('the groups', () => shown().includes('Curriculum Admin'));
    await alice().click('modal', 'people_new_group');
    await until('the group', () => shown().includes('Rights on tools'));
    await alice().type('people_group_name', 'Harrison office');
    await alice().choose('people_rights', ['batch_queue|read', 'batch_queue|write']);
    const found = await alice().suggest('people_modify_places', 'second');
    expect(found.options).toMatchObject([{ text: '23-24 Second', value: 'c2' }]);
    await alice().choose('people_modify_places', ['c2']);
    await alice().suggest('people_see_places', '24-25');
    await alice().choose('people_see_places', ['y2']);
    expect(await alice().submit()).toMatchObject({ ok: true });
    await until('the list', () => shown().includes('Harrison office is saved.'));
    expect(shown()).toContain('Batch Queue (Read, Write)');
    expect(shown()).toContain('calendars of 2 schools, years or calendars');
    await addPerson(district.db, {
      ...{ slackTeamId: slack.teamId, slackUserId: TERESA, name: 'Teresa' },
      groups: ['Harrison office'],
    });
    const rights = await rightsOf(TERESA);
    expect([...(rights?.modifiableCalendars ?? [])]).toEqual([2]);
    expect([...(rights?.visibleCalendars ?? [])].sort()).toEqual([2, 9]);
  });

  it('changes nothing of a group that is opened and saved while Slack lists no user groups', async () => {
    await district.run(`insert into user_group (id, name, slack_subteam_id) values
      (80, 'Kept', 'S0KEPT001')`);
    await district.run(`insert into calendar_right (group_id, school_id, school_year_id, can_modify)
      values (80, 1, 1, true)`);
    const state = () =>
      district.rows(`select g.name, g.slack_subteam_id, c.school_id, c.school_year_id, c.can_modify
        from user_group g join calendar_right c on c.group_id = g.id where g.id = 80`);
    const before = await state();
    slack.faults.next('usergroups.list', { kind: 'error', error: 'missing_scope' }, 2);
    await open();
    await alice().click('modal', 'people_open_groups');
    await until('the groups', () => shown().includes('Kept'));
    await alice().click('modal', 'people_group~80');
    await until('the group', () => shown().includes('Harrison High in 23-24'));
    expect(shown()).toContain('S0KEPT001');
    expect(await alice().submit()).toMatchObject({ ok: true });
    await until('the list', () => shown().includes('Kept is saved.'));
    expect(await state()).toEqual(before);
    await district.run('delete from user_group where id = 80');
  });

  it('refuses a second group of the same name, and keeps the form', async () => {
    await open();
    await alice().click('modal', 'people_open_groups');
    await until('the groups', () => shown().includes('Curriculum Admin'));
    await alice().click('modal', 'people_new_group');
    await until('the group', () => shown().includes('Rights on tools'));
    await alice().type('people_group_name', 'Read-only');
    await alice().submit();
    await until('the refusal', () => shown().includes('Another group has this name'));
    expect(scene.top()?.values['people_group_name']).toBeDefined();
  });

  it('fills a group from a Slack user group, without its guests, and empties it when that is disabled or no longer fills it', async () => {
    await open();
    await alice().click('modal', 'people_open_groups');
    await until('the groups', () => shown().includes('School Scheduler'));
    await alice().click('modal', `people_group~${await groupId('School Scheduler')}`);
    await until('the group', () => shown().includes('Filled from'));
    await alice().suggest('people_subteam', 'sched');
    await alice().choose('people_subteam', 'S0SCHED01');
    expect(await alice().submit()).toMatchObject({ ok: true });
    await until('the list', () => shown().includes('filled from a Slack user group'));
    const rights = await rightsOf(TERESA);
    expect(rights && holds(rights, 'residual_data_report', 'read')).toBe(true);
    expect(await rightsOf(GUS)).toBeUndefined();

    slack.setDeactivated(TERESA, true);
    await until('the deactivation', async () => (await rightsOf(TERESA)) === undefined);
    await scene.bot.syncSubteams();
    slack.setDeactivated(TERESA, false);
    await until('the account back', async () => (await rightsOf(TERESA)) !== undefined);
    const isIn = async (): Promise<boolean> => {
      const after = await rightsOf(TERESA);
      return after !== undefined && holds(after, 'residual_data_report', 'read');
    };
    expect(await isIn()).toBe(false);

    await scene.bot.syncSubteams();
    expect(await isIn()).toBe(true);
    await alice().closeAll();
    await open();
    await alice().click('modal', `people_change~${TERESA}`);
    await until('the person', () => shown().includes('Through Slack user groups also in'));
    expect(await alice().submit()).toMatchObject({ ok: true });
    await until('the list', () => shown().includes('is saved'));
    slack.setUserGroup({
      id: 'S0SCHED01',
      handle: 'schedulers',
      users: [TERESA],
      isDisabled: true,
    });
    await scene.bot.syncSubteams();
    expect(await isIn()).toBe(false);

    slack.setUserGroup({ id: 'S0SCHED01', handle: 'schedulers', users: [TERESA] });
    await scene.bot.syncSubteams();
    expect(await isIn()).toBe(true);
    await alice().click('modal', 'people_open_groups');
    await until('the groups', () => shown().includes('people_new_group'));
    await alice().click('modal', `people_group~${await groupId('School Scheduler')}`);
    await until('the group', () => shown().includes('Filled from'));
    await alice().choose('people_subteam', null);
    expect(await alice().submit()).toMatchObject({ ok: true });
    await until('the list', () => shown().includes('School Scheduler is saved.'));
    expect(await isIn()).toBe(false);
  });

  it('tells a person without the right what it needs', async () => {
    await addPerson(district.db, {
      slackTeamId: slack.teamId,
      slackUserId: TERESA,
      name: 'Teresa',
      groups: ['Read-only'],
    });
    await open(TERESA);
    expect(shown(TERESA)).toContain('People and rights need Read on User Security.');
  });

  it('notes every change in the audit log', async () => {
    const actions = await district.rows(
      `select distinct action from audit_event where action like 'person.%' or action like 'group.%' order by 1`,
    );
    expect(actions).toEqual([
      { action: 'group.saved' },
      { action: 'group.synced' },
      { action: 'person.saved' },
      { action: 'person.seen_in_slack' },
    ]);
  });

  it('broke no rule of Slack', () => {
    const known = ['views.update without hash.'];
    expect(slack.violations().filter(({ message }) => !known.includes(message))).toEqual([]);
  });
});
