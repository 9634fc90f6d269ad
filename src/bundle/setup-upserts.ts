const OWNER = `join bundle_owner o on o.level = body ->> 'level' and o.owner = body ->> 'owner'`;
const list = (column: string, type: string): string =>
  `coalesce((select array_agg(x::${type}) from jsonb_array_elements_text(
    case jsonb_typeof(body -> '${column}') when 'array' then body -> '${column}' else '[]' end) x), '{}')`;

/** Grading setup of every level. */
export const SETUP: readonly string[] = [
  `insert into task_alignment (scope_id, scope_kind, gradable_id, score_group_id, credit, credit_type,
     term_gpa_weight, credit_overflow_override, terms, post_only, show_on_portal, seq)
   select o.scope_id, (body ->> 'level')::scope_kind, body ->> 'gradable', body ->> 'scoreGroup',
     (body ->> 'credit')::numeric, body ->> 'creditType', (body ->> 'termGpaWeight')::numeric,
     body ->> 'creditOverflowOverride', ${list('terms', 'smallint')},
     coalesce((body ->> 'postOnly')::boolean, false), coalesce((body ->> 'showOnPortal')::boolean, true),
     coalesce((body ->> 'seq')::smallint, 0)
   from bundle_row ${OWNER} where file = 'cmAlignments' order by line
   on conflict (scope_id, gradable_id) do nothing`,
  `insert into calc_option (scope_id, gradable_id, term_seq, calc_type, grading_scale_id, weight_categories,
     use_score_percent, limit_last_n, cumulative_from_term, proficiency_method, read_only)
   select o.scope_id, body ->> 'gradable', (body ->> 'term')::smallint, (body ->> 'calcType')::calc_type,
     body ->> 'gradingScale', coalesce((body ->> 'weightCategories')::boolean, false),
     coalesce((body ->> 'useScorePercent')::boolean, false), (body ->> 'limitLastN')::smallint,
     (body ->> 'cumulativeFromTerm')::smallint, body ->> 'proficiencyMethod',
     coalesce((body ->> 'readOnly')::boolean, false)
   from bundle_row ${OWNER} where file = 'cmCalcOptions' order by line
   on conflict (scope_id, gradable_id, term_seq) do nothing`,
  `insert into composite (scope_id, parent_gradable_id, parent_term_seq)
   select distinct o.scope_id, body ->> 'parentGradable', (body ->> 'parentTerm')::smallint
   from bundle_row ${OWNER} where file = 'cmComposites' order by 1, 2, 3
   on conflict (scope_id, parent_gradable_id, parent_term_seq) do nothing`,
  `insert into composite_child (composite_id, child_gradable_id, child_term_seq, weight)
   select p.id, body ->> 'childGradable', (body ->> 'childTerm')::smallint, (body ->> 'weight')::numeric
   from bundle_row ${OWNER} join composite p on p.scope_id = o.scope_id
     and p.parent_gradable_id = body ->> 'parentGradable'
     and p.parent_term_seq = (body ->> 'parentTerm')::smallint
   where file = 'cmComposites' on conflict do nothing`,
  `insert into category (source_id, scope_id, name, weight, seq, exclude_from_calc, drop_lowest,
     default_points, gradable_ids)
   select body ->> 'category', o.scope_id, body ->> 'name', coalesce((body ->> 'weight')::numeric, 0),
     coalesce((body ->> 'seq')::smallint, 0), coalesce((body ->> 'excludeFromCalc')::boolean, false),
     coalesce((body ->> 'dropLowest')::smallint, 0), (body ->> 'defaultPoints')::numeric,
     ${list('gradables', 'text')}
   from bundle_row ${OWNER} where file = 'cmCategories' order by line
   on conflict (source_id) do nothing`,
  `insert into assessment_alignment (scope_id, scope_kind, test_id, standard_id, copies_forward)
   select o.scope_id, (body ->> 'level')::scope_kind, body ->> 'test', body ->> 'standard',
     coalesce((body ->> 'copiesForward')::boolean, false)
   from bundle_row ${OWNER} where file = 'cmAssessments' order by line
   on conflict (scope_id, test_id) do nothing`,
];

