import { type SlackStandIn, type StoredMessage } from '../../playground/slack-standin/contract.ts';
import { until } from './until.ts';

/** A conversation in which somebody pushes. */
export interface Place {
  readonly slack: SlackStandIn;
  readonly userId: string;
  readonly channel: string;
}

/** What of the form is not left as it opens. */
export interface FormWish {
  readonly catalog?: string;
  /** Given: an overwrite for this reason. */
  readonly reason?: string;
  readonly sections?: boolean;
  /** Given: Submit to Batch for this time. */
  readonly at?: Date;
}

/** Opens the form, fills it in to run now or at the wished time, and sends it. */
export async function sendForm(place: Place, wish: FormWish = {}): Promise<void> {
  const { slack, userId, channel } = place;
  const person = slack.person(userId);
  const top = (): string => JSON.stringify(slack.viewStack(userId).at(-1) ?? null);
  await person.slash('/push-course-masters', '', channel);
  await until('the form', () => top().includes('form_catalog'));
  const name = wish.catalog ?? 'High School Catalog';
  const value = new RegExp(`"text":"${name}"},"value":"(\\d+)"`).exec(top())?.[1];
  await person.choose('form_catalog', value ?? '');
  await until('the calendars', () => top().includes('All Calendars'));
  if (wish.at === undefined) {
    await person.choose('form_when', 'now');
    await until('Run Now', () => !top().includes('form_at'));
  } else await person.choose('form_at', wish.at.getTime() / 1000);
  if (wish.reason !== undefined) {
    await person.choose('form_mode', 'overwrite');
    await until('the reason', () => top().includes('form_reason'));
    await person.type('form_reason', wish.reason);
  }
  if (wish.sections === true) await person.choose('form_options', ['sections']);
  const sent = await person.submit();
  if (!sent.ok || sent.fieldErrors !== undefined)
    throw new Error(`the form was refused: ${JSON.stringify(sent)}`);
}

/** A button under a plan or a request for approval: of one run, or of the newest there is. */
export interface PlanButton {
  readonly action: string;
  readonly runId?: number;
}

/** The newest message of a conversation that has a button. */
export function messageWith(
  { slack, channel }: Pick<Place, 'slack' | 'channel'>,
  { action, runId }: PlanButton,
): StoredMessage | undefined {
  return slack.messages(channel).findLast(({ blocks }) => {
    const json = JSON.stringify(blocks);
    const isOfRun = runId === undefined || json.includes(`"value":"${runId}.`);
    return isOfRun && json.includes(`"action_id":"${action}"`);
  });
}

/** Waits for a button in a conversation and uses it. */
export async function clickWhenThere(place: Place, button: PlanButton): Promise<StoredMessage> {
  const { slack, userId, channel } = place;
  const message = await until(
    `the button ${button.action}`,
    () => messageWith(place, button),
    30_000,
  );
  await slack.person(userId).click({ channel, ts: message.ts }, button.action);
  return message;
}

const RESULT = /Completed|Nothing needed doing|Failed|Canceled|Withdrawn|Rejected|Expired/;

/** Replies that mention the person and tell how a push ended. */
export function results({ slack, userId, channel }: Place): readonly StoredMessage[] {
  return slack
    .messages(channel)
    .filter(
      ({ isReply, text }) =>
        isReply &&
        text.startsWith(`<@${userId}>`) &&
        RESULT.test(text.slice(0, userId.length + 50)),
    );
}

/** Sends the form, says yes to the plan where there is something to ask, and waits for the result. */
export async function pushLocked(place: Place, wish: FormWish = {}): Promise<string> {
  const before = results(place).length;
  await sendForm(place, wish);
  const isOver = (): boolean => results(place).length > before;
  await until(
    'the plan or the result',
    () => isOver() || messageWith(place, { action: 'plan_push' }) !== undefined,
    30_000,
  );
  if (!isOver()) await clickWhenThere(place, { action: 'plan_push' });
  const reply = await until('the result', () => results(place)[before], 30_000);
  return reply.text;
}
