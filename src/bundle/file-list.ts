import { type BundleFile } from './bundle-file.ts';
import { CATALOGS } from './files/catalogs.ts';
import { COMPOSITES_AND_CATEGORIES } from './files/composites-categories.ts';
import { COURSES } from './files/courses.ts';
import { GRADING } from './files/grading.ts';
import { KEPT_FILES, MANIFEST } from './files/kept-files.ts';
import { LINKS } from './files/links.ts';
import { PEOPLE } from './files/people.ts';
import { PLACES } from './files/places.ts';
import { SETUP } from './files/setup.ts';
import { RESULTS } from './files/results.ts';
import { ASSIGNMENTS } from './files/assignments.ts';
import { YEARS } from './files/years.ts';

/** Every file of the bundle, each after those it refers to: import goes down, removal up. */
export const BUNDLE_FILES: readonly BundleFile[] = [
  MANIFEST,
  ...PLACES,
  ...YEARS,
  ...CATALOGS,
  ...COURSES,
  ...PEOPLE,
  ...GRADING,
  ...SETUP,
  ...COMPOSITES_AND_CATEGORIES,
  ...ASSIGNMENTS,
  ...RESULTS,
  ...LINKS,
  ...KEPT_FILES,
];