/** What students and teachers did. Names are never read. */
export const STUDENT_WORK: readonly string[] = [
  `insert into person (id, role) select body ->> 'sourcedId', body ->> 'role' from bundle_row
   where file = 'users' on conflict (id) do nothing`,
  `insert into roster (source_id, section_id, person_id, role, start_on, end_on)
   select body ->> 'sourcedId', s.id, body ->> 'userSourcedId', body ->> 'role',
     (body ->> 'beginDate')::date, (body ->> 'endDate')::date
   from bundle_row join section s on s.source_id = body ->> 'classSourcedId'
   where file = 'enrollments' on conflict (source_id) do nothing`,
  `insert into assignment (source_id, section_id, category_id, name, assigned_on, due_on, active, source)
   select b.body ->> 'sourcedId', s.id, k.id, b.body ->> 'title', left(b.body ->> 'assignDate', 10)::date,
     left(b.body ->> 'dueDate', 10)::date, coalesce((x.body ->> 'active')::boolean, true),
     jsonb_strip_nulls(b.body - 'sourcedId' - 'title' - 'classSourcedId')
   from bundle_row b join section s on s.source_id = b.body ->> 'classSourcedId'
   left join bundle_row x on x.file = 'cmAssignments'
     and x.body ->> 'lineItemSourcedId' = b.body ->> 'sourcedId'
   left join category k on k.source_id = x.body ->> 'category'
   where b.file = 'lineItems' order by b.line on conflict (source_id) do nothing`,
  `insert into assignment_gradable select a.id, g from bundle_row
   join assignment a on a.source_id = body ->> 'lineItemSourcedId'
   cross join jsonb_array_elements_text(case jsonb_typeof(body -> 'gradables') when 'array'
     then body -> 'gradables' else '[]' end) g
   where file = 'cmAssignments' on conflict do nothing`,
  `insert into score (source_id, assignment_id, student_id, value, flags, comment, source)
   select body ->> 'sourcedId', a.id, body ->> 'studentSourcedId',
     coalesce(body ->> 'score', body ->> 'textScore'),
     array_remove(array[
       case when (body ->> 'late')::boolean then 'late' end,
       case when (body ->> 'missing')::boolean then 'missing' end,
       case when (body ->> 'incomplete')::boolean then 'incomplete' end,
       case when body ->> 'scoreStatus' = 'exempt' then 'exempt' end], null),
     body ->> 'comment',
     jsonb_strip_nulls(body - 'sourcedId' - 'lineItemSourcedId' - 'studentSourcedId' - 'comment')
   from bundle_row join assignment a on a.source_id = body ->> 'lineItemSourcedId'
   where file = 'results' order by line on conflict (source_id) do nothing`,
  `insert into posted_grade (section_id, gradable_id, term_seq, student_id, score, percent, comment)
   select s.id, body ->> 'gradable', (body ->> 'term')::smallint, body ->> 'studentSourcedId',
     body ->> 'score', (body ->> 'percent')::numeric, body ->> 'comment'
   from bundle_row join section s on s.source_id = body ->> 'classSourcedId'
   where file = 'cmPostedGrades' order by line on conflict do nothing`,
  `insert into test_score (test_id, student_id, section_id, result)
   select body ->> 'test', body ->> 'studentSourcedId', s.id, body ->> 'result'
   from bundle_row join section s on s.source_id = body ->> 'classSourcedId'
   where file = 'cmTestScores' order by line on conflict do nothing`,
  `insert into cross_site_map (serving_section_id, home_course_id, home_period, status)
   select s.id, c.id, body ->> 'homePeriod', body ->> 'status'
   from bundle_row join section s on s.source_id = body ->> 'servingClassSourcedId'
   join course c on c.source_id = body ->> 'homeCourseSourcedId'
   where file = 'cmCrossSiteMaps' order by line on conflict do nothing`,
];

/** The row that a link's item key names in its scope. */
const ROW_ID = `case body ->> 'dataType'
  when 'grading_tasks_standards' then (select r.id from task_alignment r
    where r.scope_id = o.scope_id and 'task:' || r.gradable_id = body ->> 'itemKey')
  when 'grade_calc_options' then (select r.id from calc_option r
    where r.scope_id = o.scope_id and 'calc:' || r.gradable_id || ':' || r.term_seq = body ->> 'itemKey')
  when 'composite_grades' then (select r.id from composite r where r.scope_id = o.scope_id
    and 'comp:' || r.parent_gradable_id || ':' || r.parent_term_seq = body ->> 'itemKey')
  when 'composite_weights' then (select r.id from composite r where r.scope_id = o.scope_id
    and starts_with(body ->> 'itemKey', 'compw:' || r.parent_gradable_id || ':' || r.parent_term_seq || '>'))
  when 'assessments' then (select r.id from assessment_alignment r
    where r.scope_id = o.scope_id and 'assess:' || r.test_id = body ->> 'itemKey')
  when 'categories' then (select r.id from category r where r.scope_id = o.scope_id
    and (r.source_id = body ->> 'owner' || '/' || substr(body ->> 'itemKey', 5)
      or r.name = (body ->> 'base')::jsonb ->> 'name') order by r.name = (body ->> 'base')::jsonb ->> 'name', r.id limit 1)
  end`;

/** What was last pushed. The level above is the course's master, or the section's course. */
export const LINKS: readonly string[] = [
  `insert into payload_version (digest, payload)
   select distinct on (sha256(convert_to((body ->> 'base')::jsonb::text, 'UTF8')))
     sha256(convert_to((body ->> 'base')::jsonb::text, 'UTF8')), (body ->> 'base')::jsonb
   from bundle_row where file = 'cmLinks' on conflict (digest) do nothing`,
  `insert into sync_link (scope_id, data_type, item_key, upstream_scope_id, row_id, version_id, state, reason)
   select o.scope_id, (body ->> 'dataType')::data_type, body ->> 'itemKey',
     coalesce(ms.id, cs.id, (
       select lineage.scope_id from bundle_row k
       join bundle_owner lineage on lineage.level = 'master'
         and starts_with(k.body ->> 'itemKey', 'cat:' || lineage.owner || '/')
       where k.file = 'cmLinks' and k.body ->> 'owner' = r.body ->> 'owner'
         and k.body ->> 'dataType' = 'categories' limit 1)),
     ${ROW_ID}, v.id, (body ->> 'state')::link_state, body ->> 'reason'
   from bundle_row r ${OWNER}
   join setup_scope s on s.id = o.scope_id
   left join course c on c.id = s.course_id
   left join setup_scope ms on ms.course_master_id = c.course_master_id
   left join section e on e.id = s.section_id
   left join setup_scope cs on cs.course_id = e.course_id
   join payload_version v on v.digest = sha256(convert_to((body ->> 'base')::jsonb::text, 'UTF8'))
   where r.file = 'cmLinks' on conflict do nothing`,
];
