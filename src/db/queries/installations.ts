import { sql } from 'kysely';
import { type InstallationBox, type InstalledWorkspace } from '../../domain/installations.ts';
import { type Db } from '../database.ts';

/** The workspaces that installed the app; what is sealed is stored as it comes. */
export function installationBox(db: Db): InstallationBox {
  return {
    save: async ({ teamId, teamName, scopes, sealed, installedBy }) => {
      await sql`
        insert into slack_installation (team_id, team_name, scopes, sealed, installed_by)
        values (${teamId}, ${teamName}, ${[...scopes]}::text[], ${sealed}, ${installedBy})
        on conflict (team_id) do update set team_name = excluded.team_name, scopes = excluded.scopes,
          sealed = excluded.sealed, installed_by = excluded.installed_by, updated_at = now()`.execute(
        db,
      );
    },
    find: (teamId) =>
      db
        .selectFrom('slack_installation')
        .select([
          'team_id as teamId',
          'team_name as teamName',
          'scopes',
          'sealed',
          'installed_by as installedBy',
        ])
        .where('team_id', '=', teamId)
        .executeTakeFirst(),
    list: () => listInstallations(db),
    remove: async (teamId) => {
      const { numDeletedRows } = await db
        .deleteFrom('slack_installation')
        .where('team_id', '=', teamId)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

/** Every workspace that installed the app, by name. */
export async function listInstallations(db: Db): Promise<InstalledWorkspace[]> {
  return db
    .selectFrom('slack_installation')
    .select(['team_id as teamId', 'team_name as teamName', 'scopes', 'installed_by as installedBy'])
    .orderBy('team_name')
    .orderBy('team_id')
    .execute();
}
