import { type CatalogChoice } from '../../src/domain/ports.ts';
import { DATA_TYPES } from '../../src/domain/push-options.ts';
import { SETUP_REPORTS } from '../../src/domain/setup-report.ts';
import { reportView } from '../../src/slack/reports/view.ts';
import { RUN_STATES, type RunState } from '../../src/domain/push-run.ts';
import { QUEUE_ACTS, type QueueLook, type QueueRow } from '../../src/domain/queue-list.ts';
import { changeView } from '../../src/slack/approval/change-view.ts';
import { decideView } from '../../src/slack/approval/decide-views.ts';
import { planView } from '../../src/slack/approval/plan-view.ts';
import { NO_CHOICES } from '../../src/slack/form/choices.ts';
import { type FormModel } from '../../src/slack/form/model.ts';
import {
  formView,
  loadingView,
  messageView,
  savingView,
  sentenceView,
  withAlert,
} from '../../src/slack/form/view.ts';
import { truncate } from '../../src/slack/limits.ts';
import { helpAnswer } from '../../src/slack/messages/answers.ts';
import { differenceLines } from '../../src/slack/messages/difference-words.ts';
import { QUESTIONS_FIRST } from '../../src/slack/queue/choice.ts';
import { firstFilter, writeFilter } from '../../src/slack/queue/filter.ts';
import { queueView } from '../../src/slack/queue/list-view.ts';
import { confirmModal, runModal } from '../../src/slack/queue/run-view.ts';
import { undoModal } from '../../src/slack/queue/undo-view.ts';
import { COMMAND } from '../../src/slack/listeners/ways-in.ts';
import { plainName } from '../../src/slack/wording.ts';
import { fullDifference, fullRun, undeliveredOf } from './runs.ts';
import {
  AROUND,
  type Builders,
  each,
  type Example,
  NOW,
  personOf,
  type Scene,
  ZONE,
} from './scene.ts';

const LOCKS: CatalogChoice['locks'] = {
  course_info: 'hard',
  grading_tasks_standards: 'soft',
  composite_grades: 'hard',
  composite_weights: 'hard',
  grade_calc_options: 'hard',
  categories: 'hard',
  assessments: 'unlocked',
};

function formModel(scene: Scene, change: Partial<FormModel['choices']> = {}): FormModel {
  const { name, amount } = scene;
  const ids = each(scene, (index) => index + 1);
  return {
    person: personOf(scene),
    metadata: { channelId: 'C0PUSHES', zone: ZONE },
    now: NOW,
    grantors: [name, name, name],
    years: each(scene, (index) => ({ id: index + 1, label: name, isActive: index === 0 }), 101),
    catalogs: ids.map((id) => ({ id, name, locks: LOCKS })),
    calendars: {
      calendars: ids.map((id) => ({
        ...{ id, name, school: name, isSummer: true, linkedCourses: amount },
      })),
      leftOut: amount,
    },
    choices: {
      ...NO_CHOICES,
      ...{ yearId: 1, catalogId: 1, scope: 'all', calendarIds: ids },
      ...change,
    },
  };
}

function forms(scene: Scene): Example[] {
  return (['push_locked', 'overwrite'] as const).flatMap((mode) =>
    (['all', 'chosen'] as const).flatMap((scope) =>
      (['now', 'batch'] as const).map((when) => ({
        state: `${mode === 'overwrite' ? 'overwrite' : 'locked data'}, ${scope} calendars, ${when}`,
        view: formView(formModel(scene, { mode, scope, when, reason: 'We start over.' })),
      })),
    ),
  );
}

function alerts({ name }: Scene): Example[] {
  const { title, blocks } = sentenceView(plainName(name));
  const view = { callback_id: 'push_form', private_metadata: '', submit: null, close: null };
  return [
    {
      state: 'over a sentence',
      view: withAlert({ ...view, title, blocks }, `${name} was removed meanwhile.`),
    },
  ];
}

function queueRow(scene: Scene, runState: RunState, index: number): QueueRow {
  const { name, amount } = scene;
  return {
    ...{ runId: 1042 + index, calendarId: index + 1, scheduledFor: NOW, runState },
    status: runState === 'running' ? 'processing' : runState,
    ...{
      catalog: name,
      calendar: name,
      year: name,
      requestedBy: name,
      approvedBy: name,
      masterNumber: name,
      undoes: index % 2 === 0 ? null : 1041,
    },
    ...{ mode: 'overwrite', toSections: true, crossSite: true, dataTypes: DATA_TYPES },
    ...{ coursesTotal: amount, coursesDone: amount, exceptions: amount },
    ...{ highPriority: true, keepUntilDeleted: true, hasReport: true },
    acts: new Set(QUEUE_ACTS),
    undelivered: undeliveredOf(scene),
  };
}

