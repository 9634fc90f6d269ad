import { type WebClient } from '@slack/web-api';
import { type Logger } from 'pino';

import { type PeopleAdmin } from '../domain/people-admin.ts';
import { type SlackState } from '../domain/standing.ts';
import { type Who } from './context.ts';
import { isZone } from './form/off-hours.ts';
import { stateOf } from './people/states.ts';

/** What Slack says about a person, as far as it matters here. */
export interface Profile {
  /** IANA zone of their Slack client. */
  readonly zone: string;
  /** Only a full member comes in; `unknown` when Slack does not say and never did (T04). */
  readonly state: SlackState;
}

export interface Profiles {
  of(client: WebClient, who: Who): Promise<Profile>;
  /** Asks Slack anew the next time: the account has changed. */
  forget(userId: string): void;
}

const KEEP_MS = 60_000;
const MOST = 1000;

/**
 * Looks people up in Slack, at most once a minute each, and notes for later what it says. When Slack
 * does not answer, its last word counts, and the district's zone is used.
 */
export function profiles(settings: {
  readonly people: PeopleAdmin;
  readonly zone: string;
  readonly logger: Logger;
  readonly now: () => Date;
}): Profiles {
  const { people, zone, logger } = settings;
  const kept = new Map<string, { readonly profile: Profile; readonly until: number }>();

  const lookUp = async (client: WebClient, who: Who): Promise<Profile | undefined> => {
    try {
      const { user } = await client.users.info({ user: who.userId });
      if (user === undefined) return undefined;
      const { tz = zone } = user;
      return { zone: isZone(tz) ? tz : zone, state: stateOf(user) };
    } catch (error) {
      logger.warn({ err: error, userId: who.userId }, 'Slack did not say who this is');
      return undefined;
    }
  };

  return {
    of: async (client, who) => {
      const nowMs = settings.now().getTime();
      const known = kept.get(who.userId);
      if (known !== undefined && known.until > nowMs) return known.profile;
      const profile = await lookUp(client, who);
      if (profile === undefined) return { zone, state: await people.slackState(who) };
      if (kept.size >= MOST) kept.clear();
      kept.set(who.userId, { profile, until: nowMs + KEEP_MS });
      const states = [{ slackUserId: who.userId, state: profile.state }];
      await people.noteSlackStates({ slackTeamId: who.teamId, states });
      return profile;
    },
    forget: (userId) => {
      kept.delete(userId);
    },
  };
}
