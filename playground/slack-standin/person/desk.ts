import { type ActResult, ClientRefusesError, type Json, type PersonInfo } from '../contract.ts';
import { type Core } from '../core.ts';
import { member, text } from '../json.ts';
import { type Finding, refusal } from '../rules/finding.ts';
import { type Delivery, type Transport } from '../transport/delivery.ts';
import { INSTALLATION } from '../world.ts';

/** What a person's client works with. */
export interface Desk {
  readonly core: Core;
  readonly transport: () => Transport;
  readonly userId: string;
}

/** The body of a timely ack, or what the client shows instead. */
export type Reply = { readonly body: unknown } | { readonly failure: ActResult };

const TROUBLE = 'We had some trouble connecting. Try again?';

/**
 * Delivers something to the app and waits for the ack (F1: 3 s).
 * @param where the kind of ack, for violations
 */
export async function dispatch(desk: Desk, where: string, delivery: Delivery): Promise<Reply> {
  const ack = await desk.transport().deliver(delivery);
  switch (ack.outcome) {
    case 'acknowledged':
      return { body: ack.body };
    case 'timeout':
      return fail(desk, where, {
        error: 'operation_timeout',
        message: 'No acknowledgement within 3 seconds.',
      });
    case 'failed':
      return fail(desk, where, {
        error: 'dispatch_failed',
        message: `The app did not take the request: ${ack.reason}.`,
      });
  }
}

/** Reports findings about an ack. @returns what the client shows when one of them is refused */
export function refusedAck(
  desk: Desk,
  where: string,
  findings: readonly Finding[],
): ActResult | undefined {
  const refused = desk.core.journal.report(where, findings, 'invalid_ack');
  return refused === undefined
    ? undefined
    : withTop(desk, { ok: false, error: refused.error, shown: TROUBLE });
}

function fail(
  desk: Desk,
  where: string,
  { error, message }: { error: string; message: string },
): Reply {
  desk.core.journal.report(where, [refusal('F1', [], message)], error);
  return { failure: withTop(desk, { ok: false, error, shown: TROUBLE }) };
}

/** Adds the top modal to a result. */
export function withTop(desk: Desk, result: ActResult): ActResult {
  const view = desk.core.views.top(desk.userId);
  return view === undefined ? result : { ...result, view };
}

/** The person, refusing those who cannot log in. */
export function activePerson(desk: Desk): PersonInfo {
  const person = desk.core.world.person(desk.userId);
  if (person.isDeactivated)
    throw new ClientRefusesError(`${person.name} is deactivated and cannot log in.`);
  return person;
}

/** The parts that every interaction payload has. */
export function commonPart(desk: Desk): Record<string, Json> {
  const person = activePerson(desk);
  const { teamDomain, appId, verificationToken } = INSTALLATION;
  return {
    user: { id: person.id, username: person.name, name: person.name, team_id: person.teamId },
    team: { id: person.teamId, domain: teamDomain },
    api_app_id: appId,
    token: verificationToken,
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** Makes sure that the person's conversation with the bot exists. @returns its id */
export async function directId(desk: Desk): Promise<string> {
  const known = desk.core.world.directWith(desk.userId);
  if (known !== undefined) return known.id;
  const answer = await desk.core.backing.call('conversations.open', { users: desk.userId });
  return desk.core.world.addDirect(text(member(answer['channel'], 'id')), desk.userId).id;
}

/** Seconds with microseconds, as in action_ts and event_ts. */
export function nowTs(): string {
  return (Date.now() / 1000).toFixed(6);
}
