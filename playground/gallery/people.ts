import { type Membership, type UserGroup } from '../../src/domain/people-admin.ts';
import {
  type RunInShort,
  type RunOverview,
  type WaitingForApproval,
} from '../../src/domain/queue-list.ts';
import { RUN_STATES } from '../../src/domain/push-run.ts';
import { SUBJECT_KINDS, type Subscription } from '../../src/domain/subscriptions.ts';
import { leftOutSentence } from '../../src/slack/form/left-out.ts';
import { unmappedAnswer } from '../../src/slack/messages/answers.ts';
import { closedHome, homeView } from '../../src/slack/home/view.ts';
import { approvalsView, waitingSentence } from '../../src/slack/queue/open-approvals.ts';
import { groupsView, groupView } from '../../src/slack/people/group-views.ts';
import {
  PAGE,
  peopleView,
  personView,
  savedSentence,
} from '../../src/slack/people/people-views.ts';
import {
  subscribedSentence,
  subscriptionLine,
  subscriptionsAnswer,
  subscriptionsView,
  usageAnswer,
} from '../../src/slack/subscriptions/view.ts';
import { undeliveredOf } from './runs.ts';
import { type Builders, each, type Example, NOW, personOf, type Scene, ZONE } from './scene.ts';

function subscriptionsOf(scene: Scene): Subscription[] {
  return each(scene, (index) => ({
    id: index + 1,
    channelId: ['C0HARRISON', 'U0ALICE', 'D0DIRECT'][index % 3] ?? '',
    createdBy: scene.name,
    subject: {
      kind: SUBJECT_KINDS[index % SUBJECT_KINDS.length] ?? 'school',
      ...{ id: index + 1, name: scene.name },
    },
  }));
}

function groupsOf(scene: Scene): UserGroup[] {
  const { name, amount } = scene;
  const { tools } = personOf({ ...scene, size: 0 }).rights;
  const places = each(
    scene,
    (place) => ({
      ...{ schoolId: place + 1, schoolYearId: null, calendarId: null },
      ...{ name, canModify: place % 2 === 0 },
    }),
    202,
  );
  return each(scene, (index) => ({
    ...{ id: index + 1, name, members: amount, tools, places },
    allCalendars: (['none', 'see', 'modify'] as const)[index % 3] ?? 'none',
    slackSubteamId: 'S0TEAM',
  }));
}

function membershipsOf(scene: Scene): Membership[] {
  return each(
    scene,
    (index) => ({ id: index + 1, name: scene.name, fromSlack: index % 3 === 2 }),
    101,
  );
}

function overviewOf(scene: Scene): RunOverview {
  const { name, size, amount } = scene;
  const run = (state: RunInShort['state'], index: number): RunInShort => ({
    ...{ runId: 1042 + index, state, catalog: name, year: name, calendars: size, calendar: name },
    ...{
      scheduledFor: NOW,
      finishedAt: index % 2 === 0 ? null : NOW,
      requestedBy: name,
      isOwn: index % 2 === 0,
    },
    undoes: index % 2 === 0 ? null : 1041,
    ...{ coursesTotal: amount, coursesDone: amount, exceptions: amount },
  });
  const some = (states: readonly RunInShort['state'][], most: number): RunOverview['running'] => ({
    runs: Array.from({ length: Math.min(most, size) }, (_, index) =>
      run(states[index % states.length] ?? 'queued', states.length * 100 + index),
    ),
    total: size,
  });
  return {
    running: some(['running'], 20),
    waiting: some(['planning', 'planned', 'awaiting_approval', 'queued'], 20),
    finished: some(RUN_STATES.slice(5), 5),
    undelivered: undeliveredOf(scene),
  };
}

function waitingOf(scene: Scene): WaitingForApproval[] {
  const { name } = scene;
  return each(
    scene,
    (index) => ({
      ...{ runId: 9000 + index, catalog: name, year: name, requestedBy: name, answerBy: NOW },
      calendarIds: each(scene, (id) => id + 1),
      undoes: index % 2 === 0 ? null : 1041,
    }),
    101,
  );
}

