import { sql } from 'kysely';
import {
  type BundleFile,
  byText,
  cell,
  extensionColumns,
  from,
  KEPT,
  kept,
  may,
  must,
  oneRosterColumns,
  out,
  outKept,
  stage,
  staged,
} from '../bundle-file.ts';
import * as cells from '../cell-types.ts';
import { ORG, SCHOOL } from '../domains.ts';

const ORG_TYPES = ['department', 'school', 'district', 'local', 'state', 'national'] as const;
const orgColumns = oneRosterColumns(
  must('name', cells.text(500)),
  must('type', cells.oneOf(ORG_TYPES)),
  ...kept('identifier', 'parentSourcedId'),
);

/** The district named by cmDistrict, else the first one in the file: a database holds one. */
const isTheDistrict = sql`s.type = 'district' and s."sourcedId" = coalesce(
  (select source_id from district),
  (select d."orgSourcedId" from "stage_cmDistrict" d where not d.removed order by d.line limit 1),
  (select o."sourcedId" from stage_orgs o where o.type = 'district' and not o.removed
    order by o.line limit 1))`;

const keptOrg = sql`s.source || jsonb_strip_nulls(jsonb_build_object('name', s.name, 'type', s.type))`;
const isNoDistrictOfOurs = sql`s.type <> 'school'
  and not exists (select 1 from district d where d.source_id = s."sourcedId")`;

const orgs: BundleFile = {
  name: 'orgs',
  columns: orgColumns,
  key: ['sourcedId'],
  open: 'metadata.',
  writes: [
    {
      table: 'district',
      mode: 'upsert',
      from: sql`${stage('orgs')} s`,
      where: isTheDistrict,
      key: { id: sql`1` },
      values: { source_id: cell('sourcedId'), name: cell('name') },
      bags: { source: KEPT },
    },
    {
      table: 'school',
      mode: 'upsert',
      from: sql`${stage('orgs')} s`,
      where: sql`s.type = 'school'`,
      key: { source_id: staged('sourcedId') },
      values: { name: cell('name') },
      bags: { source: KEPT },
    },
    {
      table: 'source_row',
      mode: 'upsert',
      from: sql`${stage('orgs')} s`,
      where: isNoDistrictOfOurs,
      key: { file: sql`'orgs'`, source_id: staged('sourcedId') },
      values: { body: from(['sourcedId'], keptOrg) },
    },
  ],
  checksAfter: [
    {
      column: 'sourcedId',
      ofRemoved: true,
      bad: sql`exists (select 1 from district d where d.source_id = s."sourcedId")
        and exists (select 1 from school o where not exists (select 1 from stage_orgs x
          where x.removed and x."sourcedId" = o.source_id))`,
      expected: 'a district without schools',
    },
  ],
  removals: (rows) => [
    sql`with schools as (select t.id from school t join ${stage('orgs')} s
        on s."sourcedId" = t.source_id where ${rows}),
      calendars as (delete from calendar c using schools t where c.school_id = t.id
        and not exists (select 1 from course x where x.calendar_id = c.id)),
      gone as (delete from school t using schools x where t.id = x.id returning 1),
      others as (delete from source_row t using ${stage('orgs')} s where ${rows}
        and t.file = 'orgs' and t.source_id = s."sourcedId" returning 1)
      select 1 from gone union all select 1 from others`,
    sql`delete from district t using ${stage('orgs')} s where ${rows} and t.source_id = s."sourcedId"
      and not exists (select 1 from school)`,
  ],
  export: {
    from: sql`(
      select source_id, name, 'district' as type, source from district
      union all select source_id, name, 'school', source from school
      union all select source_id, body ->> 'name', body ->> 'type', body from source_row
      where file = 'orgs') t`,
    columns: {
      sourcedId: out('t.source_id'),
      status: sql`'active'`,
      name: out('t.name'),
      type: out('t.type'),
      ...outKept(orgColumns, 't.source'),
    },
    orderBy: [byText('t.source_id')],
    open: {
      prefix: 'metadata.',
      bag: sql.ref('t.source'),
      keys: sql`select distinct k as key from (select source from district
          union all select source from school
          union all select body from source_row where file = 'orgs') x,
        jsonb_object_keys(x.source) k where k like 'metadata.%'`,
    },
  },
};

const cmDistrict: BundleFile = {
  name: 'cmDistrict',
  columns: extensionColumns(
    may('orgSourcedId', cells.id),
    may('crossSiteParticipation', cells.oneOf(['disable', 'intra', 'inter', 'intra_inter'])),
    may('timeZone', cells.text(100)),
  ),
  key: ['orgSourcedId'],
  references: [{ column: 'orgSourcedId', to: ORG }],
  checks: [
    {
      column: 'timeZone',
      bad: sql`not exists (select 1 from pg_timezone_names z where z.name = s."timeZone")
        and s."timeZone" is not null`,
      expected: 'a time zone such as America/Chicago',
    },
    {
      column: 'orgSourcedId',
      bad: sql`s.line > (select min(line) from "stage_cmDistrict")`,
      expected: 'one district only',
    },
  ],
  writes: [
    {
      table: 'district',
      mode: 'update',
      from: sql`${stage('cmDistrict')} s`,
      key: { id: sql`1` },
      values: {
        cross_site_participation: cell('crossSiteParticipation', 'disable'),
        time_zone: cell('timeZone', 'America/Chicago'),
      },
    },
  ],
  removals: (rows) => [
    sql`update district set cross_site_participation = default, time_zone = default
      where exists (select 1 from "stage_cmDistrict" s where ${rows})
        and (cross_site_participation, time_zone) <> ('disable', 'America/Chicago')`,
  ],
  export: {
    from: sql`district t`,
    columns: {
      orgSourcedId: out('t.source_id'),
      crossSiteParticipation: out('t.cross_site_participation'),
      timeZone: out('t.time_zone'),
    },
    orderBy: [byText('t.source_id')],
  },
};

const cmSchools: BundleFile = {
  name: 'cmSchools',
  columns: extensionColumns(must('orgSourcedId', cells.id), may('crossSite', cells.boolean)),
  key: ['orgSourcedId'],
  references: [{ column: 'orgSourcedId', to: SCHOOL }],
  writes: [
    {
      table: 'school',
      mode: 'update',
      from: sql`${stage('cmSchools')} s`,
      key: { source_id: staged('orgSourcedId') },
      values: { cross_site_enabled: cell('crossSite', false) },
    },
  ],
  removals: (rows) => [
    sql`update school t set cross_site_enabled = false from "stage_cmSchools" s
      where ${rows} and t.source_id = s."orgSourcedId" and t.cross_site_enabled`,
  ],
  export: {
    from: sql`school t`,
    columns: { orgSourcedId: out('t.source_id'), crossSite: out('t.cross_site_enabled') },
    orderBy: [byText('t.source_id')],
  },
};

/** The district and its schools. */
export const PLACES: readonly BundleFile[] = [orgs, cmDistrict, cmSchools];
