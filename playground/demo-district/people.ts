import { type School } from './places.ts';

export interface Teacher {
  id: string;
  givenName: string;
  familyName: string;
}

const GIVEN = [
  'Ana',
  'Ben',
  'Chloé',
  'Dara',
  'Elif',
  'Femi',
  'Grace',
  'Hana',
  'Iker',
  'Jun',
  'Kofi',
  'Lena',
];
const FAMILY = [
  'Abara',
  'Berg',
  'Castillo',
  'Dubois',
  'Eriksen',
  "O'Farrell",
  'Garcia',
  'Haddad',
  'Ito',
  'Jansen',
];

const TEACHERS_PER_SCHOOL = 30;
const STUDENTS_PER_SCHOOL = 240;

/** A school's teachers. Names are invented. */
export function teachersOf(school: School): Teacher[] {
  return Array.from({ length: TEACHERS_PER_SCHOOL }, (_, index) => ({
    id: `lk-t-${school.code}-${String(index + 1).padStart(2, '0')}`,
    givenName: GIVEN[index % GIVEN.length] ?? '',
    familyName: FAMILY[(index * 3) % FAMILY.length] ?? '',
  }));
}

/** A school's students: ids only, because nothing in this project may know more about a student. */
export function studentsOf(school: School): string[] {
  return Array.from(
    { length: STUDENTS_PER_SCHOOL },
    (_, index) => `lk-s-${school.code}-${String(index + 1).padStart(3, '0')}`,
  );
}
