export interface Column {
  readonly header: string;
  /** Width in a spreadsheet, in characters. */
  readonly width: number;
}

const columns = (...list: (readonly [header: string, width: number])[]): readonly Column[] =>
  list.map(([header, width]) => ({ header, width }));

/** "Data that could not be pushed" (domain.md 5.2): one line per item. */
export const PUSH_REPORT_COLUMNS = columns(
  ['Run', 8],
  ['Calendar', 28],
  ['Course Number', 16],
  ['Course Name', 30],
  ['Section', 10],
  ['Teacher', 14],
  ['Data Type', 24],
  ['Item', 32],
  ['Outcome', 28],
  ['Reason', 48],
  ['Field', 22],
  ['Course or Section Value', 26],
  ['Last Pushed Value', 26],
  ['Master Value', 26],
  ['Assignments', 13],
  ['Scores', 9],
  ['Grades', 9],
  ['Comments', 11],
  ['What To Do', 60],
);

/** Change log (5.3): one line per changed field. */
export const CHANGE_LOG_COLUMNS = columns(
  ['Run', 8],
  ['Calendar', 28],
  ['Course Number', 16],
  ['Course Name', 30],
  ['Section', 10],
  ['Data Type', 24],
  ['Item', 32],
  ['Outcome', 28],
  ['Field', 22],
  ['Before', 28],
  ['After', 28],
  ['Affects Calculated Grades', 26],
);

/** Plan (5.4): the change log with planned outcomes. */
export const PLAN_COLUMNS = CHANGE_LOG_COLUMNS;
