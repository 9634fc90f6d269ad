import { type Installation, type InstallationStore } from '@slack/bolt';
import { z } from 'zod';

import { type InstallationBox, type SealedInstallation } from '../../domain/installations.ts';
import { type Seal } from './seal.ts';

/** What is kept of an installation. User tokens are never asked for. */
const kept = z.object({
  team: z.object({ id: z.string(), name: z.string().optional() }),
  enterprise: z.object({ id: z.string(), name: z.string().optional() }).optional(),
  user: z.object({ id: z.string() }),
  bot: z.object({
    token: z.string(),
    scopes: z.array(z.string()),
    id: z.string(),
    userId: z.string(),
    refreshToken: z.string().optional(),
    expiresAt: z.number().optional(),
  }),
  appId: z.string().optional(),
});
type Kept = z.infer<typeof kept>;

/** Installations as Bolt wants them: workspace by workspace, the tokens sealed. */
export function installationStore(box: InstallationBox, seal: Seal): InstallationStore {
  return {
    storeInstallation: async (installation) => {
      await box.save(sealed(kept.parse(installation), seal));
    },
    fetchInstallation: async ({ teamId }) => {
      const found = teamId === undefined ? undefined : await box.find(teamId);
      if (found === undefined) throw new NotInstalled(teamId);
      return opened(found, seal);
    },
    deleteInstallation: async ({ teamId }) => {
      if (teamId !== undefined) await box.remove(teamId);
    },
  };
}

/**
 * Seals with the newest key what an older one sealed, after which the older key may be taken out of the
 * configuration.
 * @throws SealBroken when neither key opens one
 */
export async function sealAgain(box: InstallationBox, seal: Seal): Promise<void> {
  for (const { teamId } of await box.list()) {
    const found = await box.find(teamId);
    if (found === undefined || seal.isCurrent(found.sealed)) continue;
    const text = seal.open(found.sealed, teamId);
    await box.save({ ...found, sealed: seal.close(text, teamId) });
  }
}

/** No installation is kept for the workspace. */
export class NotInstalled extends Error {
  override readonly name = 'NotInstalled';

  constructor(teamId: string | undefined) {
    super(`the app is not installed in the workspace ${teamId ?? '(none named)'}`);
  }
}

function sealed(one: Kept, seal: Seal): SealedInstallation {
  const { team, bot, user } = one;
  return {
    teamId: team.id,
    teamName: team.name ?? team.id,
    scopes: bot.scopes,
    installedBy: user.id,
    sealed: seal.close(JSON.stringify(one), team.id),
  };
}

function opened(
  { teamId, sealed: closed }: SealedInstallation,
  seal: Seal,
): Installation<'v2', false> {
  const one = kept.parse(JSON.parse(seal.open(closed, teamId)));
  const { enterprise, user, bot, appId } = one;
  return {
    team: { id: one.team.id, ...(one.team.name === undefined ? {} : { name: one.team.name }) },
    enterprise:
      enterprise === undefined
        ? undefined
        : {
            id: enterprise.id,
            ...(enterprise.name === undefined ? {} : { name: enterprise.name }),
          },
    user: { id: user.id, token: undefined, scopes: undefined },
    bot: {
      token: bot.token,
      scopes: bot.scopes,
      id: bot.id,
      userId: bot.userId,
      ...(bot.refreshToken === undefined ? {} : { refreshToken: bot.refreshToken }),
      ...(bot.expiresAt === undefined ? {} : { expiresAt: bot.expiresAt }),
    },
    ...(appId === undefined ? {} : { appId }),
    tokenType: 'bot',
    isEnterpriseInstall: false,
    authVersion: 'v2',
  };
}
