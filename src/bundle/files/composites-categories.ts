import { sql } from 'kysely';
import {
  type BundleFile,
  byText,
  cell,
  extensionColumns,
  from,
  may,
  must,
  out,
  outDecimal,
  outList,
  removeByKey,
  staged,
} from '../bundle-file.ts';
import * as cells from '../cell-types.ts';
import { GRADABLE, ownerReferences, OWNERS } from '../domains.ts';
import { byOwner, LEVEL, OWNER, ownerOut, rowsWithOwner, withOwner } from './owner-rows.ts';

const hasChild = sql`s."childGradable" is not null`;
const sameComposite = sql`t.scope_id = o.scope_id and t.parent_gradable_id = s."parentGradable"
  and t.parent_term_seq = s."parentTerm"`;

/** A composite all of whose children are gone is one row with empty child cells. */
const cmComposites: BundleFile = {
  name: 'cmComposites',
  columns: extensionColumns(
    LEVEL,
    OWNER,
    must('parentGradable', cells.listedId),
    must('parentTerm', cells.term),
    may('childGradable', cells.listedId),
    may('childTerm', cells.term),
    may('weight', cells.decimal(9, 4, { negative: false })),
  ),
  key: ['level', 'owner', 'parentGradable', 'parentTerm', 'childGradable', 'childTerm'],
  references: [
    ...ownerReferences(),
    { column: 'parentGradable', to: GRADABLE },
    { column: 'childGradable', to: GRADABLE },
  ],
  checks: [
    {
      column: 'childTerm',
      bad: sql`${hasChild} <> (s."childTerm" is not null)`,
      expected: 'a term together with its child, or neither',
    },
    {
      column: 'weight',
      bad: sql`${hasChild} <> (s.weight is not null)`,
      expected: 'a weight together with its child, or neither',
    },
  ],
  writes: [
    {
      table: 'composite',
      mode: 'upsert',
      from: sql`(select distinct on (level, owner, "parentGradable", "parentTerm") *
        from "stage_cmComposites" where not removed) s
        join ${OWNERS} o on o.level = s.level and o.owner = s.owner`,
      key: {
        scope_id: sql`o.scope_id`,
        parent_gradable_id: staged('parentGradable'),
        parent_term_seq: staged('parentTerm'),
      },
      values: {},
      counted: false,
    },
    {
      table: 'composite_child',
      mode: 'upsert',
      from: sql`${withOwner('cmComposites')} join composite t on ${sameComposite}`,
      where: hasChild,
      key: {
        composite_id: sql`t.id`,
        child_gradable_id: staged('childGradable'),
        child_term_seq: staged('childTerm'),
      },
      values: { weight: cell('weight') },
    },
  ],
  removals: (rows) => [
    sql`delete from composite_child x using ${withOwner('cmComposites')} join composite t on ${sameComposite}
      where ${rows} and x.composite_id = t.id and x.child_gradable_id = s."childGradable"
        and x.child_term_seq = s."childTerm"`,
    sql`delete from composite t using ${withOwner('cmComposites')} where ${rows} and ${sameComposite}
      and not exists (select 1 from composite_child x where x.composite_id = t.id)
      and not exists (select 1 from "stage_cmComposites" k where not k.removed
        and (k.level, k.owner, k."parentGradable", k."parentTerm")
          = (s.level, s.owner, s."parentGradable", s."parentTerm"))`,
  ],
  export: {
    from: sql`${rowsWithOwner('composite')} left join composite_child x on x.composite_id = t.id`,
    columns: {
      ...ownerOut,
      parentGradable: out('t.parent_gradable_id'),
      parentTerm: out('t.parent_term_seq'),
      childGradable: out('x.child_gradable_id'),
      childTerm: out('x.child_term_seq'),
      weight: outDecimal('x.weight'),
    },
    orderBy: [
      ...byOwner,
      byText('t.parent_gradable_id'),
      sql`t.parent_term_seq`,
      byText('x.child_gradable_id'),
      sql`x.child_term_seq`,
    ],
  },
};

const cmCategories: BundleFile = {
  name: 'cmCategories',
  columns: extensionColumns(
    must('category', cells.id),
    LEVEL,
    OWNER,
    must('name', cells.name(50)),
    may('weight', cells.decimal(9, 4)),
    may('seq', cells.position),
    may('excludeFromCalc', cells.boolean),
    may('dropLowest', cells.smallCount),
    may('defaultPoints', cells.decimal(9, 2)),
    may('gradables', cells.idList),
  ),
  key: ['category'],
  references: [...ownerReferences(), { column: 'gradables', to: GRADABLE, isList: true }],
  checksAfter: [
    {
      column: 'name',
      bad: sql`exists (select 1 from category c join category o using (scope_id, name)
        where c.source_id = s.category and o.id <> c.id)`,
      expected: 'a name that no other category of its owner has',
    },
  ],
  writes: [
    {
      table: 'category',
      mode: 'upsert',
      from: withOwner('cmCategories'),
      key: { source_id: staged('category') },
      values: {
        scope_id: from(['level', 'owner'], sql`o.scope_id`),
        name: cell('name'),
        weight: cell('weight', 0),
        seq: from(['seq'], sql`coalesce(s.seq, 0::smallint)`),
        exclude_from_calc: cell('excludeFromCalc', false),
        drop_lowest: from(['dropLowest'], sql`coalesce(s."dropLowest", 0::smallint)`),
        default_points: cell('defaultPoints'),
        gradable_ids: from(['gradables'], sql`coalesce(s.gradables, '{}')`),
      },
    },
  ],
  removals: removeByKey('cmCategories', 'category', sql`t.source_id = s.category`),
  export: {
    from: rowsWithOwner('category'),
    columns: {
      category: out('t.source_id'),
      ...ownerOut,
      name: out('t.name'),
      weight: outDecimal('t.weight'),
      seq: out('t.seq'),
      excludeFromCalc: out('t.exclude_from_calc'),
      dropLowest: out('t.drop_lowest'),
      defaultPoints: outDecimal('t.default_points'),
      gradables: outList('t.gradable_ids'),
    },
    orderBy: [byText('t.source_id')],
  },
};

/** How grades are put together from other grades, and the folders of assignments. */
export const COMPOSITES_AND_CATEGORIES: readonly BundleFile[] = [cmComposites, cmCategories];
