import { ACTIVE_YEAR, FUTURE_YEAR, type SchoolYear } from './years.ts';

export const DISTRICT = { id: 'lk-district', name: 'Lakeshore Unified' };

export type SchoolKind = 'elementary' | 'k8' | 'middle' | 'high' | 'alternative';

export interface School {
  id: string;
  /** Short form used inside ids. */
  code: string;
  name: string;
  kind: SchoolKind;
  summer: boolean;
}

export interface Calendar {
  id: string;
  school: School;
  year: SchoolYear;
  name: string;
  summer: boolean;
}

/** The first six are the schools the stories need; a smaller district would not have them all. */
const SCHOOLS: readonly (readonly [code: string, name: string, kind: SchoolKind])[] = [
  ['lhs', 'Lakeshore High School', 'high'],
  ['mms', 'Marina Middle School', 'middle'],
  ['ble', 'Birch Lane Elementary School', 'elementary'],
  ['mrk', 'Maple Ridge K-8 School', 'k8'],
  ['bhs', 'Bayfront High School', 'high'],
  ['bas', 'Beacon Alternative School', 'alternative'],
  ['nms', 'Northshore Middle School', 'middle'],
  ['cpe', 'Cedar Point Elementary School', 'elementary'],
  ['lth', 'Lighthouse High School', 'high'],
  ['pms', 'Pinecrest Middle School', 'middle'],
  ['dpe', 'Dune Park Elementary School', 'elementary'],
  ['hve', 'Harbor View Elementary School', 'elementary'],
];
const EXTRA_KINDS: readonly SchoolKind[] = ['elementary', 'middle', 'elementary', 'high', 'k8'];

export const FEWEST_SCHOOLS = 6;
export const MOST_SCHOOLS = 200;

/**
 * The schools of the district, always the same ones in the same order.
 * Throws RangeError outside 6 to 200: below six the stories have no school to happen in.
 */
export function buildSchools(count: number): School[] {
  if (!Number.isInteger(count) || count < FEWEST_SCHOOLS || count > MOST_SCHOOLS) {
    throw new RangeError(
      `The demo district has ${FEWEST_SCHOOLS} to ${MOST_SCHOOLS} schools, not ${count}.`,
    );
  }
  return Array.from({ length: count }, (_, index) => {
    const known = SCHOOLS[index];
    const kind = known?.[2] ?? EXTRA_KINDS[index % EXTRA_KINDS.length] ?? 'elementary';
    const code = known?.[0] ?? `s${index + 1}`;
    const name = known?.[1] ?? `Lakeshore School No. ${index + 1}`;
    return { id: `lk-${code}`, code, name, kind, summer: code === 'lhs' || code === 'bhs' };
  });
}

/** Every school's calendars: one a year, and a summer one for the high schools that teach in summer. */
export function buildCalendars(schools: readonly School[]): Calendar[] {
  return [ACTIVE_YEAR, FUTURE_YEAR].flatMap((year) =>
    schools.flatMap((school) => {
      const label = `${(year.schoolYear - 1) % 100}-${year.schoolYear % 100}`;
      const regular: Calendar = {
        id: `${school.id}-${year.schoolYear}`,
        school,
        year,
        name: `${label} ${school.name}`,
        summer: false,
      };
      const summer: Calendar = {
        ...regular,
        id: `${regular.id}-summer`,
        name: `${label} ${school.name} Summer`,
        summer: true,
      };
      return school.summer ? [regular, summer] : [regular];
    }),
  );
}
