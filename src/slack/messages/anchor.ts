import { type KnownBlock } from '@slack/types';

import { isFinished, type RunView } from '../../domain/push-run.ts';
import { planButtons } from '../approval/buttons.ts';
import { LIMITS, truncate } from '../limits.ts';
import { escapeMrkdwn, messageText, moment } from '../wording.ts';
import { progressBlocks } from './progress.ts';
import { bold, date, emoji, header, lines, mention, type Message, words } from './rich-text.ts';
import { calendarsOf, dataOf, modeOf, runName, runTitle, subject } from './run-words.ts';
import { type Surroundings, type Verdict, verdictOf } from './verdict.ts';

/** The root of a run's thread: what was asked, and the present state. Updated until the run ends (5.3, 5.4). */
export function anchorMessage(run: RunView, around: Surroundings): Message {
  const verdict = verdictOf(run, around);
  return {
    text: anchorText(run, around, verdict),
    blocks: [
      header(truncate(`${runTitle(run)}: ${subject(run)}`, LIMITS.header)),
      lines([emoji(verdict.emoji), ' ', bold(`${verdict.headline}.`), ` ${verdict.detail}`]),
      ...(around.lostChannelId === undefined ? [] : [lostChannel(around.lostChannelId)]),
      facts(run, around.zone),
      ...(showsProgress(run) ? progressBlocks(run, around.planBlock) : []),
      ...(isUnderWay(run) ? [planButtons(run, ['cancel'], around.now)] : []),
    ],
  };
}

function anchorText(run: RunView, around: Surroundings, verdict: Verdict): string {
  const moved =
    around.lostChannelId === undefined
      ? ''
      : ' I could not post this in the conversation you chose, so it comes to you directly.';
  return messageText(
    `${verdict.headline}: ${runName(run)}, ${escapeMrkdwn(subject(run))}, ${escapeMrkdwn(calendarsOf(run))}, ` +
      `asked for by <@${run.requestedBy.slackUserId}> on ${moment(run.requestedAt, around.zone)}. ` +
      `${escapeMrkdwn(verdict.detail)}${moved}`,
  );
}

function facts(run: RunView, zone: string): KnownBlock {
  const fact = (label: string, value: string): ReturnType<typeof words>[] => [
    bold(`${label}: `),
    words(value),
  ];
  return lines(
    fact('Calendars', calendarsOf(run)),
    fact('Push Mode', modeOf(run)),
    fact('Data to be pushed', dataOf(run)),
    [bold('When: '), run.runNow ? 'Run Now' : date(run.scheduledFor, zone)],
    [
      bold('Requested by '),
      mention(run.requestedBy.slackUserId),
      ', ',
      date(run.requestedAt, zone),
    ],
  );
}

/** Planned runs are withdrawn under their plan. */
function isUnderWay({ state }: RunView): boolean {
  return state === 'planning' || state === 'queued' || state === 'running';
}

function showsProgress(run: RunView): boolean {
  if (run.plan === null) return false;
  return run.state === 'running' || (isFinished(run.state) && run.startedAt !== null);
}

/** Said wherever a message had to leave the conversation it belongs to (5.8). */
export function lostChannel(channelId: string): KnownBlock {
  return lines([
    emoji('warning'),
    ' I could not post in ',
    channelId.startsWith('C')
      ? { type: 'channel', channel_id: channelId }
      : 'the conversation you chose',
    ', so this comes to you directly. Invite me there with ',
    { type: 'text', text: '/invite', style: { code: true } },
    ' to see the next push in it. The push itself is not affected.',
  ]);
}
