import { sql } from 'kysely';
import { type Db } from '../../src/db/database.ts';
import { type Attribute } from '../oracle/state.ts';
import { readRegistry } from './differential.ts';
import { buildDistrict } from './district.ts';
import { pushEverything } from './push.ts';
import { prepareRestore, readRows, restoreRows } from './rows.ts';
import { locksSql, type Shape, sizeSql } from './shape.ts';

/** A district as it was built, and the same pushed once. */
interface Beginning {
  readonly fresh: string;
  readonly pushed: string;
}

/** A database that histories run in one after another, with the plain district to begin from. */
export interface Arena extends Beginning {
  readonly db: Db;
  readonly registry: readonly Attribute[];
  /** Districts of other sizes, each built when first asked for. */
  readonly others: Map<string, Beginning>;
}

/** Makes an empty, migrated database the place of histories: the district, and it pushed once. */
export async function makeArena(db: Db): Promise<Arena> {
  await prepareRestore(db);
  await buildDistrict(db);
  const fresh = await readRows(db);
  await pushEverything(db);
  const registry = await readRegistry(db);
  return { db, registry, fresh, pushed: await readRows(db), others: new Map() };
}

/** Puts the district to how a history of this shape begins. */
export async function beginWith(arena: Arena, shape: Shape, pushedOnce: boolean): Promise<void> {
  const { fresh, pushed } = await beginningOf(arena, shape);
  await restoreRows(arena.db, pushedOnce ? pushed : fresh);
  await sql.raw(locksSql(shape)).execute(arena.db);
}

async function beginningOf(arena: Arena, { size }: Shape): Promise<Beginning> {
  if (size.masters + size.courses + size.sections === 0) return arena;
  const { db, others } = arena;
  const name = JSON.stringify(size);
  const known = others.get(name);
  if (known !== undefined) return known;
  await restoreRows(db, arena.fresh);
  for (const statement of sizeSql(size)) await sql.raw(statement).execute(db);
  const fresh = await readRows(db);
  await pushEverything(db);
  const other = { fresh, pushed: await readRows(db) };
  others.set(name, other);
  return other;
}
