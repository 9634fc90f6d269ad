import { type Db } from '../db/database.ts';
import { listCalendars, listCatalogs, listYears } from '../db/queries/choices.ts';
import { findMasters, readMaster } from '../db/queries/course-masters.ts';
import { type PushServices } from '../domain/ports.ts';

/** What the form offers: years, the catalogs of a year, the calendars a person may push to, one master. */
export function listChoices(
  db: Db,
): Pick<PushServices, 'years' | 'catalogs' | 'calendars' | 'masters' | 'master'> {
  return {
    years: () => listYears(db),
    catalogs: (schoolYearId) => listCatalogs(db, schoolYearId),
    masters: (typed) => findMasters(db, { typed }),
    master: (id) => readMaster(db, id),
    calendars: async ({ person, ...scope }) => {
      const all = await listCalendars(db, scope);
      const calendars = all.filter(({ id }) => person.rights.modifiableCalendars.has(id));
      return { calendars, leftOut: all.length - calendars.length };
    },
  };
}
