import { type District } from './district.ts';
import { TESTS } from './catalogs.ts';
import { type BundleFile, type Cell } from './files.ts';
import { ownerOf } from './masters.ts';
import { type Link, type Setup } from './model.ts';

type Level = 'master' | 'course' | 'section';
interface Owner {
  level: Level;
  owner: string;
  setup: Setup;
  links: readonly Link[];
}

function ownersOf({ masters, courses }: District): Owner[] {
  return [
    ...masters.map((master): Owner => ({
      level: 'master',
      owner: ownerOf(master),
      setup: master.setup,
      links: [],
    })),
    ...courses.map(({ id, setup, links }): Owner => ({ level: 'course', owner: id, setup, links })),
    ...courses.flatMap(({ sections }) =>
      sections.map(({ id, setup, links }): Owner => ({
        level: 'section',
        owner: id,
        setup,
        links,
      })),
    ),
  ];
}

/** The grading setup of masters, courses and sections, and the links between them. */
export function setupFiles(district: District): BundleFile[] {
  const owners = ownersOf(district);
  const rowsOf = (rows: (owner: Owner) => Cell[][]): Cell[][] =>
    owners.flatMap((owner) => rows(owner).map((cells) => [owner.level, owner.owner, ...cells]));
  return [
    {
      name: 'cmAlignments',
      columns: [
        ...['level', 'owner', 'gradable', 'scoreGroup', 'credit', 'creditType', 'termGpaWeight'],
        ...['creditOverflowOverride', 'terms', 'postOnly', 'showOnPortal', 'seq'],
      ],
      rows: rowsOf(alignments),
    },
    {
      name: 'cmCalcOptions',
      columns: [
        ...['level', 'owner', 'gradable', 'term', 'calcType', 'gradingScale', 'weightCategories'],
        ...['useScorePercent', 'limitLastN', 'cumulativeFromTerm', 'proficiencyMethod', 'readOnly'],
      ],
      rows: rowsOf(calcOptions),
    },
    {
      name: 'cmComposites',
      columns: [
        'level',
        'owner',
        'parentGradable',
        'parentTerm',
        'childGradable',
        'childTerm',
        'weight',
      ],
      rows: rowsOf(composites),
    },
    categories(owners),
    {
      name: 'cmAssessments',
      columns: ['level', 'owner', 'test', 'testName', 'teacherScored', 'standard', 'copiesForward'],
      rows: rowsOf(assessments),
    },
    {
      name: 'cmLinks',
      columns: ['level', 'owner', 'dataType', 'itemKey', 'state', 'base', 'reason'],
      rows: rowsOf(links),
    },
  ];
}

function alignments({ setup }: Owner): Cell[][] {
  return setup.alignments.map((row) => [
    ...[row.gradable, row.scoreGroup, row.credit, row.creditType, row.termGpaWeight],
    ...[row.creditOverflowOverride, row.terms, row.postOnly, row.showOnPortal, row.seq],
  ]);
}

function calcOptions({ setup }: Owner): Cell[][] {
  return setup.calcOptions.map((row) => [
    ...[
      row.gradable,
      row.term,
      row.calcType,
      row.gradingScale,
      row.weightCategories,
      row.useScorePercent,
    ],
    ...[row.limitLastN, row.cumulativeFromTerm, row.proficiencyMethod, row.readOnly],
  ]);
}

function composites({ setup }: Owner): Cell[][] {
  return setup.composites.flatMap(({ parentGradable, parentTerm, children }) =>
    children.map(({ gradable, term, weight }) => [
      parentGradable,
      parentTerm,
      gradable,
      term,
      weight,
    ]),
  );
}

function categories(owners: readonly Owner[]): BundleFile {
  return {
    name: 'cmCategories',
    columns: [
      ...['category', 'level', 'owner', 'name', 'weight', 'seq', 'excludeFromCalc', 'dropLowest'],
      ...['defaultPoints', 'gradables'],
    ],
    rows: owners.flatMap(({ level, owner, setup }) =>
      setup.categories.map((row) => [
        ...[
          row.id,
          level,
          owner,
          row.name,
          row.weight,
          row.seq,
          row.excludeFromCalc,
          row.dropLowest,
        ],
        ...[row.defaultPoints, row.gradables],
      ]),
    ),
  };
}

function assessments({ setup }: Owner): Cell[][] {
  return setup.assessments.map(({ test, standard, copiesForward }) => {
    const about = TESTS[test];
    return [test, about?.name ?? null, about?.teacherScored ?? null, standard, copiesForward];
  });
}

function links({ links: rows }: Owner): Cell[][] {
  return rows.map(({ dataType, itemKey, state, base, reason }) => [
    ...[dataType, itemKey, state, JSON.stringify(base), reason],
  ]);
}
