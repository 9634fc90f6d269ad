import { type App, type BlockAction, type ViewOutput, type ViewSubmitAction } from '@slack/bolt';
import { type ModalView } from '@slack/types';
import { z } from 'zod';

import { PushRefused } from '../../domain/errors.ts';
import { type Person } from '../../domain/ports.ts';
import {
  fromOf,
  type InteractiveClient,
  newReference,
  type SlackContext,
  whoOf,
} from '../context.ts';
import { messageView, sentenceView, withAlert } from '../form/view.ts';
import { admitAnybody } from '../listeners/entry.ts';
import { openModal, type Opening } from '../listeners/open-form.ts';
import { faultSentence } from '../messages/answers.ts';
import { plainName } from '../wording.ts';
import { showView } from '../show-view.ts';
import { readGroup, readPerson } from './answers.ts';
import { groupsView, groupView } from './group-views.ts';
import { ACTION, CHANGE_GROUP, CHANGE_PERSON, GROUP, PERSON } from './ids.ts';
import { registerSearches } from './searches.ts';
import { PAGE, peopleView, personView, savedSentence } from './people-views.ts';
import { checkPeople } from './states.ts';
import { slackUserGroups, syncSubteams } from './subteams.ts';

/** Opens "People and rights" for whoever may read User Security. */
export function openPeople(context: SlackContext, opening: Opening): Promise<void> {
  return openModal(context, opening, async () => {
    const entry = await admitAnybody(context, opening.client, opening.who);
    if (entry.kind === 'refused') return entry;
    return { kind: 'view', view: await peoplePage(context, entry.person, { skip: 0 }) };
  });
}

async function peoplePage(
  context: SlackContext,
  by: Person,
  shown: { readonly skip: number; readonly said?: string },
): Promise<ModalView> {
  try {
    const found = await context.people.people({
      ...{ by, search: '', skip: shown.skip },
      limit: PAGE + 1,
    });
    return peopleView({ ...shown, people: found.slice(0, PAGE), more: found.length > PAGE });
  } catch (error) {
    if (error instanceof PushRefused) return sentenceView(error.message);
    throw error;
  }
}

type React = (turn: {
  readonly client: InteractiveClient;
  readonly body: BlockAction;
  readonly view: ViewOutput;
  readonly person: Person;
}) => Promise<ModalView | undefined>;

/** The lists of people and groups, and the modals that change them. */
export function registerPeople(app: App, context: SlackContext): void {
  /** Most clicks push a modal; paging replaces the one that is shown. */
  const listen = (actionId: string | RegExp, how: 'push' | 'update', react: React): void => {
    app.action<BlockAction>(
      { type: 'block_actions', action_id: actionId },
      async ({ ack, body, client }) => {
        await ack();
        const { view } = body;
        if (view === undefined) return;
        const next = await reaction(context, client, { body, view, react });
        if (next === undefined) return;
        await (how === 'push'
          ? client.views.push({ trigger_id: body.trigger_id, view: next })
          : showView(client, view, next));
      },
    );
  };
  listen(ACTION.pick, 'push', ({ client, body, person }) =>
    changeOf(context, client, { person, userId: pickedUser(body) }),
  );
  listen(CHANGE_PERSON, 'push', ({ client, body, person }) =>
    changeOf(context, client, { person, userId: idIn(body, CHANGE_PERSON) }),
  );
  listen(ACTION.next, 'update', ({ view, person }) =>
    peoplePage(context, person, { skip: Number(view.private_metadata) + PAGE }),
  );
  listen(ACTION.previous, 'update', ({ view, person }) =>
    peoplePage(context, person, { skip: Math.max(0, Number(view.private_metadata) - PAGE) }),
  );
  listen(ACTION.groups, 'push', async ({ person }) =>
    groupsView(await context.people.groups(person)),
  );
  listen(ACTION.newGroup, 'push', ({ client, person }) =>
    groupModal(context, client, { person, groupId: null }),
  );
  listen(CHANGE_GROUP, 'push', ({ client, body, person }) =>
    groupModal(context, client, { person, groupId: Number(idIn(body, CHANGE_GROUP)) }),
  );
  registerSearches(app, context);
  for (const callbackId of [PERSON, GROUP]) {
    app.view<ViewSubmitAction>(
      { type: 'view_submission', callback_id: callbackId },
      async ({ ack, body, client }) => {
        const saved = await save(context, client, body);
        await (saved.kind === 'answer'
          ? ack({ response_action: 'update', view: saved.view })
          : ack());
        if (saved.kind === 'saved') await showBelow(context, client, { body, saved });
      },
    );
  }
}

