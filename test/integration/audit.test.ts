import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { verifyAudit } from '../../src/db/queries/audit-check.ts';
import { recordAudit } from '../../src/db/queries/audit.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { sql } from 'kysely';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** As somebody with all rights on the database would: the guard is switched off first. */
async function tamper(statement: string): Promise<void> {
  await sql`alter table audit_event disable trigger audit_is_append_only`.execute(database.db);
  await sql.raw(statement).execute(database.db);
  await sql`alter table audit_event enable trigger audit_is_append_only`.execute(database.db);
}

beforeEach(async () => {
  await tamper('delete from audit_event');
  await sql`update audit_head set hash = ''`.execute(database.db);
  for (let step = 1; step <= 5; step += 1)
    await recordAudit(database.db, { actorId: null, action: `step.${step}`, detail: { step } });
});

const idOf = async (step: number): Promise<number> => {
  const { rows } = await sql<{ id: number }>`
    select id from audit_event where action = ${`step.${step}`}`.execute(database.db);
  return rows[0]?.id ?? 0;
};
const faults = async (marks: readonly string[] = []): Promise<readonly string[]> =>
  (await verifyAudit(database.db, marks)).faults;

describe('Given the audit log, when it is checked (T18)', () => {
  it('is sound as it was written, also when several wrote at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        recordAudit(database.db, { actorId: null, action: `at.once.${n}` }),
      ),
    );
    expect(await verifyAudit(database.db)).toMatchObject({ lines: 25, faults: [] });
  });

  it('refuses changes at all, without the guard switched off', async () => {
    for (const statement of [
      `update audit_event set action = 'x'`,
      'delete from audit_event',
      'truncate audit_event',
    ])
      await expect(sql.raw(statement).execute(database.db)).rejects.toThrow('append-only');
  });

  it('finds a line whose actor, time, action or facts were altered', async () => {
    const id = await idOf(3);
    for (const change of [
      `action = 'step.9'`,
      `at = at - interval '1 day'`,
      `detail = '{"step": 9}'`,
      `plan_hash = 'abc'`,
    ]) {
      const { rows } = await sql<{ row: unknown }>`
        select to_jsonb(e) as row from audit_event e where id = ${id}`.execute(database.db);
      await tamper(`update audit_event set ${change} where id = ${id}`);
      expect(await faults()).toEqual([`Line ${id} was altered.`]);
      await tamper(`delete from audit_event where id = ${id}`);
      await sql`alter table audit_event disable trigger chain_audit_event`.execute(database.db);
      await sql`insert into audit_event
        select (jsonb_populate_record(null::audit_event, ${JSON.stringify(rows[0]?.row)}::jsonb)).*`.execute(
        database.db,
      );
      await sql`alter table audit_event enable trigger chain_audit_event`.execute(database.db);
      expect(await faults()).toEqual([]);
    }
  });

  it('finds a line that was removed from the middle', async () => {
    const [gone, after] = [await idOf(3), await idOf(4)];
    await tamper(`delete from audit_event where id = ${gone}`);
    expect(await faults()).toEqual([`The line before line ${after} is missing.`]);
  });

  it('finds a tail that was cut off, by the kept head', async () => {
    await tamper(`delete from audit_event where id >= ${await idOf(4)}`);
    expect(await faults()).toEqual([
      'The end of the log is missing: its last line is not the kept head.',
    ]);
  });

  it('finds a tail that was cut off together with the head, by a mark noted outside', async () => {
    const { head } = await verifyAudit(database.db);
    const mark = head.slice(0, 12);
    expect(await faults([mark])).toEqual([]);
    await tamper(`delete from audit_event where id >= ${await idOf(4)}`);
    await sql`update audit_head set hash = (select hash from audit_event order by id desc limit 1)`.execute(
      database.db,
    );
    expect(await faults()).toEqual([]);
    expect(await faults([mark])).toEqual([
      `No line has the mark ${mark}: it was removed, or the log was cut.`,
    ]);
  });
});
