import { type HomeTab, type HomeTabs } from '../../domain/home-tabs.ts';
import { type Db } from '../database.ts';

/** The Home tabs of one database. */
export function homeTabs(db: Db): HomeTabs {
  return {
    save: async ({ teamId, userId, openedAt, shown }) => {
      await db
        .insertInto('slack_home_tab')
        .values({ slack_team_id: teamId, slack_user_id: userId, opened_at: openedAt, shown })
        .onConflict((conflict) =>
          conflict
            .columns(['slack_team_id', 'slack_user_id'])
            .doUpdateSet((eb) => ({ opened_at: eb.ref('excluded.opened_at'), shown })),
        )
        .execute();
    },
    since: (moment, limit) => readSince(db, moment, limit),
    forget: async ({ teamId, userId }) => {
      await db
        .deleteFrom('slack_home_tab')
        .where('slack_team_id', '=', teamId)
        .where('slack_user_id', '=', userId)
        .execute();
    },
  };
}

async function readSince(db: Db, moment: Date, limit: number): Promise<HomeTab[]> {
  await db.deleteFrom('slack_home_tab').where('opened_at', '<', moment).execute();
  const latest = await db
    .selectFrom('slack_home_tab')
    .select([
      'slack_team_id as teamId',
      'slack_user_id as userId',
      'opened_at as openedAt',
      'shown',
    ])
    .orderBy('opened_at', 'desc')
    .limit(limit)
    .execute();
  return latest.reverse();
}
