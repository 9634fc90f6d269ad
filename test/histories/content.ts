import { groupBy } from './payloads.ts';
import { type Rows, without } from './rows.ts';

/** The district without the ids that rows got when they were inserted: those depend on the order. */
export function contentOf(rows: Rows): Record<string, unknown> {
  const children = groupBy(rows.composite_child, (child) => child.composite_id);
  const sources = new Map(rows.category.map((row) => [row.id, row.source_id]));
  const versions = new Map(rows.payload_version.map(({ id, payload }) => [id, payload]));
  const plain = (all: readonly { id: number }[]): unknown[] =>
    inOrder(all.map((row) => without(row, ['id'])));
  return {
    tasks: plain(rows.task_alignment),
    calculations: plain(rows.calc_option),
    composites: plain(
      rows.composite.map((row) => ({
        ...row,
        children: (children.get(row.id) ?? []).map((child) => without(child, ['composite_id'])),
      })),
    ),
    categories: plain(rows.category),
    assessments: plain(rows.assessment_alignment),
    courses: rows.course,
    sections: rows.section,
    links: inOrder(
      rows.sync_link.map(
        ({ scope_id, data_type, item_key, upstream_scope_id, state, ...link }) => ({
          ...{ scope_id, data_type, item_key, upstream_scope_id, state },
          row: data_type === 'categories' ? sources.get(link.row_id ?? 0) : link.row_id !== null,
          base: versions.get(link.version_id),
        }),
      ),
    ),
  };
}

function inOrder(values: readonly unknown[]): unknown[] {
  return values
    .map((value) => ({ value, text: JSON.stringify(value) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ value }) => value);
}
