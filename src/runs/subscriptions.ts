import { type Db } from '../db/database.ts';
import { recordAudit } from '../db/queries/audit.ts';
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
    add: async ({ person, channelId, subject, from }) => {
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
      await db.transaction().execute(async (tx) => {
        if (!(await saveSubscription(tx, { userId: person.id, channelId, subject }))) return;
        await recordAudit(tx, {
          actorId: person.id,
          action: 'subscription.added',
          detail: { channel: channelId, [subject.kind]: subject.id, from },
        });
      });
      return known;
    },
    remove: async ({ person, id, from }) => {
      const mayAll = holds(person.rights, 'user_security', 'write');
      await db.transaction().execute(async (tx) => {
        const channel = await deleteSubscription(tx, id, mayAll ? null : person.id);
        if (channel === undefined)
          throw new PushRefused(
            'not_found',
            'This subscription is gone, or somebody else made it.',
          );
        await recordAudit(tx, {
          actorId: person.id,
          action: 'subscription.removed',
          detail: { subscription: id, channel, from },
        });
      });
    },
  };
}
