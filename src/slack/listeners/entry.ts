import { type Person } from '../../domain/ports.ts';
import { holds } from '../../domain/rights.ts';
import { type InteractiveClient, type SlackContext, type Who } from '../context.ts';
import { noRightAnswer, strangerAnswer, unmappedAnswer } from '../messages/answers.ts';
import { type Message } from '../messages/rich-text.ts';

/** A person let in, with the zone of their client; or what to tell them instead. */
export type Entry =
  | { readonly kind: 'person'; readonly person: Person; readonly zone: string }
  | { readonly kind: 'refused'; readonly answer: Message };

/** Who this is and whether they may see the form; asked on every way in (T04, T05, section 6). */
export async function admit(
  context: Pick<SlackContext, 'profiles' | 'services'>,
  client: InteractiveClient,
  who: Who,
): Promise<Entry> {
  const entry = await admitAnybody(context, client, who);
  if (entry.kind === 'refused') return entry;
  return holds(entry.person.rights, 'push_all_course_masters', 'read')
    ? entry
    : { kind: 'refused', answer: noRightAnswer() };
}

/** Whoever may see the form, and approvers: they see what waits for them without the other right. */
export async function admitReader(
  context: SlackContext,
  client: InteractiveClient,
  who: Who,
): Promise<Entry> {
  const entry = await admitAnybody(context, client, who);
  if (entry.kind === 'refused') return entry;
  const { rights } = entry.person;
  return holds(rights, 'push_all_course_masters', 'read') ||
    holds(rights, 'push_all_course_masters.approve', 'write')
    ? entry
    : { kind: 'refused', answer: noRightAnswer() };
}

/** Anybody who is known; what they may do is asked by the service. */
export async function admitAnybody(
  context: Pick<SlackContext, 'profiles' | 'services'>,
  client: InteractiveClient,
  who: Who,
): Promise<Entry> {
  const { state, zone } = await context.profiles.of(client, who);
  if (state !== 'member') return { kind: 'refused', answer: strangerAnswer(state) };
  const person = await context.services.findPerson(who);
  if (person === undefined) return { kind: 'refused', answer: unmappedAnswer(who) };
  return { kind: 'person', person, zone };
}
