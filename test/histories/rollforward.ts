/**
 * The calendar rollforward of the student information system, as far as pushes notice it: every
 * course of the first year that is not yet in the second is copied with its sections, setup and
 * links (F01). Residual flags are dropped: next year starts linked. Ignore Master Push stays (F03);
 * no student work comes along (F02). A copy's source id is the original's with a "+".
 */
export const ROLLFORWARD = `
do $$
begin
  if exists (select 1 from course where calendar_id in (3, 4)) then return; end if;

  insert into course (source_id, calendar_id, course_master_id, number, name, attrs, ignore_master_push,
      cross_site_enabled, cross_site_role)
    select source_id || '+', calendar_id + 2, course_master_id, number, name, attrs, ignore_master_push,
      cross_site_enabled, cross_site_role
    from course where mirror_of_course_id is null order by id;
  insert into course (source_id, calendar_id, course_master_id, number, name, attrs, ignore_master_push,
      cross_site_enabled, cross_site_role, mirror_of_course_id)
    select c.source_id || '+', c.calendar_id + 2, c.course_master_id, c.number, c.name, c.attrs,
      c.ignore_master_push, c.cross_site_enabled, c.cross_site_role, served.id
    from course c join course original on original.id = c.mirror_of_course_id
    join course served on served.source_id = original.source_id || '+' order by c.id;
  insert into section (source_id, course_id, number, attr_overrides, cross_site_enabled, cross_site_offered)
    select s.source_id || '+', n.id, s.number, s.attr_overrides, s.cross_site_enabled, s.cross_site_offered
    from section s join course c on c.id = s.course_id join course n on n.source_id = c.source_id || '+'
    order by s.id;

  create temp table rolled_scope on commit drop as
    select old.id as old_id, new.id as new_id
    from course c join course n on n.source_id = c.source_id || '+'
    join setup_scope old on old.course_id = c.id join setup_scope new on new.course_id = n.id
    union all
    select old.id, new.id
    from section s join section n on n.source_id = s.source_id || '+'
    join setup_scope old on old.section_id = s.id join setup_scope new on new.section_id = n.id;

  insert into task_alignment (scope_id, scope_kind, gradable_id, score_group_id, credit, credit_type,
      term_gpa_weight, credit_overflow_override, terms, post_only, show_on_portal, seq)
    select m.new_id, scope_kind, gradable_id, score_group_id, credit, credit_type, term_gpa_weight,
      credit_overflow_override, terms, post_only, show_on_portal, seq
    from task_alignment r join rolled_scope m on m.old_id = r.scope_id order by r.id;
  insert into calc_option (scope_id, gradable_id, term_seq, calc_type, grading_scale_id, weight_categories,
      use_score_percent, limit_last_n, cumulative_from_term, proficiency_method, read_only)
    select m.new_id, gradable_id, term_seq, calc_type, grading_scale_id, weight_categories,
      use_score_percent, limit_last_n, cumulative_from_term, proficiency_method, read_only
    from calc_option r join rolled_scope m on m.old_id = r.scope_id order by r.id;
  insert into composite (scope_id, parent_gradable_id, parent_term_seq)
    select m.new_id, parent_gradable_id, parent_term_seq
    from composite r join rolled_scope m on m.old_id = r.scope_id order by r.id;
  insert into category (source_id, scope_id, name, weight, seq, exclude_from_calc, drop_lowest,
      default_points, gradable_ids)
    select source_id || '+', m.new_id, name, weight, seq, exclude_from_calc, drop_lowest, default_points,
      gradable_ids
    from category r join rolled_scope m on m.old_id = r.scope_id order by r.id;
  insert into assessment_alignment (scope_id, scope_kind, test_id, standard_id, copies_forward)
    select m.new_id, scope_kind, test_id, standard_id, copies_forward
    from assessment_alignment r join rolled_scope m on m.old_id = r.scope_id order by r.id;

  create temp table rolled_row on commit drop as
    select 'grading_tasks_standards'::data_type as data_type, o.id as old_id, n.id as new_id
    from rolled_scope m join task_alignment o on o.scope_id = m.old_id
    join task_alignment n on n.scope_id = m.new_id and n.gradable_id = o.gradable_id
    union all
    select 'grade_calc_options', o.id, n.id from rolled_scope m join calc_option o on o.scope_id = m.old_id
    join calc_option n on n.scope_id = m.new_id and n.gradable_id = o.gradable_id and n.term_seq = o.term_seq
    union all
    select t, o.id, n.id from rolled_scope m join composite o on o.scope_id = m.old_id
    join composite n on n.scope_id = m.new_id and n.parent_gradable_id = o.parent_gradable_id
      and n.parent_term_seq = o.parent_term_seq
    cross join unnest(array['composite_grades', 'composite_weights']::data_type[]) t
    union all
    select 'categories', o.id, n.id from category o join category n on n.source_id = o.source_id || '+'
    union all
    select 'assessments', o.id, n.id from rolled_scope m join assessment_alignment o on o.scope_id = m.old_id
    join assessment_alignment n on n.scope_id = m.new_id and n.test_id = o.test_id;

  insert into composite_child
    select m.new_id, child_gradable_id, child_term_seq, weight
    from composite_child x join rolled_row m on m.old_id = x.composite_id and m.data_type = 'composite_grades';
  insert into sync_link (scope_id, data_type, item_key, upstream_scope_id, row_id, version_id, state,
      reason, run_id, pushed_at)
    select m.new_id, l.data_type,
      l.item_key || case when l.data_type = 'categories' and s.kind = 'section' then '+' else '' end,
      coalesce(up.new_id, l.upstream_scope_id), r.new_id, l.version_id,
      case when l.state = 'residual' then 'linked' else l.state end, l.reason, l.run_id, l.pushed_at
    from sync_link l join rolled_scope m on m.old_id = l.scope_id
    join setup_scope s on s.id = l.scope_id
    left join rolled_scope up on up.old_id = l.upstream_scope_id
    left join rolled_row r on r.data_type = l.data_type and r.old_id = l.row_id;
end $$`;
