import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { type Db, openDatabase } from '../../src/db/database.ts';
import { startPlayground, type Playground } from '../../playground/start.ts';
import { type StoredMessage } from '../../playground/slack-standin/contract.ts';
import { readRun } from '../../src/db/queries/run-view.ts';
import { DATA_TYPE_LABELS } from '../../src/domain/push-options.ts';
import {
  figuresOfCsv,
  figuresOfDatabase,
  figuresOfView,
  figuresOfXlsx,
} from '../support/report-figures.ts';
import { pushLocked } from '../support/slack-push.ts';
import { changesBetween, linkChangesBetween, readTables } from '../support/tables.ts';
import { until } from '../support/until.ts';

const ALICE = 'U0ALICE001';
const NORA = 'U0NORA0001';
const CHANNEL = 'C0MASTERS1';

describe.each(['http', 'socket'] as const)('Over %s', (transport) => {
  let playground: Playground;
  let db: Db;
  let closeDatabase: () => Promise<void>;

  beforeAll(async () => {
    playground = await startPlayground({
      today: '2026-11-23',
      demoDistrict: false,
      transport,
      logger: pino({ level: 'silent' }),
      print: () => undefined,
    });
    const opened = openDatabase({ url: playground.databaseUrl, applicationName: 'flow-test' });
    db = opened.db;
    closeDatabase = opened.close;
  });

  afterAll(async () => {
    await closeDatabase();
    await playground.stop();
  });

  const replies = (): readonly StoredMessage[] =>
    playground.standIn
      .messages(CHANNEL)
      .filter((message) => message.isReply && message.text.startsWith(`<@${ALICE}>`));

  /** Pushes the High School Catalog as Alice, now, and waits for the result. */
  const pushHighSchool = (): Promise<string> =>
    pushLocked({ slack: playground.standIn, userId: ALICE, channel: CHANNEL });

  /** The bytes of the shared file of this name, once it is shared. */
  async function sharedFile(name: string): Promise<Buffer> {
    const file = await until(`the file ${name}`, () =>
      playground.standIn
        .messages(CHANNEL)
        .flatMap((message) => message.files)
        .findLast((one) => one.name === name),
    );
    return Buffer.from(playground.standIn.fileContent(file.id));
  }

  describe('given Grand Bend, never pushed, when an admin pushes the High School Catalog from Slack', () => {
    it('pushes 28 courses, one of them ignored, and tells the thread', async () => {
      const text = await pushHighSchool();
      expect(text).toContain(`<@${ALICE}> Completed`);
      expect(text).toContain('28 courses: 27 done, 1 ignored.');
      const courses = await db
        .selectFrom('push_run')
        .innerJoin('push_plan_course', 'push_plan_course.plan_id', 'push_run.plan_id')
        .innerJoin('course', 'course.id', 'push_plan_course.course_id')
        .select(['course.number', 'push_plan_course.verdict'])
        .execute();
      expect(courses).toHaveLength(28);
      expect(courses.filter((course) => course.verdict === 'ignored')).toEqual([
        { number: 'PHOTJOUR', verdict: 'ignored' },
      ]);
      const written = await db
        .selectFrom('push_item')
        .select((eb) => eb.fn.countAll<number>().as('items'))
        .where('result', '=', 'applied')
        .where('op', '<>', 'none')
        .executeTakeFirstOrThrow();
      expect(text).toContain(`${written.items} items were written`);
    });

    it('says the second time that nothing needed doing, and writes nothing (G17)', async () => {
      const before = await readTables(db);
      expect(await pushHighSchool()).toContain('Nothing needed doing');
      const after = await readTables(db);
      expect(changesBetween(before, after)).toEqual({});
      expect(linkChangesBetween(before, after)).toEqual({});
    });

    it('fails exactly the locked attribute that a script changed (S05)', async () => {
      await db
        .updateTable('course')
        .set({ name: 'Algebra for All' })
        .where('source_id', '=', '255901001-ALG-1')
        .execute();
      expect(await pushHighSchool()).toMatch(/1 exception/);
      const failed = await db
        .selectFrom('push_item')
        .select(['item_key', 'before', 'base', 'reason'])
        .where('outcome', '=', 'FAILED_DESYNCED')
        .execute();
      expect(failed).toEqual([
        {
          item_key: 'attr:name',
          before: { value: 'Algebra for All' },
          base: { value: 'Algebra I' },
          reason: 'changed_below',
        },
      ]);
      const report = (await sharedFile('push-3-high-school-catalog-21-22.csv')).toString('utf8');
      expect(report.split('\r\n').filter((line) => line.includes('desynced'))).toEqual([
        expect.stringMatching(
          /"ALG-1","Algebra for All".*"Algebra for All","Algebra I","Algebra I"/,
        ),
      ]);
    });

    it('has the same figures in the thread, in both report files and in the database', async () => {
      const view = await readRun(db, 3);
      const figures = await figuresOfDatabase(db, 3, DATA_TYPE_LABELS);
      const lines = Object.values(figures).reduce((sum, items) => sum + items, 0);
      expect(figures).toMatchObject({ 'Course Info: Failed: desynced': 1 });
      expect(view && figuresOfView(view, DATA_TYPE_LABELS)).toEqual(figures);
      expect(figuresOfCsv(await sharedFile('push-3-high-school-catalog-21-22.csv'))).toEqual(
        figures,
      );
      expect(
        await figuresOfXlsx(await sharedFile('push-3-high-school-catalog-21-22.xlsx')),
      ).toEqual(figures);
      const share = playground.standIn
        .messages(CHANNEL)
        .find(({ files }) =>
          files.some(({ name }) => name === 'push-3-high-school-catalog-21-22.csv'),
        );
      expect(share?.text).toContain(`(what could not be pushed) has ${lines} lines`);
      expect(share?.text).toContain('CSV is for machines, XLSX for people.');
      expect(share?.files).toHaveLength(4);
      const blocks = JSON.stringify(replies().at(-1)?.blocks);
      expect(blocks).toContain('1 failed (desynced)');
    });

    it('tells somebody whom the product does not know how to ask', async () => {
      const nora = playground.standIn.person(NORA);
      await nora.slash('/push-course-masters', '', CHANNEL);
      await until(
        'an answer',
        () =>
          playground.standIn.ephemeral(NORA).length > 0 ||
          playground.standIn.viewStack(NORA).length > 0,
      );
      expect(playground.standIn.viewStack(NORA)).toEqual([]);
    });

    it('broke no rule of Slack', () => {
      expect(playground.standIn.violations()).toEqual([]);
    });
  });
});
