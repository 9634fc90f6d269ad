/**
 * The statements that bring staged rows into the tables, in the order of their references. `r` is a
 * row of the file. Each writes only what differs, so importing the same bundle twice writes nothing.
 */
export const PLACES: readonly string[] = [
  `insert into district (id, source_id, name) select 1, body ->> 'sourcedId', body ->> 'name'
   from bundle_row where file = 'orgs' and body ->> 'type' = 'district' order by line limit 1
   on conflict (id) do nothing`,
  `update district set cross_site_participation = body ->> 'crossSiteParticipation',
     time_zone = coalesce(body ->> 'timeZone', time_zone)
   from bundle_row where file = 'cmDistrict' and (cross_site_participation, time_zone)
     is distinct from (body ->> 'crossSiteParticipation', coalesce(body ->> 'timeZone', time_zone))`,
  `insert into school (source_id, name, source) select body ->> 'sourcedId', body ->> 'name',
     jsonb_strip_nulls(body - 'sourcedId' - 'name' - 'type')
   from bundle_row where file = 'orgs' and body ->> 'type' = 'school' order by line
   on conflict (source_id) do update set name = excluded.name, source = excluded.source
   where (school.name, school.source) is distinct from (excluded.name, excluded.source)`,
  `update school s set cross_site_enabled = (body ->> 'crossSite')::boolean from bundle_row
   where file = 'cmSchools' and s.source_id = body ->> 'orgSourcedId'
     and s.cross_site_enabled is distinct from (body ->> 'crossSite')::boolean`,
  `insert into school_year (ends_in, label, start_on, end_on)
   select y, lpad(((y - 1) % 100)::text, 2, '0') || '-' || lpad((y % 100)::text, 2, '0'), s, e from (
     select (body ->> 'schoolYear')::int as y, min((body ->> 'startDate')::date) as s,
       max((body ->> 'endDate')::date) as e
     from bundle_row where file = 'academicSessions' and body ->> 'type' = 'schoolYear' group by 1) x
   order by y
   on conflict (ends_in) do update set start_on = excluded.start_on, end_on = excluded.end_on
   where (school_year.start_on, school_year.end_on) is distinct from (excluded.start_on, excluded.end_on)`,
  `insert into academic_session (source_id, title, type, start_on, end_on, parent_source_id, school_year_id,
     source)
   select body ->> 'sourcedId', body ->> 'title', body ->> 'type', (body ->> 'startDate')::date,
     (body ->> 'endDate')::date, body ->> 'parentSourcedId', y.id,
     jsonb_build_object('status', body -> 'status', 'dateLastModified', body -> 'dateLastModified')
   from bundle_row join school_year y on y.ends_in = (body ->> 'schoolYear')::int
   where file = 'academicSessions' order by line
   on conflict (source_id) do update set title = excluded.title, start_on = excluded.start_on,
     end_on = excluded.end_on
   where (academic_session.title, academic_session.start_on, academic_session.end_on)
     is distinct from (excluded.title, excluded.start_on, excluded.end_on)`,
  `insert into calendar (source_id, school_id, school_year_id, name, is_summer)
   select body ->> 'calendar', s.id, y.id, body ->> 'name', coalesce((body ->> 'summer')::boolean, false)
   from bundle_row join school s on s.source_id = body ->> 'orgSourcedId'
   join school_year y on y.ends_in = (body ->> 'schoolYear')::int
   where file = 'cmCalendars' order by line
   on conflict (source_id) do update set name = excluded.name, is_summer = excluded.is_summer
   where (calendar.name, calendar.is_summer) is distinct from (excluded.name, excluded.is_summer)`,
  `insert into calendar (source_id, school_id, school_year_id, name)
   select distinct s.source_id || '/' || y.ends_in, s.id, y.id, y.label || ' ' || s.name
   from bundle_row join school s on s.source_id = body ->> 'orgSourcedId'
   join academic_session a on a.source_id = body ->> 'schoolYearSourcedId'
   join school_year y on y.id = a.school_year_id
   where file = 'courses' and not exists (select 1 from calendar c
     where c.school_id = s.id and c.school_year_id = y.id)
   order by 1`,
  `insert into term (calendar_id, seq, name, start_on, end_on)
   select c.id, row_number() over (partition by c.id order by a.start_on, a.source_id), a.title, a.start_on,
     a.end_on
   from calendar c join academic_session a on a.school_year_id = c.school_year_id
     and a.type = (select case when bool_or(type = 'gradingPeriod') then 'gradingPeriod'
       when bool_or(type = 'term') then 'term' else 'semester' end
       from academic_session b where b.school_year_id = c.school_year_id)
   where not exists (select 1 from term t where t.calendar_id = c.id)`,
];

