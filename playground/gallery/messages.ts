import { RUN_STATES, type RunState, type RunView } from '../../src/domain/push-run.ts';
import { differenceLines } from '../../src/slack/messages/difference-words.ts';
import { anchorMessage } from '../../src/slack/messages/anchor.ts';
import {
  faultSentence,
  helpAnswer,
  noPushAnswer,
  noRightAnswer,
  plain,
  strangerAnswer,
  tooSlowAnswer,
  unknownWordAnswer,
  unmappedAnswer,
} from '../../src/slack/messages/answers.ts';
import {
  approvalMessage,
  decisionMessage,
  reminderMessage,
  startedApprovalMessage,
} from '../../src/slack/messages/approval-message.ts';
import { filesComment, filesLost, planFilesComment } from '../../src/slack/messages/files.ts';
import { finishedMessage } from '../../src/slack/messages/finished.ts';
import { changedPlanMessage, newTimeMessage } from '../../src/slack/messages/news.ts';
import { planMessage } from '../../src/slack/messages/plan-message.ts';
import { writesSentence } from '../../src/slack/messages/plan-words.ts';
import { replacedPlanMessage, replacedRequestMessage } from '../../src/slack/messages/replaced.ts';
import { type Message } from '../../src/slack/messages/rich-text.ts';
import { subscribedMessage } from '../../src/slack/messages/subscribed.ts';
import { lostMessage, undeliveredSentence } from '../../src/slack/messages/undelivered.ts';
import { stoppingSentence, type Surroundings } from '../../src/slack/messages/verdict.ts';
import { COMMAND } from '../../src/slack/listeners/ways-in.ts';
import { safeName } from '../../src/slack/wording.ts';
import { fullDifference, fullRun, undeliveredOf } from './runs.ts';
import { AROUND, type Builders, type Example, NOW, type Scene, ZONE } from './scene.ts';

const LOST: Surroundings = {
  ...AROUND,
  planBlock: false,
  lostChannelId: 'C0GONE',
  workers: { alive: 0, lastSeenAt: NOW },
};

/** In every state a run can be in, each in some variants. */
function inStates(
  scene: Scene,
  make: (run: RunView) => Readonly<Record<string, Message>>,
  states: readonly RunState[] = RUN_STATES,
): Example[] {
  return states.flatMap((state) =>
    Object.entries(make(fullRun(scene, state))).map(([variant, message]) => ({
      state: `${state}, ${variant}`,
      message,
    })),
  );
}

const AS_UNDO = { kind: 'undo', mode: 'overwrite', undoes: 1041 } as const;

const one = (message: Message, state = 'as it is'): Example[] => [{ state, message }];

