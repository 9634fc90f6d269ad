import { randomUUID } from 'node:crypto';
import { type Command } from 'commander';
import { type Db } from '../db/database.ts';
import { findMasters } from '../db/queries/course-masters.ts';
import { readTimeZone } from '../db/queries/district.ts';
import { findPersonById, listPeople } from '../db/queries/people.ts';
import { PushRefused } from '../domain/errors.ts';
import { type Person, type PushServices, type SubmitRequest } from '../domain/ports.ts';
import {
  DATA_TYPE_LABELS,
  type DataType,
  FORM_DATA_TYPES,
  type PushMode,
  type PushSchedule,
} from '../domain/push-options.ts';
import { choose, ChoiceUnclear, offer } from './choose.ts';
import { type CliContext } from './context.ts';
import { readStartTime } from './start-time.ts';

/** The flags of `plan` and `push`: every field of the form. */
export interface PushFlags {
  readonly as: string;
  readonly year?: string;
  readonly catalog?: string;
  readonly calendar?: readonly string[];
  readonly allCalendars?: true;
  readonly mode: 'push' | 'overwrite';
  readonly sections?: true;
  readonly crossSite?: true;
  readonly type?: readonly string[];
  readonly master?: string;
  readonly reason?: string;
  readonly now?: true;
  readonly at?: string;
  readonly zone?: string;
}

const MODES: Readonly<Record<PushFlags['mode'], PushMode>> = {
  push: 'push_locked',
  overwrite: 'overwrite',
};

/** Gathers a flag that is given several times. */
export const collect = (value: string, earlier: readonly string[] = []): string[] => [
  ...earlier,
  value,
];

/** Adds the fields of the form to a command. */
export function addPushFlags(command: Command): Command {
  return command
    .requiredOption('--as <person>', 'who asks: name or Slack member id; their rights count')
    .option('--year <year>', 'school year, such as 21-22; the active one unless told')
    .option('--catalog <name>', 'course catalog; may be left out when the year has only one')
    .option('--calendar <name>', 'a calendar; repeat for several', collect)
    .option('--all-calendars', 'every calendar of the year that the person may modify')
    .addOption(
      command
        .createOption('--mode <mode>', 'push locked data, or overwrite')
        .choices(Object.keys(MODES))
        .default('push'),
    )
    .option('--sections', 'push locked data to sections too')
    .option('--cross-site', 'push cross-site data to courses and sections')
    .option('--type <type>', 'a kind of data; repeat for several; all seven unless told', collect)
    .option('--master <number>', 'only the courses of this course master')
    .option('--reason <text>', 'why; an approver reads it');
}

/** Who asks, by name or Slack member id. @throws ChoiceUnclear, PushRefused when deactivated */
export async function findAsker(db: Db, as: string): Promise<Person> {
  const people = (await listPeople(db)).filter(({ active }) => active);
  const found = choose(
    'person',
    as,
    people.map(({ id, slackUserId, name }) => ({ id: slackUserId, name, personId: id })),
  );
  const person = await findPersonById(db, found.personId);
  if (person === undefined) throw new PushRefused('unknown_person', `${as} is not active.`);
  return person;
}

/** What the names of the flags are looked up in, and where what is worth knowing is said. */
export interface RequestSources extends Pick<CliContext, 'note'> {
  readonly db: Db;
  readonly services: PushServices;
}

/**
 * What the flags ask for, with names resolved.
 * @throws ChoiceUnclear for a name that is unknown, ambiguous or missing, and a time that is none
 */
