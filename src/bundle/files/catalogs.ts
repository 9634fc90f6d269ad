import { sql } from 'kysely';
import { ATTRIBUTE_CHECKS, attributeColumns, ATTRIBUTES } from '../attributes.ts';
import {
  type BundleFile,
  byText,
  cell,
  extensionColumns,
  from,
  may,
  must,
  out,
  removeByKey,
  stage,
  staged,
} from '../bundle-file.ts';
import * as cells from '../cell-types.ts';
import { ATTRIBUTE, CATALOG, SCHOOL, YEAR } from '../domains.ts';

const cmCatalogs: BundleFile = {
  name: 'cmCatalogs',
  columns: extensionColumns(must('catalog', cells.catalogName)),
  key: ['catalog'],
  writes: [
    {
      table: 'course_catalog',
      mode: 'upsert',
      from: sql`${stage('cmCatalogs')} s`,
      key: { name: staged('catalog') },
      values: {},
    },
  ],
  removals: removeByKey('cmCatalogs', 'course_catalog', sql`t.name = s.catalog`),
  export: {
    from: sql`course_catalog t`,
    columns: { catalog: out('t.name') },
    orderBy: [byText('t.name')],
  },
};

const cmCatalogSchools: BundleFile = {
  name: 'cmCatalogSchools',
  columns: extensionColumns(
    must('catalog', cells.catalogName),
    must('orgSourcedId', cells.id),
    must('schoolYear', cells.schoolYear),
  ),
  key: ['catalog', 'orgSourcedId', 'schoolYear'],
  references: [
    { column: 'catalog', to: CATALOG },
    { column: 'orgSourcedId', to: SCHOOL },
    { column: 'schoolYear', to: YEAR },
  ],
  writes: [
    {
      table: 'catalog_school_year',
      mode: 'upsert',
      from: sql`${stage('cmCatalogSchools')} s join course_catalog k on k.name = s.catalog
        join school o on o.source_id = s."orgSourcedId"
        join school_year y on y.ends_in = s."schoolYear"`,
      key: { catalog_id: sql`k.id`, school_id: sql`o.id`, school_year_id: sql`y.id` },
      values: {},
    },
  ],
  removals: (rows) => [
    sql`delete from catalog_school_year t
      using "stage_cmCatalogSchools" s, course_catalog k, school o, school_year y
      where ${rows} and k.name = s.catalog and o.source_id = s."orgSourcedId"
        and y.ends_in = s."schoolYear" and t.catalog_id = k.id and t.school_id = o.id
        and t.school_year_id = y.id`,
  ],
  export: {
    from: sql`catalog_school_year t join course_catalog k on k.id = t.catalog_id
      join school o on o.id = t.school_id join school_year y on y.id = t.school_year_id`,
    columns: {
      catalog: out('k.name'),
      orgSourcedId: out('o.source_id'),
      schoolYear: out('y.ends_in'),
    },
    orderBy: [byText('k.name'), byText('o.source_id'), sql`y.ends_in`],
  },
};

const CARDS = [
  'general',
  'scheduling',
  'setup',
  'state',
  'district',
  'nces',
  'description',
] as const;

const cmAttributes: BundleFile = {
  name: 'cmAttributes',
  columns: extensionColumns(
    must('code', {
      ...cells.text(60),
      schema: cells.text(60).schema.refine((code) => /^[\w.-]+$/.test(String(code))),
      expected: 'a code of letters, digits, `_`, `-` and `.`',
    }),
    must('label', cells.text(200)),
    must('card', cells.oneOf(CARDS)),
    must('valueType', cells.oneOf(['text', 'int', 'numeric', 'bool', 'code'])),
    may('maxLength', cells.integer(1, 100_000)),
    may('softLockOnly', cells.boolean),
    may('sectionOverridable', cells.boolean),
  ),
  key: ['code'],
  checks: [
    {
      column: 'code',
      bad: sql`exists (select 1 from course_attribute a where a.code = s.code and not a.custom)`,
      expected: 'an attribute of your own: this one comes with the software',
    },
  ],
  writes: [
    {
      table: 'course_attribute',
      mode: 'upsert',
      from: sql`${stage('cmAttributes')} s`,
      key: { code: staged('code') },
      values: {
        label: cell('label'),
        card: cell('card'),
        value_type: cell('valueType'),
        max_length: cell('maxLength'),
        soft_lock_only: cell('softLockOnly', false),
        section_overridable: cell('sectionOverridable', false),
        custom: from(['code'], sql`true`),
      },
    },
  ],
  checksAfter: [
    {
      column: 'code',
      ofRemoved: true,
      bad: sql`exists (select 1 from course_attribute a where a.code = s.code and not a.custom)
        or exists (select 1 from course_master m where m.attrs ? s.code)
        or exists (select 1 from course c where c.attrs ? s.code)
        or exists (select 1 from section e where e.attr_overrides ? s.code)`,
      expected: 'an attribute of your own that no master, course or section uses',
    },
  ],
  removals: removeByKey('cmAttributes', 'course_attribute', sql`t.code = s.code and t.custom`),
  export: {
    from: sql`(select * from course_attribute where custom) t`,
    columns: {
      code: out('t.code'),
      label: out('t.label'),
      card: out('t.card'),
      valueType: out('t.value_type'),
      maxLength: out('t.max_length'),
      softLockOnly: out('t.soft_lock_only'),
      sectionOverridable: out('t.section_overridable'),
    },
    orderBy: [byText('t.code')],
  },
};