/** The messages about runs and plans, and the answers to commands. */
export const MESSAGES: Builders = {
  anchorMessage: (scene) =>
    inStates(scene, (run) => ({
      'in its channel': anchorMessage(run, AROUND),
      'of an undo': anchorMessage({ ...run, ...AS_UNDO }, AROUND),
      'in a direct message, without a worker': anchorMessage({ ...run, runNow: true }, LOST),
    })),
  planMessage: (scene) =>
    inStates(scene, (run) => ({
      'of an overwrite': planMessage({ ...run, mode: 'overwrite' }, AROUND, {
        approvers: [],
        quorum: 2,
      }),
      'of an undo': planMessage({ ...run, ...AS_UNDO }, AROUND),
      'of locked data': planMessage(run, AROUND),
      'before there is a summary': planMessage({ ...run, plan: null, counts: [] }, AROUND),
    })),
  replacedPlanMessage: (scene) =>
    inStates(scene, (run) => ({ replaced: replacedPlanMessage(run) }), ['planned', 'running']),
  replacedRequestMessage: (scene) =>
    inStates(
      scene,
      (run) => {
        const before = run.approval ?? { quorum: 1, askedAt: run.scheduledFor, approvers: [] };
        const approval = { ...before, decisions: [], earlierPlanId: 7 };
        const difference = differenceLines(fullDifference(scene));
        return {
          approved: replacedRequestMessage({ ...run, approval }, 7, difference),
          'not approved': replacedRequestMessage({ ...run, approval }, 6, difference),
        };
      },
      ['awaiting_approval', 'running'],
    ),
  approvalMessage: (scene) =>
    inStates(scene, (run) => ({
      'of an undo': approvalMessage({ ...run, ...AS_UNDO }, AROUND),
      'asked for the first time': approvalMessage({ ...run, mode: 'overwrite' }, AROUND),
      'asked again': approvalMessage(
        { ...run, mode: 'overwrite' },
        AROUND,
        differenceLines(fullDifference(scene)),
      ),
    })),
  startedApprovalMessage: (scene) =>
    inStates(
      scene,
      (run) => ({
        'as approved': startedApprovalMessage({ ...run, mode: 'overwrite' }, AROUND, []),
        'within what was approved': startedApprovalMessage(
          { ...run, mode: 'overwrite' },
          AROUND,
          differenceLines(fullDifference(scene)),
        ),
      }),
      ['running', 'completed', 'failed', 'canceled'],
    ),
  decisionMessage: (scene) =>
    inStates(
      scene,
      (run) => {
        const [decision] = run.approval?.decisions ?? [];
        if (decision === undefined) throw new Error('the run has no decision');
        return { approved: decisionMessage(run, decision) };
      },
      ['awaiting_approval', 'queued'],
    ),
  reminderMessage: (scene) =>
    inStates(scene, (run) => ({ 'time runs out': reminderMessage(run, AROUND) }), [
      'planned',
      'awaiting_approval',
    ]),
  newTimeMessage: (scene) =>
    inStates(scene, (run) => ({ approved: newTimeMessage(run, ZONE, scene.name) }), ['queued']),
  changedPlanMessage: (scene) =>
    inStates(
      scene,
      (run) => ({
        approved: changedPlanMessage(run, differenceLines(fullDifference(scene))),
      }),
      ['running'],
    ),
  finishedMessage: (scene) =>
    inStates(scene, (run) => ({
      'in its channel': finishedMessage(run, AROUND),
      'in a direct message': finishedMessage(run, LOST),
      'of an undo': finishedMessage({ ...run, ...AS_UNDO }, AROUND),
      'with nothing written': finishedMessage({ ...run, applied: 0, counts: [] }, AROUND),
    })),
  subscribedMessage: (scene) =>
    inStates(scene, (run) => {
      const calendarIds = run.calendars.map(({ calendarId }) => calendarId);
      return {
        'of all calendars': subscribedMessage(run, calendarIds, AROUND),
        'of one': subscribedMessage(run, calendarIds.slice(0, 1), AROUND),
      };
    }),
  lostMessage: (scene) =>
    undeliveredOf({ ...scene, size: Infinity }).map((problem) => ({
      state: problem.trouble,
      message: lostMessage(fullRun(scene, 'completed'), 'finished', problem),
    })),
  undeliveredSentence: (scene) =>
    undeliveredOf({ ...scene, size: Infinity }).map((problem) => ({
      state: problem.trouble,
      text: undeliveredSentence(problem),
    })),
  filesLost: (scene) => one(filesLost(fullRun(scene, 'completed'))),
  filesComment: (scene) => [
    { state: 'completed', text: filesComment(fullRun(scene, 'completed')) },
  ],
  planFilesComment: (scene) => [
    { state: 'planned', text: planFilesComment(fullRun(scene, 'planned')) },
  ],
  writesSentence: (scene) =>
    RUN_STATES.map((state) => ({ state, text: writesSentence(fullRun(scene, state)) })),
  stoppingSentence: () => [{ state: 'planning or running', text: stoppingSentence(1042) }],
  helpAnswer: () => one(helpAnswer(COMMAND)),
  unknownWordAnswer: ({ name }) => one(unknownWordAnswer(COMMAND, name)),
  unmappedAnswer: () => one(unmappedAnswer({ teamId: 'T0DISTRICT', userId: 'U0NORA' })),
  noPushAnswer: () => one(noPushAnswer()),
  noRightAnswer: () => one(noRightAnswer()),
  strangerAnswer: () =>
    (['guest', 'deactivated', 'unknown'] as const).map((state) => ({
      state,
      message: strangerAnswer(state),
    })),
  tooSlowAnswer: () => one(tooSlowAnswer()),
  faultSentence: () => [{ state: 'as it is', text: faultSentence('7F3K') }],
  plain: ({ name }) => one(plain(`Only ${safeName(name)} can change it.`)),
};
