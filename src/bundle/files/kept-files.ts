import { sql } from 'kysely';
import {
  type BundleFile,
  byText,
  type Column,
  from,
  kept,
  must,
  oneRosterColumns,
  out,
  outKept,
  stage,
  staged,
} from '../bundle-file.ts';
import * as cells from '../cell-types.ts';

/** OneRoster files that nothing here interprets: their rows are kept and exported as they came. */
function keptFile(name: string, ...columns: string[]): BundleFile {
  const all: readonly Column[] = oneRosterColumns(...kept(...columns));
  return {
    name,
    columns: all,
    key: ['sourcedId'],
    open: 'metadata.',
    writes: [
      {
        table: 'source_row',
        mode: 'upsert',
        from: sql`${stage(name)} s`,
        key: { file: sql`${sql.lit(name)}`, source_id: staged('sourcedId') },
        values: {},
        bags: { body: { value: sql`s.source`, keys: 'kept' } },
      },
    ],
    removals: (rows) => [
      sql`delete from source_row t using ${stage(name)} s where ${rows}
        and t.file = ${sql.lit(name)} and t.source_id = s."sourcedId"`,
    ],
    export: {
      from: sql`(select * from source_row where file = ${sql.lit(name)}) t`,
      columns: {
        sourcedId: out('t.source_id'),
        status: sql`'active'`,
        ...outKept(all, 't.body'),
      },
      orderBy: [byText('t.source_id')],
      open: {
        prefix: 'metadata.',
        bag: sql.ref('t.body'),
        keys: sql`select distinct k as key from source_row x, jsonb_object_keys(x.body) k
          where x.file = ${sql.lit(name)} and k like 'metadata.%'`,
      },
    },
  };
}

/** The manifest's properties, except which files there are: that the export says itself. */
export const MANIFEST: BundleFile = {
  name: 'manifest',
  columns: [must('propertyName', cells.id), ...kept('value')],
  key: ['propertyName'],
  checks: [
    {
      column: 'value',
      bad: sql`s."propertyName" = 'oneroster.version' and s.source ->> 'value' not in ('1.1', '1.2')`,
      expected: '`1.1` or `1.2` as the OneRoster version',
      value: sql`s.source ->> 'value'`,
    },
  ],
  writes: [
    {
      table: 'source_row',
      mode: 'upsert',
      from: sql`stage_manifest s`,
      where: sql`s."propertyName" not like 'file.%'`,
      key: { file: sql`'manifest'`, source_id: staged('propertyName') },
      values: { body: from(['value'], sql`s.source`) },
    },
  ],
  removals: () => [],
  export: null,
};

export const KEPT_FILES: readonly BundleFile[] = [
  keptFile('categories', 'title', 'weight'),
  keptFile(
    'scoreScales',
    ...['title', 'type', 'orgSourcedId', 'courseSourcedId', 'classSourcedId', 'scoreScaleValue'],
  ),
  keptFile('lineItemLearningObjectiveIds', 'lineItemSourcedId', 'source', 'learningObjectiveId'),
  keptFile('lineItemScoreScales', 'lineItemSourcedId', 'scoreScaleSourcedId'),
  keptFile(
    'resultLearningObjectiveIds',
    ...['resultSourcedId', 'score', 'textScore', 'source', 'learningObjectiveId'],
  ),
  keptFile('resultScoreScales', 'resultSourcedId', 'scoreScaleSourcedId'),
  keptFile(
    'resources',
    ...['vendorResourceId', 'title', 'roles', 'importance', 'vendorId', 'applicationId'],
  ),
  keptFile('classResources', 'title', 'classSourcedId', 'resourceSourcedId'),
  keptFile('courseResources', 'title', 'courseSourcedId', 'resourceSourcedId'),
];

/** OneRoster files about people, none of whose rows is looked at. */
export const NEVER_READ: readonly string[] = [
  'demographics',
  'roles',
  'userProfiles',
  'userResources',
];