const LOCKABLE = [
  'course_info',
  'grading_tasks_standards',
  'grade_calc_options',
  'composite_grades',
  'composite_weights',
  'categories',
  'assessments',
] as const;

const cmCatalogLocks: BundleFile = {
  name: 'cmCatalogLocks',
  columns: extensionColumns(
    must('catalog', cells.catalogName),
    must('dataType', cells.oneOf(LOCKABLE, 'data_type')),
    may('attribute', cells.id),
    must('mode', cells.oneOf(['unlocked', 'soft', 'hard'], 'lock_mode')),
  ),
  key: ['catalog', 'dataType', 'attribute'],
  references: [
    { column: 'catalog', to: CATALOG },
    { column: 'attribute', to: ATTRIBUTE },
  ],
  checks: [
    {
      column: 'attribute',
      bad: sql`(s."dataType" = 'course_info') <> (s.attribute is not null)`,
      expected: 'an attribute code for `course_info` and an empty cell for any other type',
    },
    {
      column: 'mode',
      join: sql`left join course_attribute a on a.code = s.attribute
        left join "stage_cmAttributes" n on n.code = s.attribute and not n.removed`,
      bad: sql`s.mode = 'hard' and coalesce(n."softLockOnly", a.soft_lock_only)`,
      expected: '`soft` or `unlocked`: this attribute has no hard lock',
    },
  ],
  writes: [
    {
      table: 'catalog_attribute_lock',
      mode: 'upsert',
      from: sql`${stage('cmCatalogLocks')} s join course_catalog k on k.name = s.catalog`,
      where: sql`s."dataType" = 'course_info'`,
      key: { catalog_id: sql`k.id`, attribute_code: staged('attribute') },
      values: { mode: cell('mode') },
    },
    {
      table: 'catalog_type_lock',
      mode: 'upsert',
      from: sql`${stage('cmCatalogLocks')} s join course_catalog k on k.name = s.catalog`,
      where: sql`s."dataType" <> 'course_info'`,
      key: { catalog_id: sql`k.id`, data_type: staged('dataType') },
      values: { mode: cell('mode') },
    },
  ],
  removals: (rows) => [
    sql`with a as (delete from catalog_attribute_lock t using "stage_cmCatalogLocks" s, course_catalog k
        where ${rows} and k.name = s.catalog and t.catalog_id = k.id and s."dataType" = 'course_info'
          and t.attribute_code = s.attribute returning 1),
      b as (delete from catalog_type_lock t using "stage_cmCatalogLocks" s, course_catalog k
        where ${rows} and k.name = s.catalog and t.catalog_id = k.id and t.data_type = s."dataType"
        returning 1)
      select 1 from a union all select 1 from b`,
  ],
  export: {
    from: sql`(
      select k.name, 'course_info'::data_type as data_type, l.attribute_code, l.mode
      from catalog_attribute_lock l join course_catalog k on k.id = l.catalog_id
      union all
      select k.name, l.data_type, null, l.mode
      from catalog_type_lock l join course_catalog k on k.id = l.catalog_id) t`,
    columns: {
      catalog: out('t.name'),
      dataType: out('t.data_type'),
      attribute: out('t.attribute_code'),
      mode: out('t.mode'),
    },
    orderBy: [byText('t.name'), sql`t.data_type`, byText('t.attribute_code')],
  },
};

const cmMasters: BundleFile = {
  name: 'cmMasters',
  columns: extensionColumns(
    must('catalog', cells.catalogName),
    must('number', cells.name(250)),
    must('name', cells.name(255)),
    may('crossSite', cells.boolean),
  ),
  key: ['catalog', 'number'],
  open: 'attr:',
  references: [{ column: 'catalog', to: CATALOG }],
  checks: ATTRIBUTE_CHECKS,
  writes: [
    {
      table: 'course_master',
      mode: 'upsert',
      from: sql`${stage('cmMasters')} s join course_catalog k on k.name = s.catalog`,
      key: { catalog_id: sql`k.id`, number: staged('number') },
      values: { name: cell('name'), cross_site_enabled: cell('crossSite', false) },
      bags: { attrs: ATTRIBUTES },
    },
  ],
  removals: (rows) => [
    sql`delete from course_master t using "stage_cmMasters" s, course_catalog k
      where ${rows} and k.name = s.catalog and t.catalog_id = k.id and t.number = s.number`,
  ],
  export: {
    from: sql`course_master t join course_catalog k on k.id = t.catalog_id`,
    columns: {
      catalog: out('k.name'),
      number: out('t.number'),
      name: out('t.name'),
      crossSite: out('t.cross_site_enabled'),
    },
    orderBy: [byText('k.name'), byText('t.number')],
    open: attributeColumns('course_master', 'attrs'),
  },
};

/** Catalogs, the attributes they lock, and their masters. */
export const CATALOGS: readonly BundleFile[] = [
  cmCatalogs,
  cmCatalogSchools,
  cmAttributes,
  cmCatalogLocks,
  cmMasters,
];
