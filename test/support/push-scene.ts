import {
  type ChannelSeed,
  type OpenView,
  type PersonSeed,
  type SlackStandIn,
  type StandInOptions,
} from '../../playground/slack-standin/contract.ts';
import { noticeBox } from '../../src/db/queries/notices.ts';
import { addPerson } from '../../src/runs/add-person.ts';
import { queueServices } from '../../src/runs/queue-services.ts';
import { type SlackApp, type SlackAppSettings } from '../../src/slack/app.ts';
import { createTestDatabase } from './database.ts';
import { buildPushDistrict, type PushDistrict, SEEN_IN_SLACK } from './push-district.ts';
import { startBot, startWorkspace } from './slack-bot.ts';
import { type Place } from './slack-push.ts';
import { until } from './until.ts';

/** The administrator who asks for pushes. */
export const ALICE = 'U1';
/** Where pushes are asked for. */
export const CHANNEL = 'C1';

/** Somebody of the workspace; with groups also a person of the product. */
export interface Member extends PersonSeed {
  readonly groups?: readonly string[];
}

/** What a scene has beside Alice and her channel. */
export interface SceneWish {
  readonly people?: readonly Member[];
  readonly channels?: readonly ChannelSeed[];
  readonly userGroups?: NonNullable<StandInOptions['userGroups']>;
  /** What is there before the bot starts. */
  readonly prepare?: (district: PushDistrict, slack: SlackStandIn) => Promise<unknown>;
  /** What the bot gets beside the services, the queue and the notices of the district. */
  readonly bot?: (district: PushDistrict) => Partial<SlackAppSettings>;
}

/** A district on a database of its own, with its bot in a workspace, over HTTP. */
export interface PushScene {
  readonly district: PushDistrict;
  readonly slack: SlackStandIn;
  /** The bot as it was started last. */
  readonly bot: SlackApp;
  /** Starts a bot in the place of one that was stopped. */
  startBot(): Promise<void>;
  at(userId: string, channel?: string): Place;
  top(userId?: string): OpenView | undefined;
  /** The top modal of a person as JSON; Alice's unless told. */
  shown(userId?: string): string;
  /** Waits until the top modal of a person holds these words. */
  modal(words: string, userId?: string): Promise<string>;
  closeModals(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a scene; a file opens it once and closes it at its end. */
export async function openPushScene(wish: SceneWish = {}): Promise<PushScene> {
  const { people = [], channels = [], userGroups, prepare, bot: settings } = wish;
  const database = await createTestDatabase();
  const slack = await startWorkspace('http', {
    people: [{ id: ALICE, name: 'alice', realName: 'Alice' }, ...people],
    channels: [{ id: CHANNEL, name: 'pushes' }, ...channels],
    ...(userGroups === undefined ? {} : { userGroups }),
  });
  const district = await buildPushDistrict(database.db, slack.teamId);
  for (const { id, realName, groups } of people) {
    const person = { slackTeamId: slack.teamId, slackUserId: id, name: realName };
    if (groups !== undefined) await addPerson(district.db, { ...person, groups: [...groups] });
  }
  await district.run(SEEN_IN_SLACK);
  await prepare?.(district, slack);
  const start = (): Promise<SlackApp> =>
    startBot(slack, 'http', {
      services: district.services,
      queue: queueServices(district.db, district.services),
      notices: noticeBox(district.db),
      ...settings?.(district),
    });
  let bot = await start();
  const top = (userId = ALICE): OpenView | undefined => slack.viewStack(userId).at(-1);
  const shown = (userId?: string): string => JSON.stringify(top(userId)?.view ?? null);
  return {
    ...{ district, slack, top, shown },
    get bot() {
      return bot;
    },
    startBot: async () => {
      bot = await start();
    },
    at: (userId, channel = CHANNEL) => ({ slack, userId, channel }),
    modal: (words, userId) =>
      until(`a modal with “${words}”`, () => {
        const json = shown(userId);
        return json.includes(words) ? json : undefined;
      }),
    closeModals: async () => {
      for (const { id } of [{ id: ALICE }, ...people])
        if (top(id) !== undefined) await slack.person(id).closeAll();
    },
    close: async () => {
      await bot.stop();
      await slack.close();
      await database.drop();
    },
  };
}
