import { type Course, type DistrictState, type Link, type Section } from './state.ts';

/** Puts ids of rows that a push inserted into words that two engines share. */
export interface Names {
  readonly task: (id: string) => string;
  readonly category: (id: string) => string;
  /** An item key, whose `cat:` and `local:` may hold the id of a new category. */
  readonly key: (key: string) => string;
}

/**
 * Names for one state after a push. A row of `before` keeps its id; a new category is named after
 * its scope and the link it came by, so `new course 1010 cat:c7` is the same row in both states.
 */
export function namesOf(before: DistrictState, after: DistrictState): Names {
  const old = new Set(before.courses.flatMap(rowIds));
  for (const master of before.masters) {
    for (const category of master.setup.categories) old.add(category.id);
    for (const task of master.setup.tasks) old.add(task.id);
  }
  const fresh = new Map<string, string>();
  const category = (id: string): string => (old.has(id) ? id : (fresh.get(id) ?? `unknown ${id}`));
  const key = (text: string): string =>
    text.replace(
      /^(cat|local):(.*)$/,
      (_all, kind: string, id: string) => `${kind}:${category(id)}`,
    );
  const learn = (scope: string, links: readonly Link[]): void => {
    for (const link of links)
      if (link.row !== null && !old.has(link.row))
        fresh.set(link.row, `new ${scope} ${key(link.key)}`);
  };
  for (const course of after.courses) learn(`course ${course.id}`, course.links);
  for (const course of after.courses)
    for (const section of course.sections) learn(`section ${section.id}`, section.links);
  return { task: (id) => (old.has(id) ? id : 'new'), category, key };
}

function rowIds(course: Course): string[] {
  return [course, ...course.sections].flatMap((scope: Course | Section) => [
    ...scope.setup.tasks.map((task) => task.id),
    ...scope.setup.categories.map((category) => category.id),
    ...scope.links.flatMap((link) => link.row ?? []),
  ]);
}