function queues(scene: Scene): Example[] {
  const rows = each(
    scene,
    (index) => queueRow(scene, RUN_STATES[index % RUN_STATES.length] ?? 'queued', index),
    50,
  );
  const model = {
    filter: firstFilter(NOW, ZONE, false),
    page: { rows, more: scene.size > 50, maySeeAll: true },
    workers: { alive: 1, lastSeenAt: NOW },
    now: NOW,
  };
  const later = { ...model.filter, skip: 50, mine: true };
  return [
    { state: 'as it opens', view: queueView(model) },
    {
      state: 'a later page, without a worker',
      view: queueView({
        ...{ ...model, filter: later, workers: { alive: 0, lastSeenAt: NOW } },
        said: `Push #1042 of ${scene.name} is canceled.`,
      }),
    },
  ];
}

const ALL_ACTS = {
  ...{ acts: new Set(QUEUE_ACTS), highPriority: true, keepUntilDeleted: true, undoneBy: 1043 },
};

function runModals(scene: Scene): Example[] {
  const filter = writeFilter(firstFilter(NOW, ZONE, false));
  const look: QueueLook = { ...ALL_ACTS, undelivered: undeliveredOf(scene) };
  return RUN_STATES.map((state) => ({
    state,
    view: runModal({
      ...{ run: fullRun(scene, state), look, filter, around: AROUND },
      permalink: 'https://example.slack.com/archives/C0PUSHES/p1',
      said: 'Push #1042 has high priority.',
    }),
  }));
}

function plans(scene: Scene): Example[] {
  const run = fullRun(scene, 'planned', { mode: 'overwrite' });
  const model = { run, zone: ZONE, now: NOW, difference: differenceLines(fullDifference(scene)) };
  return [
    ...[0, 1, 2, 9999].map((page) => ({
      state: `for the requester, page ${page + 1}`,
      view: planView({ ...model, page, isRequester: true, said: truncate(scene.name, 200) }),
    })),
    ...RUN_STATES.map((state) => ({
      state: `for others, ${state}`,
      view: planView({ ...model, run: fullRun(scene, state), page: 0, isRequester: false }),
    })),
  ];
}

function changes(scene: Scene): Example[] {
  const { name } = scene;
  const all = each(scene, (index) => ({ calendarId: index + 1, name }));
  const leftOut = each(scene, (index) => ({ id: index + 1, number: name, name, calendar: name }));
  const view = (pushed: number, courses: number): Example => {
    const run = fullRun({ ...scene, size: pushed }, 'planned');
    const change = {
      ...{ dataTypes: DATA_TYPES, toSections: true, crossSite: true },
      calendarIds: run.calendars.map(({ calendarId }) => calendarId),
      leftOutCourses: leftOut.map(({ id }) => id).slice(0, courses),
    };
    return {
      state: `${pushed} calendars pushed of ${all.length}, ${courses} courses left out`,
      view: changeView({
        ...{ run, person: personOf(scene), change, calendars: all },
        leftOut: leftOut.slice(0, Math.min(100, courses)),
      }),
    };
  };
  return [view(all.length, 0), view(Math.ceil(all.length / 2), leftOut.length)];
}

/** The modals about pushes: the form, the queue, one run, the plan, its changes and decisions. */
export const MODALS: Builders = {
  formView: forms,
  loadingView: () => [{ state: 'while the form loads', view: loadingView() }],
  savingView: () => [{ state: 'while the push is saved', view: savingView() }],
  sentenceView: ({ name }) => [
    { state: 'with a name', view: sentenceView(`Only ${plainName(name)} can change it.`) },
  ],
  messageView: () => [{ state: 'with help', view: messageView(helpAnswer(COMMAND)) }],
  withAlert: alerts,
  reportView: (scene) =>
    SETUP_REPORTS.map((report) => {
      const { years, catalogs } = formModel(scene);
      const yearId = years[0]?.id ?? null;
      return { state: report, view: reportView({ report, years, yearId, catalogs }) };
    }),
  queueView: queues,
  runModal: runModals,
  confirmModal: (scene) =>
    QUESTIONS_FIRST.flatMap((question) =>
      (['queued', 'running', 'completed'] as const).map((state) => ({
        state: `${question}, ${state}`,
        view: confirmModal(question, fullRun(scene, state), { zone: ZONE, filter: null }),
      })),
    ),
  undoModal: (scene) =>
    [null, { putBack: scene.amount, edited: scene.amount, used: scene.amount }].map((counted) => ({
      state: counted === null ? 'too large to count' : 'counted',
      view: undoModal(
        fullRun(scene, 'completed'),
        { written: scene.amount, counted },
        { zone: ZONE, filter: null },
      ),
    })),
  planView: plans,
  changeView: changes,
  decideView: (scene) =>
    (['approve', 'reject'] as const).map((kind) => ({
      state: kind,
      view: decideView(
        kind,
        fullRun(scene, 'awaiting_approval', { mode: 'overwrite' }),
        differenceLines(fullDifference(scene)),
      ),
    })),
};