export const REFERENCE_DATA: readonly string[] = [
  `insert into score_group (id, kind) select distinct body ->> 'scoreGroup', body ->> 'kind'
   from bundle_row where file = 'cmScoreGroups' on conflict (id) do nothing`,
  `insert into score_group_item (score_group_id, score, min_percent, gpa_value)
   select body ->> 'scoreGroup', body ->> 'score', (body ->> 'minPercent')::numeric,
     (body ->> 'gpaValue')::numeric from bundle_row where file = 'cmScoreGroups'
   on conflict (score_group_id, score) do nothing`,
  `insert into grading_scale (id, name) select body ->> 'gradingScale', body ->> 'name'
   from bundle_row where file = 'cmGradingScales' on conflict (id) do nothing`,
  `insert into gradable (id, kind, code, name) select body ->> 'gradable',
     (body ->> 'kind')::gradable_kind, body ->> 'code', body ->> 'name'
   from bundle_row where file = 'cmGradables'
   on conflict (id) do update set name = excluded.name, code = excluded.code
   where (gradable.name, gradable.code) is distinct from (excluded.name, excluded.code)`,
  `update gradable g set parent_id = body ->> 'parent' from bundle_row
   where file = 'cmGradables' and g.id = body ->> 'gradable'
     and g.parent_id is distinct from body ->> 'parent'`,
  `insert into test (id, name, teacher_scored)
   select distinct on (body ->> 'test') body ->> 'test', coalesce(body ->> 'testName', body ->> 'test'),
     coalesce((body ->> 'teacherScored')::boolean, false)
   from bundle_row where file = 'cmAssessments' order by body ->> 'test', line on conflict (id) do nothing`,
  `insert into course_catalog (name) select body ->> 'catalog' from bundle_row where file = 'cmCatalogs'
   order by line on conflict (name) do nothing`,
  `insert into course_attribute (code, label, card, value_type, max_length, soft_lock_only,
     section_overridable, custom)
   select body ->> 'code', body ->> 'label', body ->> 'card', body ->> 'valueType',
     (body ->> 'maxLength')::int, coalesce((body ->> 'softLockOnly')::boolean, false),
     coalesce((body ->> 'sectionOverridable')::boolean, false), true
   from bundle_row where file = 'cmAttributes' on conflict (code) do nothing`,
  `insert into catalog_school_year select c.id, s.id, y.id from bundle_row
   join course_catalog c on c.name = body ->> 'catalog' join school s on s.source_id = body ->> 'orgSourcedId'
   join school_year y on y.ends_in = (body ->> 'schoolYear')::int
   where file = 'cmCatalogSchools' on conflict do nothing`,
  `insert into catalog_type_lock select c.id, (body ->> 'dataType')::data_type, (body ->> 'mode')::lock_mode
   from bundle_row join course_catalog c on c.name = body ->> 'catalog'
   where file = 'cmCatalogLocks' and body ->> 'attribute' is null
     and body ->> 'dataType' not in ('course_info', 'cross_site')
   on conflict (catalog_id, data_type) do update set mode = excluded.mode
   where catalog_type_lock.mode <> excluded.mode`,
  `insert into catalog_attribute_lock select c.id, a.code, (body ->> 'mode')::lock_mode
   from bundle_row join course_catalog c on c.name = body ->> 'catalog'
   join course_attribute a on a.code = body ->> 'attribute'
   where file = 'cmCatalogLocks' and body ->> 'dataType' = 'course_info'
   on conflict (catalog_id, attribute_code) do update set mode = excluded.mode
   where catalog_attribute_lock.mode <> excluded.mode`,
];

/** The attributes of a row as jsonb, typed by the registry. */
const ATTRS = `(select coalesce(jsonb_object_agg(a.code, case a.value_type
    when 'int' then to_jsonb((r.body ->> ('attr:' || a.code))::numeric)
    when 'numeric' then to_jsonb((r.body ->> ('attr:' || a.code))::numeric)
    when 'bool' then to_jsonb((r.body ->> ('attr:' || a.code))::boolean)
    else r.body -> ('attr:' || a.code) end), '{}')
  from course_attribute a where r.body ->> ('attr:' || a.code) is not null)`;

