import { noticeBox } from '../../src/db/queries/notices.ts';
import { type NoticeBox, type Person } from '../../src/domain/ports.ts';
import { type PushDistrict, type RequestChange } from './push-district.ts';
import { openPushScene, type PushScene } from './push-scene.ts';
import { until } from './until.ts';

export { ALICE, CHANNEL } from './push-scene.ts';
export const BOB = 'U0BOB';
export const CAROL = 'U0CAROL';
/** May ask for an overwrite, not approve one. */
export const WENDY = 'U0WENDY';
export const APPROVERS = 'C2';

export const REASON = 'We start over for the new year';

const ADMIN = ['District SIS Admin'];

/** A district with two approvers beside the requester, and its bot in a workspace. */
export interface ApprovalScene extends PushScene {
  readonly bob: Person;
  readonly carol: Person;
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
}

/**
 * Opens the scene. The school year is not the active one, so that one approval is enough.
 * @param box what the sender books in, around the outbox
 */
export async function openApprovalScene(
  box: (real: NoticeBox) => NoticeBox = (real) => real,
): Promise<ApprovalScene> {
  const scene = await openPushScene({
    people: [
      { id: BOB, name: 'bob', realName: 'Bob Baker', groups: ADMIN },
      { id: CAROL, name: 'carol', realName: 'Carol Cole', groups: ADMIN },
      { id: WENDY, name: 'wendy', realName: 'Wendy West', groups: ['Curriculum Admin'] },
    ],
    channels: [{ id: APPROVERS, name: 'approvers' }],
    prepare: (district) => district.run('update school_year set is_active = false'),
    bot: ({ db }) => ({
      notices: box(noticeBox(db)),
      approversChannel: { channelId: APPROVERS },
    }),
  });
  const { district, slack } = scene;
  const person = async (userId: string): Promise<Person> => {
    const found = await district.services.findPerson({ teamId: slack.teamId, userId });
    if (found === undefined) throw new Error(`${userId} was not saved`);
    return found;
  };
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
    ...scene,
    bob: await person(BOB),
    carol: await person(CAROL),
    planned,
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
  };
}
