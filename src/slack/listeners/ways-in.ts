import { type App, type BlockAction, type GlobalShortcut, type RespondFn } from '@slack/bolt';

import { type SlackContext } from '../context.ts';
import { helpAnswer, OPEN_FORM_ACTION, unknownWordAnswer } from '../messages/answers.ts';
import { type Message } from '../messages/rich-text.ts';
import { openPeople } from '../people/listeners.ts';
import { openSubscriptions } from '../subscriptions/listeners.ts';
import { openQueue, openRun } from '../queue/open.ts';
import { openForm, type Opening } from './open-form.ts';

export const COMMAND = '/push-course-masters';
/** callback_id of the global shortcut "Push course masters". */
export const SHORTCUT = 'push_course_masters';

export type Asked =
  | { readonly kind: 'help' }
  | { readonly kind: 'form'; readonly words: string }
  | { readonly kind: 'queue'; readonly mine: boolean }
  | { readonly kind: 'people' }
  | { readonly kind: 'notify'; readonly words: string }
  | { readonly kind: 'show' | 'cancel'; readonly runId: number }
  | { readonly kind: 'unknown'; readonly word: string };

/** What was typed after the command; case does not matter. */
export function parseCommand(text: string): Asked {
  const [word = '', ...rest] = text.trim().split(/\s+/);
  switch (word.toLowerCase()) {
    case 'help':
    case '?':
      return { kind: 'help' };
    case '':
    case 'new':
      return { kind: 'form', words: rest.join(' ') };
    case 'queue':
      return { kind: 'queue', mine: rest[0]?.toLowerCase() === 'mine' };
    case 'people':
      return { kind: 'people' };
    case 'notify':
      return { kind: 'notify', words: rest.join(' ') };
    case 'show':
      return aboutRun('show', rest[0]);
    case 'cancel':
      return aboutRun('cancel', rest[0]);
    default:
      return { kind: 'unknown', word };
  }
}

/** The number is "1042" or "#1042"; without one the list shows which there are. */
function aboutRun(kind: 'show' | 'cancel', word = ''): Asked {
  const digits = /^#?(\d{1,9})$/.exec(word)?.[1];
  return digits === undefined ? { kind: 'queue', mine: true } : { kind, runId: Number(digits) };
}

/** The slash command, the global shortcut and the "Open the form" button. */
export function registerWaysIn(app: App, context: SlackContext): void {
  app.command(COMMAND, async ({ ack, command, respond, client }) => {
    const asked = parseCommand(command.text);
    switch (asked.kind) {
      case 'help':
        await ack(ephemeral(helpAnswer(COMMAND)));
        return;
      case 'unknown':
        await ack(ephemeral(unknownWordAnswer(COMMAND, asked.word)));
        return;
      case 'form':
      case 'queue':
      case 'people':
      case 'notify':
      case 'show':
      case 'cancel':
        await ack();
        await openAsked(context, asked, {
          who: { teamId: command.team_id, userId: command.user_id },
          triggerId: command.trigger_id,
          channelId: command.channel_id,
          words: asked.kind === 'form' ? asked.words : '',
          client,
          tell: teller(respond),
        });
    }
  });

  app.shortcut<GlobalShortcut>(
    { callback_id: SHORTCUT, type: 'shortcut' },
    async ({ ack, shortcut, client }) => {
      await ack();
      await openForm(context, {
        who: { teamId: shortcut.team?.id ?? '', userId: shortcut.user.id },
        triggerId: shortcut.trigger_id,
        channelId: null,
        words: '',
        client,
      });
    },
  );

  app.action<BlockAction>(
    { type: 'block_actions', action_id: OPEN_FORM_ACTION },
    async ({ ack, body, respond, client }) => {
      await ack();
      await openForm(context, {
        who: { teamId: body.team?.id ?? '', userId: body.user.id },
        triggerId: body.trigger_id,
        channelId: body.channel?.id ?? null,
        words: '',
        client,
        tell: teller(respond),
      });
    },
  );
}

/** The modal that the words after the command ask for. */
function openAsked(
  context: SlackContext,
  asked: Exclude<Asked, { readonly kind: 'help' | 'unknown' }>,
  opening: Opening,
): Promise<void> {
  switch (asked.kind) {
    case 'form':
      return openForm(context, opening);
    case 'queue':
      return openQueue(context, opening, asked.mine);
    case 'people':
      return openPeople(context, opening);
    case 'notify':
      return openSubscriptions(context, opening, asked.words);
    case 'show':
    case 'cancel':
      return openRun(context, opening, asked);
  }
}

function ephemeral(message: Message): Message & { response_type: 'ephemeral' } {
  return { response_type: 'ephemeral', ...message };
}

function teller(respond: RespondFn): (message: Message) => Promise<void> {
  return async (message) => {
    await respond({ ...ephemeral(message), replace_original: false });
  };
}
