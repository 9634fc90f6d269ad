/** One thing that is wrong with a bundle, and where. */
export interface Problem {
  /** `courses.csv`; the folder or zip itself when no file is to blame. */
  readonly file: string;
  /** Line on which the row begins, 1 being the header; null when the whole file is meant. */
  readonly line: number | null;
  readonly column: string | null;
  /** The cell as it stands in the file; null for an empty or missing one. */
  readonly value: string | null;
  /** What was expected instead. */
  readonly expected: string;
}

/** How many problems a refusal lists; the rest are counted. */
export const MOST_LISTED = 1000;
const MOST_IN_MESSAGE = 20;
const LONGEST_VALUE = 200;

/** The problems found so far: the first 1,000 as they stand, the rest as a number. */
export class ProblemList {
  readonly listed: Problem[] = [];
  total = 0;

  add(problem: Problem): void {
    this.total += 1;
    if (this.listed.length >= MOST_LISTED) return;
    const value = problem.value;
    const short =
      value !== null && value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value;
    this.listed.push({ ...problem, value: short });
  }

  /** @throws BundleRefused when there is any problem. */
  refuseIfAny(): void {
    if (this.total > 0) throw new BundleRefused(this.listed, this.total);
  }
}

/** The bundle is faulty and nothing of it was written. `problems` are at most 1,000 of `total`. */
export class BundleRefused extends Error {
  override readonly name = 'BundleRefused';
  readonly problems: readonly Problem[];
  readonly total: number;

  constructor(problems: readonly Problem[], total: number, options?: ErrorOptions) {
    super(messageOf(problems, total), options);
    this.problems = problems;
    this.total = total;
  }
}

/** One problem as a line of text: `courses.csv line 3, title: empty; expected a name`. */
export function describeProblem(problem: Problem): string {
  const line = problem.line === null ? '' : ` line ${problem.line}`;
  const column = problem.column === null ? '' : `, ${problem.column}`;
  const value = problem.value === null ? 'empty' : JSON.stringify(problem.value);
  const found = problem.column === null && problem.value === null ? '' : ` ${value};`;
  return `${problem.file}${line}${column}:${found} expected ${problem.expected}`;
}

function messageOf(problems: readonly Problem[], total: number): string {
  const shown = problems
    .slice(0, MOST_IN_MESSAGE)
    .map((problem) => `  ${describeProblem(problem)}`);
  const more = total > shown.length ? [`  and ${total - shown.length} more`] : [];
  const count = total === 1 ? '1 problem' : `${total} problems`;
  return [`The bundle has ${count}, nothing was imported:`, ...shown, ...more].join('\n');
}
