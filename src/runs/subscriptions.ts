import { type Db } from '../db/database.ts';
import {
  deleteSubscription,
  findSubjects,
  readSubscriptions,
  saveSubscription,
} from '../db/queries/subscriptions.ts';
import { PushRefused } from '../domain/errors.ts';
import { holds } from '../domain/rights.ts';
import { type Subscriptions } from '../domain/subscriptions.ts';

/** Who hears of the pushes on a school, a calendar or a catalog, on one database. */
export function subscriptions(db: Db): Subscriptions {
  return {
    list: ({ person, channelId }) => readSubscriptions(db, { userId: person.id, channelId }),
    subjects: ({ person, ...query }) =>
      findSubjects(db, { ...query, visible: [...person.rights.visibleCalendars] }),
    add: async ({ person, channelId, subject }) => {
      const [known] = await findSubjects(db, {
        ...subject,
        search: '',
        visible: [...person.rights.visibleCalendars],
        limit: 1,
      });
      if (known === undefined)
        throw new PushRefused(
          'not_permitted',
          `You can only subscribe to a ${subject.kind} whose calendars you may see.`,
        );
      await saveSubscription(db, { userId: person.id, channelId, subject });
      return known;
    },
    remove: async ({ person, id }) => {
      const mayAll = holds(person.rights, 'user_security', 'write');
      if (await deleteSubscription(db, id, mayAll ? null : person.id)) return;
      throw new PushRefused('not_found', 'This subscription is gone, or somebody else made it.');
    },
  };
}
