import { type RunView } from '../../domain/push-run.ts';
import { escapeMrkdwn, messageText, moment, plainName } from '../wording.ts';
import { approvedBy, approvedText } from './approved-by.ts';
import { WITHIN_APPROVAL } from './replaced.ts';
import { date, emoji, lines, type Message } from './rich-text.ts';
import { runName } from './run-words.ts';

/** A push that was approved for one time starts at another: a reply that tells who approved it. */
export function newTimeMessage(run: RunView, zone: string, by: string): Message {
  const who = ` ${plainName(by)} chose that time; the approval holds.`;
  return {
    text: messageText(
      `Push ${run.id} now starts on ${moment(run.scheduledFor, zone)}.${escapeMrkdwn(who)}${approvedText(run)}`,
    ),
    blocks: [
      lines([
        emoji('calendar'),
        ` Push ${run.id} now starts `,
        date(run.scheduledFor, zone),
        `.${who}`,
        ...approvedBy(run),
      ]),
    ],
  };
}

/**
 * An approved push starts with a plan that differs from the approved one, within what was approved
 * (G20): a reply that says how.
 */
export function changedPlanMessage(run: RunView, difference: readonly string[]): Message {
  const head = `The plan of ${runName(run)} was made anew for its start. ${WITHIN_APPROVAL}`;
  const text = [head, ...difference].join(' ');
  return {
    text: messageText(`${escapeMrkdwn(text)}${approvedText(run)}`),
    blocks: [
      lines(
        [emoji('clipboard'), ` ${head}`, ...approvedBy(run)],
        ...difference.map((line) => [line]),
      ),
    ],
  };
}
