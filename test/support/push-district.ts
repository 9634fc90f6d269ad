import { sql } from 'kysely';
import { pino } from 'pino';
import { type Db } from '../../src/db/database.ts';
import { findPersonById } from '../../src/db/queries/people.ts';
import { readRun } from '../../src/db/queries/run-view.ts';
import { type Person, type PushServices, type SubmitRequest } from '../../src/domain/ports.ts';
import { FORM_DATA_TYPES, type PushOptions } from '../../src/domain/push-options.ts';
import { type RunView } from '../../src/domain/push-run.ts';
import { applyNextBatch } from '../../src/engine/apply-batch.ts';
import { planRun } from '../../src/engine/plan-run.ts';
import { addPerson } from '../../src/runs/add-person.ts';
import { type RunWork } from '../../src/runs/carry-out.ts';
import { type Executed, executeRun } from '../../src/runs/execute-run.ts';
import { pushServices } from '../../src/runs/push-services.ts';
import { buildHighSchool } from './high-school.ts';

export const SILENT = pino({ level: 'silent' });

/** The real engine; report files are tested apart. */
export const ENGINE: RunWork = {
  planRun,
  applyNextBatch,
  writeReports: () => Promise.resolve(),
};

/** Calendars 1, 2 and 3 of the year 23-24 have courses of the catalog, 4 has none; 9 is of 24-25. */
export interface PushDistrict {
  readonly db: Db;
  readonly admin: Person;
  readonly services: PushServices;
  /** Runs that were enqueued, in order. */
  readonly woken: readonly number[];
  request(change?: RequestChange): SubmitRequest;
  /** Submits and returns the run's id. */
  submit(change?: RequestChange): Promise<number>;
  /** Does what a worker does when it is woken. */
  execute(runId: number, work?: Partial<RunWork>): Promise<Executed>;
  view(runId: number): Promise<RunView>;
  run(statement: string): Promise<void>;
  rows<Row>(query: string): Promise<Row[]>;
  /** As if the worker that holds the run had died long ago. */
  loseWorker(runId: number): Promise<void>;
}

export interface RequestChange extends Partial<Omit<SubmitRequest, 'options'>> {
  readonly options?: Partial<PushOptions>;
}

/** As if Slack had been asked about everybody, and all were full members. */
export const SEEN_IN_SLACK = `update app_user set slack_state = 'member', slack_checked_at = now()`;

let keys = 0;

/** Fills an empty, migrated database with the fixture of the engine on four calendars, and an admin. */
export async function buildPushDistrict(db: Db, teamId = 'T1'): Promise<PushDistrict> {
  const school = await buildHighSchool(db);
  for (const statement of FIXTURE) await school.run(statement);
  await school.run(`update app_user set slack_team_id = '${teamId}'`);
  const { id } = await addPerson(db, {
    slackTeamId: teamId,
    slackUserId: 'U1',
    name: 'Alice',
    groups: ['District SIS Admin'],
  });
  await school.run(SEEN_IN_SLACK);
  const admin = await findPersonById(db, id);
  if (admin === undefined) throw new Error('the admin was not saved');
  const woken: number[] = [];
  const enqueue = ({ runId }: { runId: number }): Promise<void> => {
    woken.push(runId);
    return Promise.resolve();
  };
  const services = pushServices(db, { enqueue, logger: SILENT });
  const request = (change: RequestChange = {}): SubmitRequest => requestOf(admin, change);
  return {
    db,
    admin,
    services,
    woken,
    request,
    submit: async (change) => (await services.submit(request(change))).runId,
    execute: (runId, work) => {
      const leases = { workerId: null, leaseMs: 15_000, planLeaseMs: 60_000 };
      const settings = { work: { ...ENGINE, ...work }, leases, logger: SILENT };
      return executeRun(db, settings)(runId, new AbortController().signal);
    },
    view: async (runId) => {
      const view = await readRun(db, runId);
      if (view === undefined) throw new Error(`there is no run ${runId}`);
      return view;
    },
    run: (statement) => school.run(statement),
    rows: (query) => school.rows(query),
    loseWorker: async (runId) => {
      await sql`update push_run set lease_until = now() - interval '1 minute', enqueued_at = null
        where id = ${runId}`.execute(db);
    },
  };
}

function requestOf(person: Person, change: RequestChange): SubmitRequest {
  keys += 1;
  const options: PushOptions = {
    schoolYearId: 1,
    catalogId: 1,
    calendarIds: [1, 2, 3],
    allCalendars: false,
    mode: 'push_locked',
    toSections: false,
    crossSite: false,
    dataTypes: FORM_DATA_TYPES,
    ...change.options,
  };
  return {
    person,
    schedule: { kind: 'now' },
    idempotencyKey: `key-${keys}`,
    confirmed: true,
    channelId: 'C1',
    from: 'test',
    ...change,
    options,
  };
}

const FIXTURE = [
  `insert into school_year (id, ends_in, label, start_on, end_on)
    values (2, 2025, '24-25', '2024-08-01', '2025-06-30')`,
  `insert into catalog_school_year values (1, 1, 1)`,
  `insert into course_catalog (id, name) values (2, 'Unused Catalog')`,
  `insert into calendar (id, source_id, school_id, school_year_id, name) values
    (2, 'hh/2024/2', 1, 1, '23-24 Second'), (3, 'hh/2024/3', 1, 1, '23-24 Third'),
    (4, 'hh/2024/4', 1, 1, '23-24 Empty'), (9, 'hh/2025', 1, 2, '24-25 Harrison High')`,
  `insert into course (id, source_id, calendar_id, course_master_id, number, name) values
    (11, 'c1010/2', 2, 1, '1010', 'Algebra'), (12, 'c1010/3', 3, 1, '1010', 'Algebra')`,
];
