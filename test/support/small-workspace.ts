import { WebClient } from '@slack/web-api';
import { type SlackStandIn } from '../../playground/slack-standin/contract.ts';
import { startSlackStandIn } from '../../playground/slack-standin/start.ts';
import { silent, smallManifest } from './small-slack-app.ts';

export const ALICE = 'U0ALICE';
export const BOB = 'U0BOB';
export const GENERAL = 'C0GENERAL';
export const ELSEWHERE = 'C0ELSEWHERE';
export const ARCHIVED = 'C0ARCHIVED';
export const SECRET = 'G0SECRET';

/** A stand-in with the small app, two people, and channels of every kind. */
export function startSmallWorkspace(
  change: Parameters<typeof smallManifest>[0] = {},
): Promise<SlackStandIn> {
  return startSlackStandIn({
    manifest: smallManifest(change),
    people: [
      { id: ALICE, name: 'alice', realName: 'Alice Anderson' },
      {
        id: BOB,
        name: 'bob',
        realName: 'Bob Baker',
        timeZone: 'America/New_York',
        isRestricted: true,
      },
    ],
    channels: [
      { id: GENERAL, name: 'general' },
      { id: ELSEWHERE, name: 'elsewhere', hasBot: false },
      { id: ARCHIVED, name: 'archived', isArchived: true },
      { id: SECRET, name: 'secret', isPrivate: true, hasBot: false, members: [ALICE] },
    ],
  });
}

/** The Web API as the app uses it, without its patience. */
export function clientOf(slack: SlackStandIn, token = slack.botToken): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    logger: silent(),
  });
}
