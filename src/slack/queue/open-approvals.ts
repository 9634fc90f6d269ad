import { type KnownBlock, type ModalView } from '@slack/types';

import { type WaitingForApproval } from '../../domain/queue-list.ts';
import { listButton } from '../approval/buttons.ts';
import { type SlackContext } from '../context.ts';
import { note, plainText } from '../form/fields.ts';
import { admit } from '../listeners/entry.ts';
import { openModal, type Opening } from '../listeners/open-form.ts';
import { count, escapeMrkdwn, moment, number, plainName } from '../wording.ts';

/** Two blocks each; a modal holds 100. */
const MOST = 40;

/** Opens the list of what waits for the person's approval, the shortest time first. */
export function openApprovals(context: SlackContext, opening: Opening): Promise<void> {
  return openModal(context, opening, async () => {
    const entry = await admit(context, opening.client, opening.who);
    if (entry.kind === 'refused') return entry;
    const waiting = await context.queue.toApprove(entry.person);
    return { kind: 'view', view: approvalsView(waiting, entry.zone) };
  });
}

/** The list; every button opens a question first. Pure. */
export function approvalsView(waiting: readonly WaitingForApproval[], zone: string): ModalView {
  return {
    type: 'modal',
    title: plainText('Waiting for you'),
    close: plainText('Close'),
    blocks:
      waiting.length === 0
        ? [note('Nothing waits for your approval.')]
        : [
            ...waiting.slice(0, MOST).flatMap((one) => waitingRow(one, zone)),
            ...(waiting.length > MOST
              ? [note(`${number(waiting.length - MOST)} more when these are answered.`)]
              : []),
          ],
  };
}

/** One push that waits, with its buttons; two blocks. */
export function waitingRow(waiting: WaitingForApproval, zone: string): KnownBlock[] {
  const { runId } = waiting;
  return [
    {
      type: 'section',
      text: { type: 'mrkdwn', text: escapeMrkdwn(waitingSentence(waiting, zone)) },
    },
    {
      type: 'actions',
      elements: (['show', 'approve', 'reject'] as const).map((action) => listButton(runId, action)),
    },
  ];
}

/** "#1042 High School Catalog, 24-25: Alice asks to overwrite 8 calendars, by …". Plain text. */
export function waitingSentence(waiting: WaitingForApproval, zone: string): string {
  const { runId, catalog, year, calendarIds, undoes, requestedBy, answerBy } = waiting;
  const until = answerBy === null ? '' : `, by ${moment(answerBy, zone)}`;
  return (
    `#${runId} ${plainName(catalog, 120)}, ${plainName(year)}: ${plainName(requestedBy)} asks to ` +
    `${undoes === null ? 'overwrite' : `undo push #${undoes} on`} ${count(calendarIds.length, 'calendar')}${until}.`
  );
}
