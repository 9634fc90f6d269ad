import { PushRefused } from '../../domain/errors.ts';
import { type Person } from '../../domain/ports.ts';
import { type RunView } from '../../domain/push-run.ts';
import { holds } from '../../domain/rights.ts';
import { type InteractiveClient, newReference, type SlackContext, type Who } from '../context.ts';
import { admitAnybody } from '../listeners/entry.ts';
import { faultSentence } from '../messages/answers.ts';
import { moment } from '../wording.ts';

/** Somebody who used a button or form about a plan, and the plan's run as it is now. */
export interface Visitor {
  readonly person: Person;
  /** IANA zone of their Slack client. */
  readonly zone: string;
  readonly run: RunView;
  /** For the audit log: "slack:C0123". */
  readonly from: string;
}

/**
 * Who this is, freshly looked up, and the run (T04, T05). The services check the rights for what is
 * then done; to look at a plan takes Read, being its requester, or the right to approve.
 * @throws PushRefused in words for the person
 */
export async function admitVisitor(
  context: SlackContext,
  client: InteractiveClient,
  visit: { readonly who: Who; readonly runId: number; readonly from: string },
): Promise<Visitor> {
  const { who, runId, from } = visit;
  const entry = await admitAnybody(context, client, who);
  if (entry.kind === 'refused') throw new PushRefused('unknown_person', entry.answer.text);
  const { person, zone } = entry;
  const run = await context.services.run(runId);
  if (run === undefined) throw new PushRefused('not_found', `There is no push #${runId}.`);
  const may =
    run.requestedBy.id === person.id ||
    holds(person.rights, 'push_all_course_masters', 'read') ||
    holds(person.rights, 'push_all_course_masters.approve', 'write');
  if (!may)
    throw new PushRefused(
      'not_permitted',
      'You may not see this plan: it needs the right Read on Push All Course Masters.',
    );
  return { person, zone, run, from };
}

/** What to tell of an error: a refusal as it stands, a fault of ours with a reference (5.8). */
export function sentenceOf(context: SlackContext, error: unknown, zone: string): string {
  if (error instanceof PushRefused) {
    context.logger.info({ code: error.code }, 'answer to a plan refused');
    return error.at === undefined ? error.message : `${error.message} ${atWords(error.at, zone)}`;
  }
  const reference = newReference();
  context.logger.error({ err: error, reference }, 'answering a plan');
  return faultSentence(reference);
}

function atWords(at: Date, zone: string): string {
  return `That was on ${moment(at, zone)}.`;
}
