import { type KnownBlock } from '@slack/types';

import { type SlackState } from '../../domain/standing.ts';
import { listed, safeName } from '../wording.ts';
import { type Message } from './rich-text.ts';

/** The action of every "Open the form" button; it carries a fresh trigger. */
export const OPEN_FORM_ACTION = 'open_form';

/** The words after the slash command, with what they do. */
export const COMMAND_WORDS = [
  {
    word: 'new',
    does: 'opens the form, as does the command alone; `new High School` with that catalog chosen',
  },
  { word: 'master', does: 'and a number, as in `master 1010`, pushes one course master' },
  { word: 'queue', does: 'lists what is queued, running and done; `queue mine` your own' },
  { word: 'approvals', does: 'lists what waits for your approval' },
  { word: 'show', does: 'and a number, as in `show 1042`, shows one push' },
  { word: 'cancel', does: 'and a number cancels a push, after asking' },
  {
    word: 'report',
    does: 'and `residual`, `awaiting-push`, `course-awaiting-push` or `audit` makes a report on the setup as it is now',
  },
  {
    word: 'notify',
    does: 'chooses who hears of pushes on a school, a calendar or a catalog; also `notify list`, `notify add school "Harrison High"`, `notify remove …`',
  },
  { word: 'people', does: 'shows people, groups and rights, to whoever may see them' },
  { word: 'help', does: 'shows this' },
] as const;

/** Answer to `help` and `?`: the usage, and a button that opens the form. */
export function helpAnswer(command: string): Message {
  const usage = COMMAND_WORDS.map(({ word, does }) => `• \`${command} ${word}\` ${does}`);
  const text = [
    '*Push All Course Masters* pushes grading setup and course master attributes to the linked courses of a course catalog.',
    ...usage,
    'Only data that the catalog locks is pushed. What teachers have used stays, and the report says what could not be pushed and why.',
  ].join('\n');
  return withButton(text);
}

/** Answer to a word that is none of ours. */
export function unknownWordAnswer(command: string, word: string): Message {
  const typed = safeName(word, 40).replaceAll('`', "'");
  const likely = closest(word.toLowerCase().slice(0, 40));
  const suggestion =
    likely === undefined
      ? `You can use ${listed(
          COMMAND_WORDS.map((entry) => `\`${entry.word}\``),
          'or',
        )}.`
      : `Did you mean \`${likely}\`?`;
  return withButton(
    `I don't know \`${typed}\`. ${suggestion} \`${command} help\` shows everything.`,
  );
}

/** Answer to "Show this push" on a message that is about none. */
export function noPushAnswer(): Message {
  return plain(
    'This message is about no push that I know. Use the shortcut on one of my messages.',
  );
}

/** Answer to a Slack user whom nobody linked to a person; they see nothing but how to ask. */
export function unmappedAnswer(who: { readonly teamId: string; readonly userId: string }): Message {
  return plain(
    'I do not know you yet, so I cannot do that for you. Ask a district administrator to link your Slack account, ' +
      `and quote these ids: user \`${who.userId}\`, workspace \`${who.teamId}\`.`,
  );
}

/**
 * Answer to guests, to people of other organizations, and to deactivated accounts; and to those of
 * whom Slack does not say what they are.
 */
export function strangerAnswer(state: Exclude<SlackState, 'member'>): Message {
  return plain(
    state === 'unknown'
      ? 'Slack does not say at present whether you are a full member of this workspace, so I cannot let you in. ' +
          'Try again in a minute. If it stays so, tell an administrator: the app may lack the scope users:read.'
      : 'Only full members of this workspace can push course masters, so not guests.',
  );
}

/** Answer to a person whose rights do not reach the form. */
export function noRightAnswer(): Message {
  return plain(
    'You may not open this form: it needs the right Read on Push All Course Masters. ' +
      'Ask a district administrator for it.',
  );
}

/** Answer when the trigger had run out before the form could open (F3). */
export function tooSlowAnswer(): Message {
  return withButton('Slack took too long to open the form. Nothing was pushed. Try again:');
}

/** The sentence for a fault of ours; the reference is in the log too (5.8). */
export function faultSentence(reference: string): string {
  return `Something went wrong on our side. Nothing was pushed. Tell an administrator the reference ${reference}.`;
}

/** A message of one mrkdwn sentence; the caller has escaped what is not its own. */
export function plain(text: string): Message {
  return { text, blocks: [sectionOf(text)] };
}

function withButton(text: string): Message {
  return {
    text,
    blocks: [
      sectionOf(text),
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            action_id: OPEN_FORM_ACTION,
            text: { type: 'plain_text', text: 'Open the form' },
            style: 'primary',
          },
        ],
      },
    ],
  };
}

function sectionOf(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

/** The known word at most two typing errors away. */
function closest(word: string): string | undefined {
  return COMMAND_WORDS.map((entry) => ({ word: entry.word, errors: distance(word, entry.word) }))
    .filter(({ errors }) => errors <= 2)
    .sort((a, b) => a.errors - b.errors)[0]?.word;
}

/** Levenshtein distance; both words are short. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