export const COURSES: readonly string[] = [
  `insert into course_master (catalog_id, number, name, cross_site_enabled, attrs)
   select c.id, r.body ->> 'number', r.body ->> 'name', coalesce((r.body ->> 'crossSite')::boolean, false),
     ${ATTRS}
   from bundle_row r join course_catalog c on c.name = r.body ->> 'catalog'
   where r.file = 'cmMasters' order by r.line
   on conflict (catalog_id, number) do update set name = excluded.name,
     cross_site_enabled = excluded.cross_site_enabled, attrs = excluded.attrs
   where (course_master.name, course_master.cross_site_enabled, course_master.attrs)
     is distinct from (excluded.name, excluded.cross_site_enabled, excluded.attrs)`,
  `insert into course (source_id, calendar_id, course_master_id, number, name, attrs, ignore_master_push,
     cross_site_enabled, source)
   select b.body ->> 'sourcedId', k.id, m.id, b.body ->> 'courseCode', b.body ->> 'title', coalesce(x.attrs, '{}'),
     coalesce((x.body ->> 'ignoreMasterPush')::boolean, false),
     coalesce((x.body ->> 'crossSite')::boolean, false),
     jsonb_strip_nulls(b.body - 'sourcedId' - 'courseCode' - 'title' - 'orgSourcedId' - 'schoolYearSourcedId')
   from bundle_row b
   join school s on s.source_id = b.body ->> 'orgSourcedId'
   join academic_session y on y.source_id = b.body ->> 'schoolYearSourcedId'
   left join (select r.body ->> 'courseSourcedId' as course, r.body, ${ATTRS} as attrs
     from bundle_row r where r.file = 'cmCourses') x on x.course = b.body ->> 'sourcedId'
   join lateral (select k.id from calendar k where k.school_id = s.id
     and k.school_year_id = y.school_year_id
     and (x.body ->> 'calendar' is null or k.source_id = x.body ->> 'calendar')
     order by k.is_summer, k.id limit 1) k on true
   left join course_catalog c on c.name = x.body ->> 'catalog'
   left join course_master m on m.catalog_id = c.id and m.number = x.body ->> 'masterNumber'
   where b.file = 'courses' order by b.line
   on conflict (source_id) do update set course_master_id = excluded.course_master_id,
     number = excluded.number, name = excluded.name, attrs = excluded.attrs,
     ignore_master_push = excluded.ignore_master_push, cross_site_enabled = excluded.cross_site_enabled
   where (course.course_master_id, course.number, course.name, course.attrs, course.ignore_master_push,
     course.cross_site_enabled) is distinct from (excluded.course_master_id, excluded.number, excluded.name,
     excluded.attrs, excluded.ignore_master_push, excluded.cross_site_enabled)`,
  `update course c set cross_site_role = (body ->> 'crossSiteRole')::cross_site_role,
     mirror_of_course_id = o.id
   from bundle_row left join course o on o.source_id = body ->> 'mirrorOfCourseSourcedId'
   where file = 'cmCourses' and body ->> 'crossSiteRole' is not null
     and c.source_id = body ->> 'courseSourcedId'
     and (c.cross_site_role::text, c.mirror_of_course_id) is distinct from (body ->> 'crossSiteRole', o.id)`,
  `insert into section (source_id, course_id, number, primary_teacher_id, attr_overrides, cross_site_enabled,
     cross_site_offered, source)
   select b.body ->> 'sourcedId', c.id, b.body ->> 'classCode', x.body ->> 'teacher', coalesce(x.attrs, '{}'),
     coalesce((x.body ->> 'crossSite')::boolean, false),
     coalesce((x.body ->> 'crossSiteOffered')::boolean, false),
     jsonb_strip_nulls(b.body - 'sourcedId' - 'courseSourcedId' - 'classCode')
   from bundle_row b join course c on c.source_id = b.body ->> 'courseSourcedId'
   left join (select r.body ->> 'classSourcedId' as class, r.body, ${ATTRS} as attrs
     from bundle_row r where r.file = 'cmSections') x on x.class = b.body ->> 'sourcedId'
   where b.file = 'classes' order by b.line
   on conflict (source_id) do update set number = excluded.number,
     primary_teacher_id = excluded.primary_teacher_id, attr_overrides = excluded.attr_overrides
   where (section.number, section.primary_teacher_id, section.attr_overrides) is distinct from
     (excluded.number, excluded.primary_teacher_id, excluded.attr_overrides)`,
  `create temp table bundle_owner on commit drop as
   select 'master' as level, c.name || '/' || m.number as owner, s.id as scope_id
   from course_master m join course_catalog c on c.id = m.catalog_id
   join setup_scope s on s.course_master_id = m.id
   union all select 'course', c.source_id, s.id from course c join setup_scope s on s.course_id = c.id
   union all select 'section', c.source_id, s.id from section c join setup_scope s on s.section_id = c.id`,
  `create index on bundle_owner (level, owner)`,
  `analyze bundle_owner`,
];
