import { z } from 'zod';

type Json = string | number | boolean | readonly (string | number)[];

/** How the text of a cell becomes a value: parsed by zod here, typed by PostgreSQL in the staging table. */
export interface CellType {
  readonly schema: z.ZodType<Json, string>;
  /** Type of the staging column. */
  readonly sql: string;
  /** Said to a person when the cell does not parse. */
  readonly expected: string;
}

const LONGEST_ID = 500;
const LONGEST_TEXT = 100_000;

// PostgreSQL stores neither; JSON can smuggle both in.
const UNSTORABLE = /\0|\p{Surrogate}/u;
const storable = (text: string): boolean => !UNSTORABLE.test(text);

/** Text of at most so many characters. */
export function text(longest = LONGEST_TEXT): CellType {
  return {
    schema: z.string().max(longest).refine(storable),
    sql: 'text',
    expected:
      longest === LONGEST_TEXT
        ? 'text without NUL characters'
        : `text of at most ${longest} characters`,
  };
}

/** A name: text without blanks around it. */
export function name(longest: number): CellType {
  return {
    schema: z
      .string()
      .max(longest)
      .refine((value) => storable(value) && !/^ | $/.test(value)),
    sql: 'text',
    expected: `at most ${longest} characters without blanks around them`,
  };
}

/** An id of the district's own making. */
export const id: CellType = text(LONGEST_ID);

/** An id that stands in comma-separated lists, so without commas. */
export const listedId: CellType = {
  schema: z
    .string()
    .max(LONGEST_ID)
    .refine((value) => storable(value) && !value.includes(',') && value === value.trim()),
  sql: 'text',
  expected: `an id of at most ${LONGEST_ID} characters without commas or blanks around it`,
};

/** A catalog's name: it stands before the slash in `<catalog>/<number>`. */
export const catalogName: CellType = {
  schema: z
    .string()
    .max(200)
    .refine((value) => storable(value) && !value.includes('/') && !/^ | $/.test(value)),
  sql: 'text',
  expected: 'at most 200 characters without a slash or blanks around them',
};

/** A whole number between two bounds, both included. */
export function integer(min: number, max: number): CellType {
  return {
    schema: z
      .string()
      .regex(/^-?\d{1,10}$/)
      .transform(Number)
      .pipe(z.number().min(min).max(max)),
    sql: 'int',
    expected: `a whole number from ${min} to ${max}`,
  };
}

/** The number of a term in its calendar. */
export const term: CellType = { ...integer(1, 99), sql: 'smallint' };
export const smallCount: CellType = { ...integer(0, 32_767), sql: 'smallint' };
export const position: CellType = { ...integer(-32_768, 32_767), sql: 'smallint' };
/** The year a school year ends in. The label has two digits, hence one century. */
export const schoolYear: CellType = integer(2000, 2099);

/** A decimal with a point: `numeric(digits, scale)`. It stays text on its way, so nothing is rounded. */
export function decimal(digits: number, scale: number, { negative = true } = {}): CellType {
  const pattern = new RegExp(
    `^${negative ? '-?' : ''}\\d{1,${digits - scale}}(\\.\\d{1,${scale}})?$`,
  );
  return {
    schema: z.string().regex(pattern),
    sql: `numeric(${digits}, ${scale})`,
    expected: `a ${negative ? '' : 'non-negative '}number with at most ${digits - scale} digits before and ${scale} after the point`,
  };
}

export const boolean: CellType = {
  schema: z.enum(['true', 'false']).transform((value) => value === 'true'),
  sql: 'boolean',
  expected: '`true` or `false`',
};

export const date: CellType = {
  schema: z.iso.date(),
  sql: 'date',
  expected: 'a date as YYYY-MM-DD',
};

/** A moment; without a zone it would mean something else on each machine. */
export const moment: CellType = {
  schema: z.iso.datetime({ offset: true }),
  sql: 'timestamptz',
  expected: 'an ISO 8601 time with its zone, such as 2026-11-23T08:00:00Z',
};

/** OneRoster writes some days as times; what was written is kept, the day is what counts. */
export const day: CellType = {
  schema: z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })]),
  sql: 'text',
  expected: 'a date as YYYY-MM-DD or an ISO 8601 time',
};

/** One of some words. `sql` names the PostgreSQL enum, where there is one. */
export function oneOf(words: readonly [string, ...string[]], sql = 'text'): CellType {
  return {
    schema: z.enum(words),
    sql,
    expected: `one of ${words.map((word) => `\`${word}\``).join(', ')}`,
  };
}

function items(cell: string): string[] {
  return [
    ...new Set(
      cell
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    ),
  ];
}

// Code point order, as PostgreSQL's collation "C" has it; localeCompare would depend on the machine.
const byCodePoint = (left: string, right: string): number =>
  Buffer.compare(Buffer.from(left), Buffer.from(right));

/** Ids, sorted and each once. */
export const idList: CellType = {
  schema: z
    .string()
    .refine(storable)
    .transform((cell) => items(cell).toSorted(byCodePoint)),
  sql: 'text[]',
  expected: 'comma-separated ids',
};

/** Term numbers, sorted and each once. */
export const termList: CellType = {
  schema: z
    .string()
    .regex(/^\s*\d{1,2}\s*(,\s*\d{1,2}\s*)*$/)
    .transform((cell) => [...new Set(items(cell).map(Number))].toSorted((a, b) => a - b)),
  sql: 'smallint[]',
  expected: 'comma-separated term numbers',
};

function isStorableObject(cell: string): boolean {
  try {
    const parsed: unknown = JSON.parse(cell, (key, value: unknown) => {
      if (!storable(key) || (typeof value === 'string' && !storable(value))) {
        throw new SyntaxError('a character that PostgreSQL cannot store');
      }
      return value;
    });
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** A JSON object, left as text: PostgreSQL reads it, so no number changes on the way. */
export const jsonObject: CellType = {
  schema: z.string().refine(isStorableObject),
  sql: 'text',
  expected: 'a JSON object',
};