function homes(scene: Scene): Example[] {
  const { name } = scene;
  const model = {
    ...{ name, zone: ZONE, overview: overviewOf(scene) },
    ...{ mayManagePeople: true, mayStart: true },
    rights: 'You may push, ask to overwrite and approve overwrites; you may modify 8 calendars.',
    toApprove: waitingOf(scene),
    workers: { alive: 1, lastSeenAt: NOW },
    subscriptions: subscriptionsOf(scene),
  };
  return [
    { state: 'of an administrator', view: homeView(model) },
    { state: 'of somebody who only looks', view: homeView({ ...model, mayStart: false }) },
    {
      state: 'of somebody who only approves, without a worker',
      view: homeView({
        ...{ ...model, overview: null, mayManagePeople: false, subscriptions: [] },
        workers: { alive: 0, lastSeenAt: NOW },
      }),
    },
  ];
}

function groupForms(scene: Scene): Example[] {
  const [group = null] = groupsOf(scene);
  return [
    { state: 'a new one', view: groupView({ group: null, subteamName: null }) },
    { state: 'one that exists', view: groupView({ group, subteamName: scene.name }) },
  ];
}

/** People, groups, subscriptions and the Home tab. */
export const PEOPLE: Builders = {
  homeView: homes,
  approvalsView: (scene) => [{ state: 'as it opens', view: approvalsView(waitingOf(scene), ZONE) }],
  waitingSentence: (scene) =>
    waitingOf({ ...scene, size: 1 }).map((one) => ({
      state: 'of an overwrite',
      text: waitingSentence(one, ZONE),
    })),
  leftOutSentence: ({ name }) => [
    { state: 'of one right', text: leftOutSentence(['Overwrite (Write)'], [name, name]) },
    { state: 'with nobody to ask', text: leftOutSentence(['Overwrite (Write)'], []) },
  ],
  closedHome: () => [
    {
      state: 'of a stranger',
      view: closedHome(unmappedAnswer({ teamId: 'T0DISTRICT', userId: 'U0NORA' })),
    },
  ],
  subscriptionsView: (scene) =>
    SUBJECT_KINDS.map((kind) => ({
      state: kind,
      view: subscriptionsView({
        ...{ subscriptions: subscriptionsOf(scene), kind, channelId: 'C0PUSHES' },
        ...{ chosen: { id: 1, name: scene.name }, said: subscribedSentence(kind, scene.name) },
      }),
    })),
  subscriptionsAnswer: (scene) => [
    { state: 'to notify list', message: subscriptionsAnswer(subscriptionsOf(scene)) },
  ],
  usageAnswer: () => [{ state: 'to notify add', message: usageAnswer() }],
  subscribedSentence: ({ name }) =>
    SUBJECT_KINDS.map((kind) => ({ state: kind, text: subscribedSentence(kind, name) })),
  subscriptionLine: (scene) =>
    subscriptionsOf({ ...scene, size: 3 }).map((one) => ({
      state: one.subject.kind,
      text: subscriptionLine(one),
    })),
  peopleView: (scene) => {
    const people = each(
      scene,
      (index) => ({
        ...{ id: index + 1, slackTeamId: 'T0DISTRICT', slackUserId: `U${index}` },
        ...{
          name: scene.name,
          active: index % 2 === 0,
          slackState: (['member', 'guest', 'unknown'] as const)[index % 3] ?? 'member',
          groups: membershipsOf(scene),
        },
      }),
      PAGE,
    );
    return [
      { state: 'the first page', view: peopleView({ people, skip: 0, more: scene.size > PAGE }) },
      {
        state: 'a later page',
        view: peopleView({
          ...{ people, skip: PAGE, more: true },
          said: `${scene.name} is saved.`,
        }),
      },
    ];
  },
  personView: (scene) => [
    {
      state: 'somebody in every group',
      view: personView({
        ...{ slackTeamId: 'T0DISTRICT', slackUserId: 'U0ALICE', name: scene.name, active: true },
        ...{ groups: groupsOf(scene), memberOf: membershipsOf(scene) },
      }),
    },
  ],
  groupsView: (scene) => [
    { state: 'as it opens', view: groupsView(groupsOf(scene), `${scene.name} is saved.`) },
  ],
  groupView: groupForms,
  savedSentence: (scene) => [
    {
      state: 'in groups',
      text: savedSentence(
        scene.name,
        each(scene, () => scene.name, 101),
      ),
    },
  ],
};
