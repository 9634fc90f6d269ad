import {
  type App,
  type BlockAction,
  type GlobalShortcut,
  type MessageShortcut,
  type RespondFn,
} from '@slack/bolt';
import { z } from 'zod';

import { type SlackContext, whoOf } from '../context.ts';
import {
  helpAnswer,
  noPushAnswer,
  OPEN_FORM_ACTION,
  unknownWordAnswer,
} from '../messages/answers.ts';
import { type Message } from '../messages/rich-text.ts';
import { openPeople } from '../people/listeners.ts';
import { openReport } from '../reports/listeners.ts';
import { openSubscriptions } from '../subscriptions/listeners.ts';
import { openApprovals } from '../queue/open-approvals.ts';
import { openQueue, openRun } from '../queue/open.ts';
import { type Asked, parseCommand } from './command.ts';
import { admitAnybody } from './entry.ts';
import { openForm, type Opening } from './open-form.ts';
import { openMaster } from './open-master.ts';

export const COMMAND = '/push-course-masters';
/** callback_id of the global shortcut "Push course masters". */
export const SHORTCUT = 'push_course_masters';
/** callback_id of the message shortcut "Show this push", for threads, where no command works (F7). */
export const SHOW_SHORTCUT = 'show_this_push';

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
      default:
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

  registerShortcuts(app, context);
  registerFormButton(app, context);
}

function registerShortcuts(app: App, context: SlackContext): void {
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

  app.shortcut<MessageShortcut>(
    { callback_id: SHOW_SHORTCUT, type: 'message_action' },
    async ({ ack, shortcut, respond, client }) => {
      await ack();
      const { channel, message_ts: ts } = shortcut;
      const entry = await admitAnybody(context, client, whoOf(shortcut));
      if (entry.kind === 'refused') {
        await teller(respond)(entry.answer);
        return;
      }
      const { thread_ts: threadTs = null } = threaded.parse(shortcut.message);
      const runId = await context.queue.runOf({ channelId: channel.id, ts, threadTs });
      const opening: Opening = {
        who: whoOf(shortcut),
        triggerId: shortcut.trigger_id,
        channelId: channel.id,
        words: '',
        client,
        tell: teller(respond),
      };
      if (runId === undefined) await teller(respond)(noPushAnswer());
      else await openRun(context, opening, { kind: 'show', runId });
    },
  );
}

function registerFormButton(app: App, context: SlackContext): void {
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

const threaded = z.looseObject({ thread_ts: z.string().optional() });

/** The modal that the words after the command ask for. */
function openAsked(
  context: SlackContext,
  asked: Exclude<Asked, { readonly kind: 'help' | 'unknown' }>,
  opening: Opening,
): Promise<void> {
  switch (asked.kind) {
    case 'form':
      return openForm(context, opening);
    case 'master':
      return openMaster(context, opening, asked.number);
    case 'approvals':
      return openApprovals(context, opening);
    case 'report':
      return openReport(context, opening, asked.word);
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
