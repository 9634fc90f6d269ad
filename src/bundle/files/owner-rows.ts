import { sql } from 'kysely';
import { byText, type Column, must, out, type Sql, stage } from '../bundle-file.ts';
import * as cells from '../cell-types.ts';
import { OWNERS } from '../domains.ts';

export const LEVEL = must('level', cells.oneOf(['master', 'course', 'section']));
export const UPPER_LEVEL = must('level', cells.oneOf(['master', 'course']));
export const OWNER: Column = must('owner', cells.id);

export function withOwner(file: string): Sql {
  return sql`${stage(file)} s join ${OWNERS} o on o.level = s.level and o.owner = s.owner`;
}

export function rowsWithOwner(table: string): Sql {
  return sql`${sql.table(table)} t join ${OWNERS} o on o.scope_id = t.scope_id`;
}

export function removeFromOwner(file: string, table: string, match: Sql): (rows: Sql) => Sql[] {
  return (rows) => [
    sql`delete from ${sql.table(table)} t using ${withOwner(file)}
      where ${rows} and t.scope_id = o.scope_id and ${match}`,
  ];
}

export const ownerOut = { level: out('o.level'), owner: out('o.owner') };
export const byOwner = [byText('o.level'), byText('o.owner')];
