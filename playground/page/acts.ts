/** What a person can do on the page, checked and handed to the stand-in. */
import { z } from 'zod';
import {
  type ActResult,
  ClientRefusesError,
  type Person,
  type Suggestions,
} from '../slack-standin/contract.ts';

const id = z.string().min(1).max(255);
const text = z.string().max(40_000);
const element = z.strictObject({ blockId: id, actionId: id });
const where = z.union([z.enum(['modal', 'home']), z.strictObject({ channel: id, ts: id })]);
const choice = z.union([z.string(), z.number(), z.null(), z.array(z.string())]);

const act = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('slash'), command: id, text, channel: id }),
  z.strictObject({
    kind: z.literal('shortcut'),
    callbackId: id,
    message: z.strictObject({ channel: id, ts: id }).exactOptional(),
  }),
  z.strictObject({ kind: z.literal('openHome') }),
  z.strictObject({ kind: z.literal('say'), channel: id, text, threadTs: id.exactOptional() }),
  z.strictObject({ kind: z.literal('click'), where, element }),
  z.strictObject({ kind: z.literal('choose'), where, element, choice }),
  z.strictObject({ kind: z.literal('type'), where, element, text, enter: z.boolean() }),
  z.strictObject({ kind: z.enum(['submit', 'close', 'closeAll']) }),
]);

/** One thing a person does, as the browser posts it. */
export type Act = z.infer<typeof act>;
/** Body of `POST /api/act`. */
export const actRequest = z.strictObject({ as: id, act });
/** Body of `POST /api/suggest`. */
export const suggestRequest = z.strictObject({
  as: id,
  where,
  element,
  query: z.string().max(1_000),
});

type Search = Omit<z.infer<typeof suggestRequest>, 'as'>;

/**
 * Types into an external select as the person.
 * @returns what the open menu shows; `failure` says why there is nothing
 */
export async function performSearch(person: Person, search: Search): Promise<Suggestions> {
  try {
    return await person.suggest(search.element, search.query, search.where);
  } catch (error) {
    if (!(error instanceof ClientRefusesError)) throw error;
    return { options: [], groups: [], failure: error.message };
  }
}

/**
 * Performs one act as the person.
 * @returns what the person's client shows; a control the client does not offer comes back as `client_refused`
 */
export async function performAct(person: Person, act: Act): Promise<ActResult> {
  try {
    return await perform(person, act);
  } catch (error) {
    if (!(error instanceof ClientRefusesError)) throw error;
    return { ok: false, error: 'client_refused', shown: error.message };
  }
}

async function perform(person: Person, act: Act): Promise<ActResult> {
  switch (act.kind) {
    case 'slash':
      return person.slash(act.command, act.text, act.channel);
    case 'shortcut':
      return person.shortcut(act.callbackId, act.message);
    case 'openHome':
      return person.openHome();
    case 'say':
      await person.say(act.channel, act.text, act.threadTs);
      return { ok: true };
    case 'click':
      return person.click(act.where, act.element);
    case 'choose':
      return person.choose(act.element, act.choice, act.where);
    case 'type':
      return person.type(act.element, act.text, { enter: act.enter, where: act.where });
    case 'submit':
      return person.submit();
    case 'close':
      return person.close();
    case 'closeAll':
      return person.closeAll();
  }
}
