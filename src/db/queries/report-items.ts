import { type RawBuilder, sql } from 'kysely';
import { type ReportItem } from '../../domain/report-item.ts';
import { type Db } from '../database.ts';
import { coursesLeft } from './reached.ts';

/**
 * The items of a run's plan with the names a reader needs, in the order of the reports: calendar,
 * course, section, type, item. An item that was held or rolled back has what came of it as its
 * outcome. They come in pages through a cursor, so that time grows with the items and memory does not.
 */
export async function readReportItems(
  db: Db,
  runId: number,
  takePage: (items: readonly ReportItem[]) => void,
): Promise<void> {
  await db
    .transaction()
    .setAccessMode('read only')
    .execute(async (tx) => {
      await sql`declare report_items no scroll cursor for ${reportItems(runId)}`.execute(tx);
      for (;;) {
        const { rows } = await sql<ReportItem>`fetch ${sql.lit(PAGE)} from report_items`.execute(
          tx,
        );
        takePage(rows);
        if (rows.length < PAGE) return;
      }
    });
}

const PAGE = 5000;

function reportItems(runId: number): RawBuilder<ReportItem> {
  const left = coursesLeft(sql`(select plan_id from push_run where id = ${runId})`);
  return sql`
    select r.id as "runId", k.name as calendar, c.number as "courseNumber", c.name as "courseName",
      s.number as section, s.primary_teacher_id as teacher, i.data_type as "dataType",
      i.item_label as "itemLabel",
      case i.result when 'held' then 'WITHHELD' when 'rolled_back' then 'FAILED_ERROR'
        else i.outcome end as outcome,
      coalesce(i.held_reason, i.reason) as reason, i.op, i.result, i.before, i.after,
      coalesce(i.base, case when i.link_before is not null then i.before end) as base,
      coalesce(i.master, i.after) as master, i.found, i.detail, i.link_before ->> 'state' as "linkBefore",
      i.course_id is null or i.course_id not in (${left}) as reached,
      i.link_after as "linkAfter", i.assignments, i.scores, i.grades, i.comments
    from push_run r join push_item i on i.plan_id = r.plan_id
    left join calendar k on k.id = i.calendar_id
    left join course c on c.id = i.course_id
    left join section s on s.id = i.section_id
    where r.id = ${runId}
    order by k.name nulls first, c.number, s.number nulls first, i.data_type, i.item_key, i.id`;
}

/** Names for the files of a run. */
export async function readReportNames(
  db: Db,
  runId: number,
): Promise<{ id: number; catalog: string; year: string }> {
  return db
    .selectFrom('push_run as r')
    .innerJoin('course_catalog as c', 'c.id', 'r.catalog_id')
    .innerJoin('school_year as y', 'y.id', 'r.school_year_id')
    .select(['r.id', 'c.name as catalog', 'y.label as year'])
    .where('r.id', '=', runId)
    .executeTakeFirstOrThrow();
}
