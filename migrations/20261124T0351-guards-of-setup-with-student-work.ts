import { type Kysely, sql } from 'kysely';

/**
 * The database refuses to lose setup that student data hangs on by ways around the first guards: a
 * course's category whose copies in the sections have assignments, an owner removed under its setup,
 * and a row that is made into another one.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function guard_category() returns trigger language plpgsql as $$
    begin
      if exists (
        select 1 from setup_scope ss
        join section s on s.course_id = ss.course_id
        join setup_scope copies on copies.section_id = s.id
        join sync_link l on l.scope_id = copies.id and l.data_type = 'categories'
          and l.item_key = 'cat:' || old.source_id
        join assignment a on a.category_id = l.row_id and a.deleted_at is null
        where ss.id = old.scope_id
      ) then
        raise exception 'category % has assignments in its sections', old.source_id
          using errcode = 'restrict_violation';
      end if;
      return old;
    end $$`.execute(db);
  await sql`create trigger guard_category before delete on category
    for each row execute function guard_category()`.execute(db);
  // Setup goes with its course, section or master, never alone.
  await sql`
    create function guard_setup_scope() returns trigger language plpgsql as $$
    begin
      if exists (select 1 from course_master where id = old.course_master_id)
        or exists (select 1 from course where id = old.course_id)
        or exists (select 1 from section where id = old.section_id)
      then
        raise exception 'the setup of an owner that still exists cannot be removed'
          using errcode = 'restrict_violation';
      end if;
      return old;
    end $$`.execute(db);
  await sql`create trigger guard_setup_scope before delete on setup_scope
    for each row execute function guard_setup_scope()`.execute(db);
  await sql`
    create function keep_identity() returns trigger language plpgsql as $$
    begin
      raise exception 'a row of % cannot become another one', tg_table_name
        using errcode = 'restrict_violation';
    end $$`.execute(db);
  for (const [table, columns] of [
    ['task_alignment', 'id, scope_id, scope_kind, gradable_id'],
    ['composite', 'id, scope_id, parent_gradable_id, parent_term_seq'],
    ['category', 'id, scope_id'],
    ['assessment_alignment', 'id, scope_id, scope_kind, test_id'],
  ] as const) {
    const changed = columns
      .split(', ')
      .map((column) => `old.${column} is distinct from new.${column}`);
    await sql
      .raw(
        `create trigger keep_identity before update of ${columns} on ${table}
         for each row when (${changed.join(' or ')}) execute function keep_identity()`,
      )
      .execute(db);
  }
}
