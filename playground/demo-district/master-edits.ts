import { ELEMENTARY, HIGH, HONORS_LETTERS, MIDDLE, standardsOf, TASK, TEST } from './catalogs.ts';
import { alignment, calcOption, category, ownerOf } from './masters.ts';
import { emptySetup, type Master } from './model.ts';

type Edit = readonly [catalog: string, number: string, apply: (master: Master) => void];

/** The number that the master 6010 was given after its courses were pushed (A24). */
export const RENUMBERED = { catalog: HIGH, from: '6010', to: '6015' } as const;

/** A master made after the last push: its courses have never received anything. */
export const NEW_MASTER = { catalog: HIGH, number: '7090', name: 'Drone Aviation I' } as const;

/** Takes a task or standard off the master with everything that is calculated from it. */
function dropGradable(master: Master, gradable: string): void {
  const { setup } = master;
  setup.alignments = setup.alignments.filter((row) => row.gradable !== gradable);
  setup.calcOptions = setup.calcOptions.filter((row) => row.gradable !== gradable);
  setup.composites = setup.composites
    .filter((row) => row.parentGradable !== gradable)
    .map((row) => ({
      ...row,
      children: row.children.filter((child) => child.gradable !== gradable),
    }));
}

function addConduct({ setup }: Master): void {
  setup.alignments.push(alignment(TASK.conduct, [1, 2, 3, 4], { seq: 9 }));
  setup.calcOptions.push(...[1, 2, 3, 4].map((term) => calcOption(TASK.conduct, term)));
}

function dropFirstQuarter({ setup }: Master): void {
  for (const row of setup.alignments) if (row.gradable === TASK.quarter) row.terms = [2, 3, 4];
  setup.calcOptions = setup.calcOptions.filter(
    (row) => row.gradable !== TASK.quarter || row.term !== 1,
  );
  for (const composite of setup.composites) {
    composite.children = composite.children.filter(
      (child) => child.gradable !== TASK.quarter || child.term !== 1,
    );
  }
}

function reweigh({ setup }: Master): void {
  for (const { children } of setup.composites) {
    for (const child of children) child.weight = { 40: 45, 20: 10 }[child.weight] ?? child.weight;
  }
}

function addLabs(master: Master): void {
  for (const row of master.setup.categories) row.weight = row.name === 'Tests' ? 40 : 20;
  master.setup.categories.push(category(ownerOf(master), 'Labs', { weight: 20, seq: 3 }));
}

function swapNames({ setup }: Master): void {
  const swapped: Readonly<Record<string, string>> = { Tests: 'Projects', Projects: 'Tests' };
  for (const row of setup.categories) row.name = swapped[row.name] ?? row.name;
}

