import { type DeliveryTrouble, type Undelivered } from '../../domain/delivery.ts';
import { type NoticeKind } from '../../domain/ports.ts';
import { type RunView } from '../../domain/push-run.ts';
import { count, messageText } from '../wording.ts';
import { type Message } from './rich-text.ts';
import { runName } from './run-words.ts';

interface TroubleWords {
  /** @param where the conversation or person, as a mention */
  readonly why: (where: string) => string;
  readonly whatToDo: string;
}

const ELSEWHERE = 'or start the next push from another conversation.';
const BY_ITSELF = 'Nothing to do: it is sent by itself as soon as Slack takes it.';
const ASK_ADMIN = 'Tell an administrator: the log of the bot has what Slack said.';

/** Every trouble in words: what stands in the way, and what a person can do. */
const TROUBLES: Readonly<Record<DeliveryTrouble, TroubleWords>> = {
  rate_limited: { why: () => 'Slack asked the bot to wait', whatToDo: BY_ITSELF },
  no_answer: { why: () => 'Slack does not answer', whatToDo: BY_ITSELF },
  access_lost: {
    why: () => 'Slack took the bot’s access or one of its permissions away',
    whatToDo:
      'A workspace administrator has to install the app again; what waits is then sent by itself.',
  },
  not_in_channel: {
    why: (where) => `the bot is not in ${where}`,
    whatToDo: `Invite it there with /invite, ${ELSEWHERE}`,
  },
  archived: {
    why: (where) => `${where} is archived`,
    whatToDo: `Unarchive it, ${ELSEWHERE}`,
  },
  no_such_channel: {
    why: (where) => `the bot cannot reach ${where}`,
    whatToDo: `If the channel is private, invite the bot there with /invite, ${ELSEWHERE}`,
  },
  may_not_post: {
    why: (where) => `the bot may not post in ${where}`,
    whatToDo: `Allow it in the settings of the channel, ${ELSEWHERE}`,
  },
  gone: {
    why: () => 'somebody deleted its thread',
    whatToDo: 'Nothing to do: the push goes on in a new thread.',
  },
  blocks_refused: { why: () => 'Slack refused its layout', whatToDo: ASK_ADMIN },
  upload_refused: {
    why: () => 'Slack did not take the file',
    whatToDo: 'The Batch Queue List sends you the report files.',
  },
  refused: { why: () => 'Slack refused it', whatToDo: ASK_ADMIN },
};

/** "1 message could not be delivered: the bot is not in #pushes." in mrkdwn. */
export function undeliveredInShort(problem: Undelivered): string {
  const { fate, trouble, messages, channelId } = problem;
  return `${count(messages, 'message')} ${FATES[fate](trouble)}: ${TROUBLES[trouble].why(placeIn(channelId))}.`;
}

/** The same with what to do about it. */
export function undeliveredSentence(problem: Undelivered): string {
  return `${undeliveredInShort(problem)} ${TROUBLES[problem.trouble].whatToDo}`;
}

const FATES: Readonly<Record<Undelivered['fate'], (trouble: DeliveryTrouble) => string>> = {
  waiting: () => 'could not be delivered yet',
  elsewhere: (trouble) =>
    `could not be delivered as asked and went ${trouble === 'gone' ? 'to a new thread' : 'to a person directly'}`,
  lost: () => 'could not be delivered',
};

const WHAT: Readonly<Record<NoticeKind, string>> = {
  anchor: 'The first message about',
  progress: 'The progress of',
  plan: 'The plan of',
  plan_files: 'The file with the full plan of',
  approval: 'A request for approval of',
  decision: 'The message that somebody approved',
  new_time: 'The new time of',
  changed_plan: 'What changed in the plan of',
  reminder: 'A reminder about',
  finished: 'The result of',
  files: 'The report files of',
  subscribed: 'The result for a team that subscribed to',
};

/** Said to the person who asked for a push about a message of it that was given up. */
export function lostMessage(
  run: RunView,
  kind: NoticeKind,
  { trouble, channelId }: Pick<Undelivered, 'trouble' | 'channelId'>,
): Message {
  const { why, whatToDo } = TROUBLES[trouble];
  const text = messageText(
    `${WHAT[kind]} ${runName(run)} could not be delivered: ${why(placeIn(channelId))}. ${whatToDo} ` +
      'The push itself is not affected.',
  );
  return { text, blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }] };
}

/** A conversation or person as Slack shows them by name; ids of ours are of Slack's making. */
function placeIn(id: string | null): string {
  if (id !== null && /^C\w+$/.test(id)) return `<#${id}>`;
  if (id !== null && /^[UW]\w+$/.test(id)) return `<@${id}>`;
  return id?.startsWith('D') === true ? 'the direct conversation' : 'the conversation';
}
