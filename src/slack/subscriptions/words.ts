import { PushRefused } from '../../domain/errors.ts';
import { type Person } from '../../domain/ports.ts';
import { type NamedSubject, SUBJECT_KINDS, type SubjectKind } from '../../domain/subscriptions.ts';
import { type InteractiveClient, type SlackContext } from '../context.ts';
import { plain } from '../messages/answers.ts';
import { type Message } from '../messages/rich-text.ts';
import { escapeMrkdwn, listed, plainName } from '../wording.ts';
import { ensureReached } from './membership.ts';
import { KIND_WORDS, subscribedSentence, subscriptionsAnswer, usageAnswer } from './view.ts';

/** What `notify list`, `notify add school "X"` or `notify remove school "X"` asks for. */
export type NotifyAsk =
  | { readonly does: 'list' | 'usage' }
  | { readonly does: 'add' | 'remove'; readonly kind: SubjectKind; readonly name: string };

/** Undefined for words that only open the modal. Quotes around the name may be of any sort. */
export function parseNotify(words: string): NotifyAsk | undefined {
  const [does = '', kindWord = '', ...rest] = words.trim().split(/\s+/);
  const verb = does.toLowerCase();
  if (verb === 'list') return { does: 'list' };
  if (verb !== 'add' && verb !== 'remove') return undefined;
  const kind = SUBJECT_KINDS.find((one) => one === kindWord.toLowerCase());
  const name = rest.join(' ').replaceAll(/^["'“”‘’]+|["'“”‘’]+$/g, '');
  return kind === undefined || name === '' ? { does: 'usage' } : { does: verb, kind, name };
}

/** Who asks, and the conversation that is told: where the command was given, or the person directly. */
interface Asking {
  readonly person: Person;
  readonly channelId: string;
  readonly client: InteractiveClient;
  /** For the audit log. */
  readonly from: string;
}

/** Does what was typed after `notify`, and says what came of it. */
export async function answerNotify(
  context: SlackContext,
  ask: NotifyAsk,
  asking: Asking,
): Promise<Message> {
  try {
    switch (ask.does) {
      case 'usage':
        return usageAnswer();
      case 'list':
        return subscriptionsAnswer(await context.subscriptions.list(asking));
      case 'add':
        return plain(escapeMrkdwn(await add(context, ask, asking)));
      case 'remove':
        return plain(escapeMrkdwn(await remove(context, ask, asking)));
    }
  } catch (error) {
    if (error instanceof PushRefused) return plain(escapeMrkdwn(error.message));
    throw error;
  }
}

type Named = Extract<NotifyAsk, { readonly kind: SubjectKind }>;

async function add(context: SlackContext, ask: Named, asking: Asking): Promise<string> {
  const { person, channelId, client, from } = asking;
  const { kind, name } = ask;
  const found = await context.subscriptions.subjects({ person, kind, search: name, limit: 4 });
  const subject = onlyOne(ask, found);
  const more = await ensureReached(context, client, channelId);
  await context.subscriptions.add({ person, channelId, subject, from });
  const where = channelId === person.slackUserId ? 'to you directly' : 'here';
  return `${subscribedSentence(kind, subject.name, where)}${more}`;
}

async function remove(context: SlackContext, ask: Named, asking: Asking): Promise<string> {
  const { person, channelId, from } = asking;
  const all = await context.subscriptions.list({ person, channelId });
  const here = all.filter(
    (one) =>
      one.channelId === channelId &&
      one.subject.kind === ask.kind &&
      one.subject.name.toLowerCase().includes(ask.name.toLowerCase()),
  );
  const bySubject = new Map(here.map(({ subject }) => [subject.id, subject]));
  const subject = onlyOne(ask, [...bySubject.values()]);
  for (const { id, subject: of } of here)
    if (of.id === subject.id) await context.subscriptions.remove({ person, id, from });
  return `Pushes on ${ask.kind === 'catalog' ? 'course catalog' : ask.kind} ${plainName(subject.name)} are no longer told here.`;
}

/** @throws PushRefused when no name fits, or several and none exactly */
function onlyOne({ does, kind, name }: Named, found: readonly NamedSubject[]): NamedSubject {
  const exact = found.filter((one) => one.name.toLowerCase() === name.toLowerCase());
  const [first, another] = exact.length > 0 ? exact : found;
  const what = `${KIND_WORDS[kind].toLowerCase()} “${plainName(name)}”`;
  if (first === undefined)
    throw new PushRefused(
      'not_found',
      does === 'add'
        ? `There is no ${what} that you may see.`
        : `No ${what} is subscribed to here. /push-course-masters notify list shows what is.`,
    );
  if (another !== undefined)
    throw new PushRefused(
      'not_found',
      `More than one fits ${what}: ${listed(found.slice(0, 3).map((one) => plainName(one.name)))}. Type the whole name.`,
    );
  return first;
}
