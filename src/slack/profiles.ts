import { type WebClient } from '@slack/web-api';
import { type Logger } from 'pino';

import { isZone } from './form/off-hours.ts';

/** What Slack says about a person, as far as it matters here. */
export interface Profile {
  /** IANA zone of their Slack client. */
  readonly zone: string;
  /** False for guests, bots, strangers of a shared channel and deactivated accounts (T04). */
  readonly isFullMember: boolean;
}

export type Profiles = (client: WebClient, userId: string) => Promise<Profile>;

const KEEP_MS = 60_000;
const MOST = 1000;

/**
 * Looks people up in Slack, at most once a minute each. When Slack does not answer, the district's
 * zone is used and the person passes: the right to push is given by our own table, never by Slack.
 */
export function profiles(settings: {
  readonly zone: string;
  readonly logger: Logger;
  readonly now: () => Date;
}): Profiles {
  const kept = new Map<string, { readonly profile: Profile; readonly until: number }>();
  return async (client, userId) => {
    const nowMs = settings.now().getTime();
    const known = kept.get(userId);
    if (known !== undefined && known.until > nowMs) return known.profile;
    try {
      const profile = await lookUp(client, userId, settings.zone);
      if (kept.size >= MOST) kept.clear();
      kept.set(userId, { profile, until: nowMs + KEEP_MS });
      return profile;
    } catch (error) {
      settings.logger.warn({ err: error, userId }, 'Slack did not say who this is');
      return { zone: settings.zone, isFullMember: true };
    }
  };
}

async function lookUp(client: WebClient, userId: string, fallbackZone: string): Promise<Profile> {
  const { user } = await client.users.info({ user: userId });
  const zone = user?.tz;
  const flags = [
    user?.deleted,
    user?.is_bot,
    user?.is_restricted,
    user?.is_ultra_restricted,
    user?.is_stranger,
  ];
  return {
    zone: zone !== undefined && isZone(zone) ? zone : fallbackZone,
    isFullMember: !flags.includes(true),
  };
}
