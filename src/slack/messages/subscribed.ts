import { type RunView } from '../../domain/push-run.ts';
import { escapeMrkdwn, listed, messageText, plainName } from '../wording.ts';
import { bold, bullets, emoji, lines, type Message } from './rich-text.ts';
import { countsByType, runName, subject } from './run-words.ts';
import { type Surroundings, verdictOf } from './verdict.ts';

const MOST_NAMED = 10;

/** What a team that subscribed is told of a push that ended: its own calendars, and nothing of others. */
export function subscribedMessage(
  run: RunView,
  calendarIds: readonly number[],
  around: Surroundings,
): Message {
  const own = narrowed(run, calendarIds);
  const verdict = verdictOf(own, around);
  const where = calendarsIn(own);
  const what = `${subject(run)}, on ${where}, asked for by ${plainName(run.requestedBy.name)}.`;
  const counts = countsByType(own.counts);
  return {
    text: messageText(
      `${verdict.headline}: ${runName(run)}, ${escapeMrkdwn(what)} ${escapeMrkdwn(verdict.detail)}`,
    ),
    blocks: [
      lines(
        [emoji(verdict.emoji), ' ', bold(`${verdict.headline}: ${runName(run)}.`)],
        [`${what} ${verdict.detail}`],
      ),
      ...(counts.length === 0
        ? []
        : [
            bullets(
              'By kind of data',
              counts.map(({ label, text }) => [bold(label), `: ${text}`]),
            ),
          ]),
      lines([
        'You are told because somebody subscribed: /push-course-masters notify changes that.',
      ]),
    ],
  };
}

/** The run as far as it concerns these calendars. */
function narrowed(run: RunView, calendarIds: readonly number[]): RunView {
  const calendars = run.calendars.filter(({ calendarId }) => calendarIds.includes(calendarId));
  return {
    ...run,
    calendars,
    counts: run.counts.filter(
      ({ calendarId }) => calendarId !== null && calendarIds.includes(calendarId),
    ),
    applied: calendars.reduce((total, { applied }) => total + applied, 0),
    // Held items are among the exceptions of their calendars.
    held: 0,
    courses: null,
    artifacts: [],
  };
}

function calendarsIn({ calendars }: RunView): string {
  const names = calendars.slice(0, MOST_NAMED).map(({ name }) => plainName(name));
  const left = calendars.length - names.length;
  return listed([...names, ...(left > 0 ? [`${left} more`] : [])]);
}
