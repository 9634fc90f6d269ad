import { type Db } from '../db/database.ts';
import { listCalendars, listCatalogs, listYears } from '../db/queries/choices.ts';
import { type PushServices } from '../domain/ports.ts';

/** What the form offers: years, the catalogs of a year, the calendars a person may push to. */
export function listChoices(db: Db): Pick<PushServices, 'years' | 'catalogs' | 'calendars'> {
  return {
    years: () => listYears(db),
    catalogs: (schoolYearId) => listCatalogs(db, schoolYearId),
    calendars: async ({ person, schoolYearId, catalogId }) => {
      const all = await listCalendars(db, { schoolYearId, catalogId });
      const calendars = all.filter(({ id }) => person.rights.modifiableCalendars.has(id));
      return { calendars, leftOut: all.length - calendars.length };
    },
  };
}
