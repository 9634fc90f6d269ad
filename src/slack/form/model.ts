import {
  type CalendarChoices,
  type CatalogChoice,
  type MasterChoice,
  type Person,
  type PushServices,
  type YearChoice,
} from '../../domain/ports.ts';
import { type Choices, type FormMetadata } from './choices.ts';

/** Everything the form shows: what there is, and what is chosen. */
export interface FormModel {
  readonly person: Person;
  readonly metadata: FormMetadata;
  readonly now: Date;
  /** The only course master to push; absent for all of a catalog. */
  readonly master?: MasterChoice | undefined;
  readonly years: readonly YearChoice[];
  /** Of the chosen year. */
  readonly catalogs: readonly CatalogChoice[];
  /** Of the chosen year, with the courses linked to the chosen catalog; null without one. */
  readonly calendars: CalendarChoices | null;
  readonly choices: Choices;
  /** Names of some who can give rights. */
  readonly grantors: readonly string[];
}

/**
 * Loads what the form shows for these choices. Without a year the current one is taken; a catalog
 * is taken for the person when the year has only one, or when `words` name exactly one. A push of one
 * course master knows no catalog but the master's.
 */
export async function loadForm(
  services: PushServices,
  frame: Pick<FormModel, 'person' | 'metadata' | 'now' | 'choices'>,
  words = '',
): Promise<FormModel> {
  const { person, choices, metadata } = frame;
  const [years, grantors, master] = await Promise.all([
    services.years(),
    services.grantors(),
    metadata.masterId === undefined ? undefined : services.master(metadata.masterId),
  ]);
  const year =
    years.find(({ id }) => id === choices.yearId) ??
    years.find(({ isActive }) => isActive) ??
    years[0];
  if (year === undefined) {
    return { ...frame, master, grantors, years, catalogs: [], calendars: null };
  }
  const catalogs = (await services.catalogs(year.id)).filter(
    ({ id }) => metadata.masterId === undefined || id === master?.catalogId,
  );
  const catalog =
    catalogs.find(({ id }) => id === choices.catalogId) ?? onlyCatalog(catalogs, words);
  const calendars =
    catalog === undefined
      ? null
      : await services.calendars({
          ...{ person, schoolYearId: year.id, catalogId: catalog.id },
          courseMasterId: master?.id,
        });
  return {
    ...frame,
    grantors,
    master,
    years,
    catalogs,
    calendars,
    choices: { ...choices, yearId: year.id, catalogId: catalog?.id ?? null },
  };
}

function onlyCatalog(catalogs: readonly CatalogChoice[], words: string): CatalogChoice | undefined {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = catalogs.filter(({ name }) =>
    wanted.every((word) => name.toLowerCase().includes(word)),
  );
  return matching.length === 1 ? matching[0] : undefined;
}
