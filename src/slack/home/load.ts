import { type HomeView } from '@slack/types';

import { type Person } from '../../domain/ports.ts';
import { holds } from '../../domain/rights.ts';
import { type InteractiveClient, type SlackContext, type Who } from '../context.ts';
import { closedSentence } from '../form/left-out.ts';
import { admitReader } from '../listeners/entry.ts';
import { count, listed } from '../wording.ts';
import { closedHome, homeView } from './view.ts';

/** The Home tab of a person as things stand now; of somebody not let in, how to ask. */
export async function loadHome(
  context: SlackContext,
  client: InteractiveClient,
  who: Who,
): Promise<HomeView> {
  const entry = await admitReader(context, client, who);
  if (entry.kind === 'refused') return closedHome(entry.answer);
  const { person, zone } = entry;
  const mayPush = holds(person.rights, 'push_all_course_masters', 'read');
  const [overview, workers, subscriptions, toApprove] = await Promise.all([
    mayPush ? context.queue.overview(person) : null,
    context.services.workers(),
    mayPush ? context.subscriptions.list({ person, channelId: null }) : [],
    context.queue.toApprove(person),
  ]);
  return homeView({
    ...{ name: person.name, zone, overview, toApprove, workers, subscriptions },
    mayStart: closedSentence({ person, grantors: [] }) === null,
    mayManagePeople: holds(person.rights, 'user_security', 'read'),
    rights: rightsSentence(person),
  });
}

/** "You may push and approve overwrites; you may modify 8 calendars." */
function rightsSentence({ rights }: Person): string {
  const holdsPush = (right: 'read' | 'write'): boolean =>
    holds(rights, 'push_all_course_masters', right);
  const may = [
    ...(holdsPush('write') ? ['push'] : holdsPush('read') ? ['look at pushes'] : []),
    ...(holds(rights, 'push_all_course_masters.overwrite', 'write') ? ['ask to overwrite'] : []),
    ...(holds(rights, 'push_all_course_masters.approve', 'write') ? ['approve overwrites'] : []),
  ];
  const { size } = rights.modifiableCalendars;
  const on = size === 0 ? 'no calendar' : count(size, 'calendar');
  return `You may ${listed(may)}; you may modify ${on}.`;
}
