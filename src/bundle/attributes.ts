import { sql } from 'kysely';
import { type Bag, type Check, type Export, type Sql } from './bundle-file.ts';

/** The registry as it will be: what the bundle brings in `cmAttributes` wins. */
const REGISTRY: Sql = sql`(
  select code, "valueType" as value_type, "maxLength" as max_length,
    coalesce("sectionOverridable", false) as section_overridable
  from "stage_cmAttributes" where not removed
  union all
  select code, value_type, max_length, section_overridable from course_attribute a
  where not exists (select 1 from "stage_cmAttributes" n where n.code = a.code))`;

function check(valueTypes: readonly string[], bad: Sql, expected: string): Check {
  return {
    column: 'attr',
    join: sql`cross join lateral jsonb_each_text(s.attrs) a join ${REGISTRY} r on r.code = a.key`,
    bad: sql`r.value_type = any(${sql.lit(`{${valueTypes.join(',')}}`)}) and ${bad}`,
    expected,
    value: sql`a.value`,
    columnOf: sql`'attr:' || a.key`,
  };
}

/** Attributes of masters, courses and sections must fit the registry's type and length. */
export const ATTRIBUTE_CHECKS: readonly Check[] = [
  check(['int'], sql`a.value !~ '^-?[0-9]{1,9}$'`, 'a whole number of at most 9 digits'),
  check(
    ['numeric'],
    sql`a.value !~ '^-?[0-9]{1,9}([.][0-9]{1,6})?$'`,
    'a number with at most 9 digits before and 6 after the point',
  ),
  check(['bool'], sql`a.value not in ('true', 'false')`, '`true` or `false`'),
  check(
    ['text', 'code'],
    sql`char_length(a.value) > r.max_length`,
    "text no longer than the attribute's maxLength",
  ),
];

/** Sections override only what the registry allows. */
export const OVERRIDE_CHECKS: readonly Check[] = [
  ...ATTRIBUTE_CHECKS,
  check(
    ['text', 'code', 'int', 'numeric', 'bool'],
    sql`not r.section_overridable`,
    'an empty cell: sections cannot override this attribute',
  ),
];

/** The staged `attr:` cells, typed as the registry says; empty ones are left out. */
export const ATTRIBUTES: Bag = {
  keys: 'attributes',
  value: sql`(select coalesce(jsonb_object_agg(a.key, case r.value_type
      when 'int' then to_jsonb(a.value::int)
      when 'numeric' then to_jsonb(trim_scale(a.value::numeric))
      when 'bool' then to_jsonb(a.value::boolean)
      else to_jsonb(a.value) end), '{}')
    from jsonb_each_text(s.attrs) a join course_attribute r on r.code = a.key)`,
};

/** One column per attribute that any row of the table uses. */
export function attributeColumns(table: string, bag: string): NonNullable<Export['open']> {
  return {
    prefix: 'attr:',
    bag: sql.ref(`t.${bag}`),
    keys: sql`select distinct 'attr:' || a.key as key from ${sql.table(table)} x, jsonb_each(x.${sql.ref(bag)}) a
      where jsonb_typeof(a.value) <> 'null'`,
  };
}
