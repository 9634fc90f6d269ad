/** `table` and `data_table` blocks. */
import { type DataTableBlock, type RichTextBlockElement, type TableBlock } from '@slack/types';
import { h } from './dom.ts';
import { renderRichText } from './rich-text.ts';
import { type Session } from './session.ts';

type Cell = TableBlock['rows'][number][number];
const DEFAULT_PAGE_SIZE = 5;

/** A table whose first row heads the columns. */
export function renderTable(block: TableBlock, session: Session): HTMLElement {
  const settings = block.column_settings ?? [];
  const cellNode = (cell: Cell, column: number, tag: 'th' | 'td'): HTMLElement => {
    const { align = 'left', is_wrapped: isWrapped = false } = settings[column] ?? {};
    return h(
      tag,
      { class: `align-${align}${isWrapped ? '' : ' no-wrap'}`, scope: tag === 'th' && 'col' },
      cellContent(cell, session),
    );
  };
  const [head = [], ...body] = block.rows;
  return h(
    'div',
    { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': 'Table' },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...head.map((cell, column) => cellNode(cell, column, 'th')))),
      h(
        'tbody',
        {},
        ...body.map((row) =>
          h('tr', {}, ...row.map((cell, column) => cellNode(cell, column, 'td'))),
        ),
      ),
    ),
  );
}

/** A table that the reader sorts by a column and pages through. */
export function renderDataTable(block: DataTableBlock, session: Session): HTMLElement {
  return new DataTable(block, session).node;
}

class DataTable {
  readonly node: HTMLElement;
  private readonly rows: readonly (readonly Cell[])[];
  private readonly head: readonly Cell[];
  private readonly pageSize: number;
  private readonly session: Session;
  private page = 0;
  private sort: { readonly column: number; readonly descending: boolean } | undefined;
  private readonly table = h('table');
  private readonly pager = h('div', { class: 'pager' });

  constructor(block: DataTableBlock, session: Session) {
    const [head = [], ...rows] = block.rows;
    this.head = head;
    this.rows = rows;
    this.session = session;
    this.pageSize = block.page_size ?? DEFAULT_PAGE_SIZE;
    this.node = h(
      'div',
      { class: 'data-table', role: 'group', 'aria-label': block.caption },
      h('div', { class: 'caption' }, block.caption),
      h('div', { class: 'table-scroll' }, this.table),
      this.pager,
    );
    this.draw();
  }

  private draw(): void {
    const from = this.page * this.pageSize;
    const shown = this.sorted().slice(from, from + this.pageSize);
    this.table.replaceChildren(
      h('thead', {}, h('tr', {}, ...this.head.map((cell, column) => this.headCell(cell, column)))),
      h(
        'tbody',
        {},
        ...shown.map((row) =>
          h(
            'tr',
            {},
            ...row.map((cell) =>
              h('td', { class: isNumber(cell) && 'align-right' }, cellContent(cell, this.session)),
            ),
          ),
        ),
      ),
    );
    this.drawPager(from, shown.length);
  }

  private headCell(cell: Cell, column: number): HTMLElement {
    const isSorted = this.sort?.column === column;
    const direction = this.sort?.descending === true ? 'descending' : 'ascending';
    const sortBy = (): void => {
      this.sort = { column, descending: isSorted && direction === 'ascending' };
      this.page = 0;
      this.draw();
      this.table.querySelectorAll('button')[column]?.focus();
    };
    const mark = direction === 'ascending' ? ' ↑' : ' ↓';
    return h(
      'th',
      { scope: 'col', 'aria-sort': isSorted ? direction : 'none' },
      h('button', { type: 'button', on: { click: sortBy } }, cellText(cell), isSorted && mark),
    );
  }

  private drawPager(from: number, count: number): void {
    const turn = (by: number): void => {
      this.page += by;
      this.draw();
    };
    const pageButton = (label: string, by: number, isThere: boolean): HTMLElement =>
      h(
        'button',
        {
          type: 'button',
          class: 'button',
          disabled: !isThere,
          on: {
            click: () => {
              turn(by);
            },
          },
        },
        label,
      );
    this.pager.replaceChildren(
      h(
        'span',
        {},
        `${Math.min(from + 1, this.rows.length)}–${from + count} of ${this.rows.length}`,
      ),
      pageButton('Previous', -1, from > 0),
      pageButton('Next', 1, from + count < this.rows.length),
    );
  }

  private sorted(): readonly (readonly Cell[])[] {
    const { sort } = this;
    if (sort === undefined) return this.rows;
    const cellOf = (row: readonly Cell[]): Cell | undefined => row[sort.column];
    const rows = this.rows.toSorted((a, b) => compareCells(cellOf(a), cellOf(b)));
    return sort.descending ? rows.reverse() : rows;
  }
}

function compareCells(a: Cell | undefined, b: Cell | undefined): number {
  if (a === undefined || b === undefined) return 0;
  if (a.type === 'raw_number' && b.type === 'raw_number') return a.value - b.value;
  return cellText(a).localeCompare(cellText(b));
}

function isNumber(cell: Cell): boolean {
  return cell.type === 'raw_number';
}

function cellText(cell: Cell): string {
  if (cell.type === 'raw_text') return cell.text;
  if (cell.type === 'raw_number') return cell.text;
  return cell.elements.map(partText).join('');
}

function partText(part: RichTextBlockElement): string {
  return part.elements
    .map((element) => {
      if (element.type === 'rich_text_section') return partText(element);
      return 'text' in element ? element.text : '';
    })
    .join('');
}

function cellContent(cell: Cell, session: Session): Node {
  return cell.type === 'rich_text'
    ? renderRichText(cell, session)
    : document.createTextNode(cellText(cell));
}
