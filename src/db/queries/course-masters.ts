import { sql } from 'kysely';
import { type FoundMasters, type MasterChoice } from '../../domain/ports.ts';
import { type Db } from '../database.ts';

/** How many similar ones are offered. */
const MOST_NEAR = 5;

/**
 * The course masters with a number, one per catalog at most (G03); letter case does not matter. When
 * there is none, those whose number begins nearly so or whose number or name holds what was typed.
 */
export async function findMasters(
  db: Db,
  wanted: { readonly typed: string; readonly catalogId?: number },
): Promise<FoundMasters> {
  const typed = wanted.typed.trim();
  const { rows } = await sql<MasterChoice & { same: boolean }>`
    select m.id, m.number, m.name, m.catalog_id as "catalogId", c.name as catalog, n.same
    from course_master m
    join course_catalog c on c.id = m.catalog_id
    cross join lateral (
      select lower(btrim(m.number)) = lower(${typed}) as same,
        starts_with(lower(m.number), lower(left(${typed}, greatest(length(${typed}) - 1, 1)))) as begins,
        position(lower(${typed}) in lower(m.number || ' ' || m.name)) > 0 as holds
    ) n
    where (${wanted.catalogId ?? null}::bigint is null or m.catalog_id = ${wanted.catalogId ?? null})
      and (n.same or n.begins or n.holds)
    order by n.same desc, n.begins desc, m.number, c.name`.execute(db);
  const choices = rows.map(({ same, ...master }) => ({ same, master }));
  const exact = choices.filter(({ same }) => same).map(({ master }) => master);
  return exact.length > 0
    ? { exact, near: [] }
    : { exact, near: choices.slice(0, MOST_NEAR).map(({ master }) => master) };
}

/** A course master by its id; undefined when there is none. */
export async function readMaster(db: Db, id: number): Promise<MasterChoice | undefined> {
  return db
    .selectFrom('course_master as m')
    .innerJoin('course_catalog as c', 'c.id', 'm.catalog_id')
    .select(['m.id', 'm.number', 'm.name', 'm.catalog_id as catalogId', 'c.name as catalog'])
    .where('m.id', '=', id)
    .executeTakeFirst();
}
