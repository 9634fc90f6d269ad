import { type OpenView, type SlackStandIn } from '../../playground/slack-standin/contract.ts';
import { noticeBox } from '../../src/db/queries/notices.ts';
import { findPersonById } from '../../src/db/queries/people.ts';
import { type NoticeBox, type Person } from '../../src/domain/ports.ts';
import { addPerson } from '../../src/runs/add-person.ts';
import { queueServices } from '../../src/runs/queue-services.ts';
import { createTestDatabase } from './database.ts';
import {
  buildPushDistrict,
  type PushDistrict,
  type RequestChange,
  SEEN_IN_SLACK,
} from './push-district.ts';
import { startBot, startWorkspace } from './slack-bot.ts';
import { type Place } from './slack-push.ts';
import { until } from './until.ts';

export const ALICE = 'U1';
export const BOB = 'U0BOB';
export const CAROL = 'U0CAROL';
/** May ask for an overwrite, not approve one. */
export const WENDY = 'U0WENDY';
export const CHANNEL = 'C1';
export const APPROVERS = 'C2';

export const REASON = 'We start over for the new year';

/** A district with two approvers beside the requester, and its bot in a workspace. */
export interface ApprovalScene {
  readonly district: PushDistrict;
  readonly slack: SlackStandIn;
  readonly bob: Person;
  readonly carol: Person;
  at(userId: string, channel?: string): Place;
  /** The top modal of a person as JSON. */
  shown(userId: string): string;
  top(userId: string): OpenView | undefined;
  /** The last sentence only this person sees. */
  told(userId: string): string;
  /** Submits and plans, as the form and the worker do. @returns the run that waits for its requester */
  planned(change?: RequestChange): Promise<number>;
  /** The same for an overwrite that was put up for approval. */
  asked(change?: RequestChange): Promise<number>;
  hashOf(runId: number): Promise<string>;
  stateOf(runId: number): Promise<string>;
  /** Waits until every notice of the outbox is sent or dropped. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the scene. The school year is not the active one, so that one approval is enough.
 * @param box what the sender books in, around the outbox
 */
export async function openApprovalScene(
  box: (real: NoticeBox) => NoticeBox = (real) => real,
): Promise<ApprovalScene> {
  const database = await createTestDatabase();
  const slack = await startWorkspace('http', {
    people: [
      { id: ALICE, name: 'alice', realName: 'Alice' },
      { id: BOB, name: 'bob', realName: 'Bob Baker' },
      { id: CAROL, name: 'carol', realName: 'Carol Cole' },
      { id: WENDY, name: 'wendy', realName: 'Wendy West' },
    ],
    channels: [
      { id: CHANNEL, name: 'pushes' },
      { id: APPROVERS, name: 'approvers' },
    ],
  });
  const district = await buildPushDistrict(database.db, slack.teamId);
  const add = async (slackUserId: string, name: string, group: string): Promise<Person> => {
    const { id } = await addPerson(district.db, {
      ...{ slackTeamId: slack.teamId, slackUserId, name },
      groups: [group],
    });
    const person = await findPersonById(district.db, id);
    if (person === undefined) throw new Error(`${name} was not saved`);
    return person;
  };
  const bob = await add(BOB, 'Bob Baker', 'District SIS Admin');
  const carol = await add(CAROL, 'Carol Cole', 'District SIS Admin');
  await add(WENDY, 'Wendy West', 'Curriculum Admin');
  await district.run(SEEN_IN_SLACK);
  await district.run('update school_year set is_active = false');
  const bot = await startBot(slack, 'http', {
    services: district.services,
    queue: queueServices(district.db, district.services),
    notices: box(noticeBox(district.db)),
    approversChannel: { channelId: APPROVERS },
  });
  const overwrite = (change: RequestChange = {}): RequestChange => ({
    confirmed: false,
    comment: REASON,
    ...change,
    options: { mode: 'overwrite', calendarIds: [1], ...change.options },
  });
  const planned = async (change?: RequestChange): Promise<number> => {
    const runId = await district.submit(overwrite(change));
    await district.execute(runId);
    return runId;
  };
  const viewOf = async (runId: number): ReturnType<PushDistrict['view']> => district.view(runId);
  return {
    ...{ district, slack, bob, carol, planned },
    at: (userId, channel = CHANNEL) => ({ slack, userId, channel }),
    shown: (userId) => JSON.stringify(slack.viewStack(userId).at(-1)?.view ?? null),
    top: (userId) => slack.viewStack(userId).at(-1),
    told: (userId) => slack.ephemeral(userId).at(-1)?.text ?? '',
    asked: async (change) => {
      const runId = await planned(change);
      const planHash = (await viewOf(runId)).plan?.hash ?? '';
      const { approvals } = district.services;
      await approvals.confirm({
        ...{ person: district.admin, runId, planHash },
        ...{ now: false, from: 'test' },
      });
      return runId;
    },
    hashOf: async (runId) => (await viewOf(runId)).plan?.hash ?? '',
    stateOf: async (runId) => (await viewOf(runId)).state,
    settled: async () => {
      let open = -1;
      const look = (): void => {
        void district
          .rows<{ n: number }>(
            `select count(*) as n from slack_outbox where state in ('pending', 'unknown')`,
          )
          .then(([row]) => {
            open = row?.n ?? -1;
          });
      };
      const watch = setInterval(look, 50);
      try {
        await until('every notice', () => open === 0, 30_000);
      } finally {
        clearInterval(watch);
      }
    },
    close: async () => {
      await bot.stop();
      await slack.close();
      await database.drop();
    },
  };
}