const HIGH_EDITS: readonly Edit[] = [
  [
    HIGH,
    '1010',
    ({ attributes }) => {
      attributes['state_code'] = 'LK1010A';
    },
  ],
  [
    HIGH,
    '1020',
    (master) => {
      master.name = 'English 10: World Voices';
    },
  ],
  [HIGH, '2010', addConduct],
  [
    HIGH,
    '2020',
    (master) => {
      dropGradable(master, TASK.exam);
    },
  ],
  [
    HIGH,
    '2030',
    ({ setup }) => {
      for (const row of setup.alignments) {
        if (row.gradable === TASK.quarter) row.scoreGroup = HONORS_LETTERS;
        if (row.gradable === TASK.semester) row.credit = 1;
      }
    },
  ],
  [HIGH, '2040', dropFirstQuarter],
  [HIGH, '3010', addLabs],
  [
    HIGH,
    '3020',
    ({ setup }) => {
      setup.categories = setup.categories.filter(({ name }) => name !== 'Projects');
    },
  ],
  [HIGH, '3030', reweigh],
  [
    HIGH,
    '3040',
    ({ setup }) => {
      setup.composites = setup.composites.filter((row) => row.parentGradable !== TASK.final);
      for (const row of setup.calcOptions)
        if (row.gradable === TASK.final) row.calcType = 'in_progress';
    },
  ],
  [
    HIGH,
    '3070',
    ({ attributes }) => {
      attributes['terms'] = 2;
    },
  ],
  [
    HIGH,
    '4010',
    ({ setup }) => {
      setup.assessments.push({ test: TEST.benchmark, standard: null, copiesForward: false });
    },
  ],
  [
    HIGH,
    '4020',
    ({ setup }) => {
      setup.assessments = [];
    },
  ],
  [
    HIGH,
    '4030',
    ({ setup }) => {
      for (const row of setup.calcOptions) if (row.gradable === TASK.quarter) row.limitLastN = 5;
    },
  ],
  [
    HIGH,
    '4040',
    (master) => {
      dropGradable(master, TASK.exam);
    },
  ],
  [
    HIGH,
    '5010',
    (master) => {
      master.crossSite = true;
    },
  ],
  [
    HIGH,
    '5020',
    (master) => {
      master.crossSite = false;
    },
  ],
  [
    HIGH,
    RENUMBERED.from,
    (master) => {
      master.number = RENUMBERED.to;
    },
  ],
  [HIGH, '6020', swapNames],
  [
    HIGH,
    '7010',
    ({ attributes }) => {
      attributes['state_code'] = null;
    },
  ],
  [
    HIGH,
    '7020',
    ({ setup }) => {
      setup.calcOptions.push(calcOption(TASK.conduct, 1));
    },
  ],
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((title): Edit => [
    HIGH,
    `80${title}0`,
    (master) => {
      dropGradable(master, TASK.exam);
    },
  ]),
];

const OTHER_EDITS: readonly Edit[] = [
  [MIDDLE, 'M110', addConduct],
  [
    MIDDLE,
    'M210',
    ({ setup }) => {
      for (const row of setup.assessments) row.copiesForward = false;
    },
  ],
  [
    MIDDLE,
    'M310',
    (master) => {
      const gradables = [TASK.quarter, TASK.lab];
      master.setup.categories.push(
        category(ownerOf(master), 'Lab notebooks', { seq: 3, gradables }),
      );
    },
  ],
  [
    ELEMENTARY,
    'E10',
    (master) => {
      dropGradable(master, standardsOf('Reading')[1] ?? '');
    },
  ],
  [
    ELEMENTARY,
    'E20',
    ({ setup }) => {
      for (const row of setup.calcOptions) row.proficiencyMethod = 'highest';
    },
  ],
  [
    ELEMENTARY,
    'E30',
    ({ setup }) => {
      const seq = setup.alignments.length;
      setup.alignments.push({ ...alignment(TASK.conduct, [2, 4]), seq });
    },
  ],
  [
    ELEMENTARY,
    'E40',
    ({ setup }) => {
      for (const row of setup.categories) row.weight = row.name === 'Checks' ? 60 : 40;
    },
  ],
];

/**
 * The masters as they are today: a few were changed since the last push, so that a push has something to bring.
 * Throws Error when an edit names a master that does not exist.
 */
export function editMasters(lastPushed: readonly Master[]): Master[] {
  const today = structuredClone(lastPushed) as Master[];
  for (const [catalog, number, apply] of [...HIGH_EDITS, ...OTHER_EDITS]) {
    const master = today.find((each) => each.catalog === catalog && each.number === number);
    if (!master) throw new Error(`The demo district has no course master ${catalog}/${number}.`);
    apply(master);
  }
  const model = lastPushed.find(({ catalog, number }) => catalog === HIGH && number === '7030');
  if (model) today.push(newMasterLike(model));
  return today;
}

function newMasterLike(model: Master): Master {
  const fresh: Master = { ...structuredClone(model), ...NEW_MASTER, setup: emptySetup() };
  const { alignments, calcOptions, composites, assessments } = structuredClone(model.setup);
  fresh.attributes['state_code'] = `LK${NEW_MASTER.number}`;
  fresh.setup = {
    alignments,
    calcOptions,
    composites,
    assessments,
    categories: ['Flight logs', 'Tests'].map((name, seq) =>
      category(ownerOf(fresh), name, { weight: 50, seq }),
    ),
  };
  return fresh;
}
