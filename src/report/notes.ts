import { type ItemDetail, itemDetail } from '../domain/item-detail.ts';
import { type ReportItem } from '../domain/report-item.ts';

/**
 * What a reader should know of an item beside its values: the sections that hold the student work
 * (M05), a moved weight total (C05), gradables left out (C06). Empty for most items. Counts other
 * than those of assignments are left out: so few can point at one student (T20).
 */
export function noteOf(item: ReportItem): string {
  const { sections = [], weightTotal, gradablesNotAligned } = itemDetail.parse(item.detail ?? {});
  return [
    ...sections.map(sectionNote),
    ...(weightTotal === undefined
      ? []
      : [`weight total of the section from ${weightTotal.before} to ${weightTotal.after}`]),
    ...(gradablesNotAligned === undefined
      ? []
      : [`not for ${gradablesNotAligned.join(', ')}: the course is not aligned to it`]),
  ].join('; ');
}

function sectionNote(work: NonNullable<ItemDetail['sections']>[number]): string {
  const kinds = (['scores', 'grades', 'comments'] as const).filter((kind) => work[kind] > 0);
  const assignments = `${work.assignments} assignment${work.assignments === 1 ? '' : 's'}`;
  return `section ${work.section}: ${[...(work.assignments > 0 ? [assignments] : []), ...kinds].join(', ')}`;
}
