import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { type GradeBook, gradeBookOf } from './grade-book.ts';
import {
  apply,
  buildHighSchool,
  type HighSchool,
  type Pushed,
  type PushWish,
} from './high-school.ts';
import {
  type Change,
  changesBetween,
  keepBaseline,
  linkChangesBetween,
  readTables,
  type Row,
} from './tables.ts';

/** The high school of domain.md 4.1 with verbs to change it and pushes that tell all they changed. */
export interface World extends GradeBook {
  readonly school: HighSchool;
  push(wish?: PushWish): Promise<Effect>;
  /** The row of a place and key as `readTables` names it; undefined when there is none. */
  row(name: string): Promise<Row | undefined>;
}

/** A finished push with everything in the database that it changed. */
export interface Effect extends Pushed {
  readonly changed: Readonly<Record<string, Change>>;
  readonly links: Readonly<Record<string, Change>>;
}

export interface WorldWish {
  /** How the fixture was pushed before each test; left out, it never was. */
  readonly pushed?: PushWish;
  /** SQL that completes the fixture before that push. */
  readonly fixture?: readonly string[];
}

/**
 * Opens a database for the tests of a file and brings it back to the fixture before each of them.
 * The world is there from `beforeAll` on, for hooks registered later.
 */
export function useWorld(wish: WorldWish = {}): World {
  let database: TestDatabase | undefined;
  let school: HighSchool | undefined;
  let book: GradeBook | undefined;
  let reset: () => Promise<void> = () => Promise.resolve();
  beforeAll(async () => {
    database = await createTestDatabase();
    school = await buildHighSchool(database.db);
    book = gradeBookOf(database.db);
    for (const statement of wish.fixture ?? []) await school.run(statement);
    if (wish.pushed !== undefined) await school.push(wish.pushed);
    reset = await keepBaseline(database.db);
  });
  beforeEach(() => reset());
  afterAll(() => database?.drop());
  const open = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error('the world opens in beforeAll');
    return part;
  };
  return {
    get school() {
      return open(school);
    },
    push: (options) => pushAndCompare(open(school), options),
    row: async (name) => (await readTables(open(school).db)).get(name),
    add: (...args) => open(book).add(...args),
    edit: (...args) => open(book).edit(...args),
    remove: (...args) => open(book).remove(...args),
    set: (...args) => open(book).set(...args),
    assign: (...args) => open(book).assign(...args),
    post: (...args) => open(book).post(...args),
    takeTest: (...args) => open(book).takeTest(...args),
    run: (...args) => open(book).run(...args),
  };
}

async function pushAndCompare(school: HighSchool, wish: PushWish | undefined): Promise<Effect> {
  const before = await readTables(school.db);
  const planned = await school.plan(wish);
  const pushed = await apply(school.db, planned);
  const after = await readTables(school.db);
  return {
    ...pushed,
    changed: changesBetween(before, after),
    links: linkChangesBetween(before, after),
  };
}
