import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { type StoredMessage } from '../../playground/slack-standin/contract.ts';
import { noticeBox } from '../../src/db/queries/notices.ts';
import { OPTIONAL_SCOPES, REQUIRED_SCOPES } from '../../src/slack/manifest/scopes.ts';
import { writeReports } from '../../src/runs/write-reports.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { directTo, keyOf, settleOutbox } from '../support/outbox.ts';
import { buildPushDistrict, type PushDistrict } from '../support/push-district.ts';
import { startBot, startWorkspace } from '../support/slack-bot.ts';

const ALICE = 'U1';
const CHANNEL = 'C1';
const TEAM = 'T000000001';

let database: TestDatabase;
let district: PushDistrict;

beforeAll(async () => {
  database = await createTestDatabase();
  district = await buildPushDistrict(database.db, TEAM);
}, 60_000);
afterAll(() => database.drop());

/** Pushes to a channel and to a person where the workspace grants all scopes but one. */
async function pushWithout(scope: string): Promise<{
  readonly log: readonly string[];
  readonly inChannel: readonly StoredMessage[];
  readonly direct: readonly StoredMessage[];
}> {
  const log: string[] = [];
  const slack = await startWorkspace('http', {
    people: [{ id: ALICE, name: 'alice', realName: 'Alice' }],
    channels: [{ id: CHANNEL, name: 'pushes' }],
    userGroups: [{ id: 'S1', handle: 'staff', users: [ALICE] }],
    without: [scope],
  });
  const bot = await startBot(slack, 'http', {
    services: district.services,
    notices: noticeBox(district.db),
    logger: pino({ level: 'warn' }, { write: (line: string) => log.push(line) }),
  });
  try {
    const of: number[] = [];
    for (const channelId of [CHANNEL, ALICE]) {
      const runId = await district.submit({ channelId });
      await district.execute(runId, { writeReports });
      await settleOutbox(district);
      of.push(runId);
    }
    await bot.syncSubteams();
    const [inChannel = 0, direct = 0] = of;
    return {
      log,
      inChannel: slack.messages(CHANNEL).filter((one) => keyOf(one)?.startsWith(`${inChannel}:`)),
      direct: directTo(slack, ALICE).filter((one) => keyOf(one)?.startsWith(`${direct}:`)),
    };
  } finally {
    await bot.stop();
    await slack.close();
  }
}

describe('Given a workspace that does not grant an optional scope', () => {
  it.each(OPTIONAL_SCOPES)(
    'pushes and tells the result without %s, and the log names what is missing',
    async (scope) => {
      const { log, inChannel, direct } = await pushWithout(scope);
      const kinds = (messages: readonly StoredMessage[]): (string | undefined)[] =>
        messages.map((one) => keyOf(one)?.split(':')[1]);
      expect(kinds(inChannel)).toEqual(['anchor', 'finished']);
      expect(kinds(direct)).toEqual(['anchor', 'finished']);
      const named = log.filter(
        (line) => line.includes('an optional scope was not granted') && line.includes(scope),
      );
      expect(named).toHaveLength(1);
      expect(named[0]).toContain('"missing":');
    },
    90_000,
  );

  it('needs no scope that reads the files of others or their addresses', () => {
    const asked: readonly string[] = [...REQUIRED_SCOPES, ...OPTIONAL_SCOPES];
    for (const spared of ['files:read', 'users:read.email']) expect(asked).not.toContain(spared);
  });
});