async function reaction(
  context: SlackContext,
  client: InteractiveClient,
  turn: { body: BlockAction; view: ViewOutput; react: React },
): Promise<ModalView | undefined> {
  const { body, view, react } = turn;
  const entry = await admitAnybody(context, client, whoOf(body));
  if (entry.kind === 'refused') return messageView(entry.answer);
  try {
    return await react({ client, body, view, person: entry.person });
  } catch (error) {
    if (error instanceof PushRefused) return sentenceView(error.message);
    throw error;
  }
}

async function changeOf(
  context: SlackContext,
  client: InteractiveClient,
  { person, userId }: { readonly person: Person; readonly userId: string },
): Promise<ModalView> {
  const [groups, known, profile] = await Promise.all([
    context.people.groups(person),
    context.people.find({ by: person, slackTeamId: person.slackTeamId, slackUserId: userId }),
    client.users.info({ user: userId }),
  ]);
  return personView({
    slackTeamId: person.slackTeamId,
    slackUserId: userId,
    name: known?.name ?? profile.user?.real_name ?? '',
    active: known?.active ?? true,
    groups,
    memberOf: known?.groups ?? [],
  });
}

async function groupModal(
  context: SlackContext,
  client: InteractiveClient,
  { person, groupId }: { readonly person: Person; readonly groupId: number | null },
): Promise<ModalView> {
  const [groups, subteams] = await Promise.all([
    context.people.groups(person),
    slackUserGroups(client, context.logger),
  ]);
  const group = groups.find(({ id }) => id === groupId) ?? null;
  if (groupId !== null && group === null) return sentenceView('This group is gone.');
  const filling = subteams?.find(({ id }) => id === group?.slackSubteamId);
  return groupView({ group, subteamName: filling?.name ?? null });
}

type Saved =
  | { readonly kind: 'answer'; readonly view: ModalView }
  | {
      readonly kind: 'saved';
      readonly what: 'person' | 'group';
      readonly person: Person;
      readonly said: string;
    };

/** Never rejects: whatever goes wrong becomes an answer, since Slack must get one. */
async function save(
  context: SlackContext,
  client: InteractiveClient,
  body: ViewSubmitAction,
): Promise<Saved> {
  try {
    const entry = await admitAnybody(context, client, whoOf(body));
    if (entry.kind === 'refused') return { kind: 'answer', view: messageView(entry.answer) };
    const { person } = entry;
    return body.view.callback_id === PERSON
      ? await savePerson(context, client, { person, body })
      : await saveGroup(context, client, { person, body });
  } catch (error) {
    if (error instanceof PushRefused)
      return { kind: 'answer', view: withAlert(body.view, error.message) };
    const reference = newReference();
    context.logger.error({ err: error, reference }, 'saving people and rights');
    return { kind: 'answer', view: withAlert(body.view, faultSentence(reference)) };
  }
}

async function savePerson(
  context: SlackContext,
  client: InteractiveClient,
  { person, body }: { readonly person: Person; readonly body: ViewSubmitAction },
): Promise<Saved> {
  const change = readPerson(body.view);
  await context.people.savePerson({ ...change, by: person, from: fromOf(body) });
  const userIds = [change.slackUserId];
  await checkPeople({ ...context, client, teamId: change.slackTeamId, userIds });
  const { slackTeamId, slackUserId, name } = change;
  const saved = await context.people.find({ by: person, slackTeamId, slackUserId });
  const groups = saved?.groups.map((group) => group.name) ?? [];
  return { kind: 'saved', what: 'person', person, said: savedSentence(name, groups) };
}

async function saveGroup(
  context: SlackContext,
  client: InteractiveClient,
  { person, body }: { readonly person: Person; readonly body: ViewSubmitAction },
): Promise<Saved> {
  const group = readGroup(body.view);
  await context.people.saveGroup({ ...group, by: person, from: fromOf(body) });
  if (typeof group.slackSubteamId === 'string')
    await syncSubteams({ ...context, client, teamId: person.slackTeamId });
  return { kind: 'saved', what: 'group', person, said: `${plainName(group.name)} is saved.` };
}

async function showBelow(
  context: SlackContext,
  client: InteractiveClient,
  { body, saved }: { body: ViewSubmitAction; saved: Extract<Saved, { kind: 'saved' }> },
): Promise<void> {
  const { previous_view_id: below } = body.view;
  const { person, said, what } = saved;
  if (below === null) return;
  const view =
    what === 'person'
      ? await peoplePage(context, person, { skip: 0, said })
      : groupsView(await context.people.groups(person), said);
  await client.views.update({ view_id: below, view });
}

const picked = z.looseObject({ selected_user: z.string() });

function pickedUser(body: BlockAction): string {
  return picked.parse(body.actions[0]).selected_user;
}

function idIn(body: BlockAction, pattern: RegExp): string {
  return pattern.exec(body.actions[0]?.action_id ?? '')?.[1] ?? '';
}