export async function readRequest(
  { db, services, note }: RequestSources,
  flags: PushFlags,
): Promise<SubmitRequest> {
  const person = await findAsker(db, flags.as);
  const schoolYearId = await chooseYear(services, flags.year);
  const catalogId = await chooseCatalog(services, schoolYearId, flags.catalog);
  const calendarIds = await chooseCalendars(services, { person, schoolYearId, catalogId }, flags);
  const courseMasterId =
    flags.master === undefined ? undefined : await chooseMaster(db, catalogId, flags.master);
  return {
    person,
    options: {
      schoolYearId,
      catalogId,
      ...(courseMasterId === undefined ? {} : { courseMasterId }),
      calendarIds,
      allCalendars: flags.allCalendars === true,
      mode: MODES[flags.mode],
      toSections: flags.sections === true,
      crossSite: flags.crossSite === true,
      dataTypes: chooseTypes(flags.type),
    },
    schedule: await readSchedule(db, flags, note),
    idempotencyKey: `cli:${randomUUID()}`,
    channelId: null,
    from: 'cli',
    ...(flags.reason === undefined ? {} : { comment: flags.reason }),
  };
}

/** The year that a flag names; the active one without. @throws ChoiceUnclear */
export async function chooseYear(
  services: Pick<PushServices, 'years'>,
  text: string | undefined,
): Promise<number> {
  const years = (await services.years()).map((year) => ({ ...year, name: year.label }));
  if (text !== undefined) return choose('school year', text, years).id;
  const active = years.find(({ isActive }) => isActive);
  if (active === undefined)
    throw new ChoiceUnclear(`No school year is active; name one with --year. ${offer(years)}`);
  return active.id;
}

/** The catalog that a flag names; the only one of the year without. @throws ChoiceUnclear */
export async function chooseCatalog(
  services: Pick<PushServices, 'catalogs'>,
  schoolYearId: number,
  text: string | undefined,
): Promise<number> {
  const catalogs = await services.catalogs(schoolYearId);
  if (text !== undefined) return choose('course catalog of the year', text, catalogs).id;
  const [only, ...others] = catalogs;
  if (only === undefined || others.length > 0)
    throw new ChoiceUnclear(`Name a course catalog with --catalog. ${offer(catalogs)}`);
  return only.id;
}

async function chooseCalendars(
  services: PushServices,
  scope: { person: Person; schoolYearId: number; catalogId: number },
  flags: PushFlags,
): Promise<number[]> {
  const names = flags.calendar ?? [];
  if (flags.allCalendars === true) {
    if (names.length === 0) return [];
    throw new ChoiceUnclear('Use either --calendar or --all-calendars.');
  }
  const { calendars, leftOut } = await services.calendars(scope);
  const hint =
    leftOut === 0 ? '' : `\n${leftOut} more calendar(s) of the year may not be modified.`;
  if (names.length === 0)
    throw new ChoiceUnclear(
      `Name calendars with --calendar, or use --all-calendars. ${offer(calendars)}${hint}`,
    );
  return names.map((name) => choose('calendar to modify', name, calendars).id);
}

async function chooseMaster(db: Db, catalogId: number, number: string): Promise<number> {
  const { exact, near } = await findMasters(db, { typed: number, catalogId });
  const [master] = exact;
  if (master !== undefined) return master.id;
  const similar = near.map((one) => ({ id: one.number, name: one.name }));
  throw new ChoiceUnclear(
    `The course catalog has no course master with the number "${number}".` +
      (similar.length === 0 ? '' : ` ${offer(similar)}`),
  );
}

/** The kinds of data that flags name; all seven without. @throws ChoiceUnclear */
export function chooseTypes(names: readonly string[] | undefined): DataType[] {
  const types = FORM_DATA_TYPES.map((id) => ({ id, name: DATA_TYPE_LABELS[id] }));
  if (names === undefined) return types.map(({ id }) => id);
  return names.map((name) => choose('kind of data', name, types).id);
}

async function readSchedule(
  db: Db,
  flags: PushFlags,
  note: (line: string) => void,
): Promise<PushSchedule> {
  if (flags.at === undefined) return { kind: 'now' };
  if (flags.now === true) throw new ChoiceUnclear('Use either --now or --at.');
  const zone = flags.zone ?? (await readTimeZone(db)) ?? 'UTC';
  const start = readStartTime(flags.at, zone);
  if (start.note !== undefined) note(start.note);
  return { kind: 'batch', at: start.at };
}
