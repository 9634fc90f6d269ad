import { describe, expect, it } from '@jest/globals';
import { readReportItems } from '../../../src/db/queries/report-items.ts';
import { type ReportItem } from '../../../src/domain/report-item.ts';
import { changeLogRows, pushReportRow } from '../../../src/report/rows.ts';
import { type PushWish } from '../../support/high-school.ts';
import { useWorld } from '../../support/world.ts';

const world = useWorld({ pushed: { toSections: true } });

async function reportItem(wish: PushWish, about: Partial<ReportItem>): Promise<ReportItem> {
  const { runId } = await world.push(wish);
  const items: ReportItem[] = [];
  await readReportItems(world.school.db, runId, (page) => {
    items.push(...page);
  });
  const found = items.filter((item) =>
    Object.entries(about).every(([field, value]) =>
      Object.entries(item).some(([key, has]) => key === field && has === value),
    ),
  );
  const [item] = found;
  if (item === undefined || found.length > 1) throw new Error(`${found.length} such items`);
  return item;
}

describe('Given items that need a word more than their values', () => {
  it('the line of a residual task names the sections with student work, with assignments counted (M05, M26)', async () => {
    await world.assign('2010/1', 'quarter', { comment: 'Late' });
    await world.post('2010/1', 'quarter:1');
    await world.remove('master 2010', 'task:quarter');
    const item = await reportItem(
      { types: ['grading_tasks_standards'] },
      { outcome: 'RETAINED_PROTECTED' },
    );
    expect(pushReportRow(item, { exactCounts: false })).toContain(
      '(present); section 1: 1 assignment, grades, comments',
    );
  });

  it('the line of a renamed category tells how the weight total of the section moved (C05)', async () => {
    await world.add('1010/1', 'cat:Projects', { weight: 40 });
    await world.add('master 1010', 'cat:Projects', { weight: 20 });
    const item = await reportItem(
      { types: ['categories'], toSections: true },
      { outcome: 'RENAMED_LOCAL' },
    );
    expect(pushReportRow(item, { exactCounts: false })).toContain(
      'Projects; weight total of the section from 140 to 160',
    );
    expect(changeLogRows(item).map((row) => row.slice(-4))).toEqual([
      ['Name', 'Projects', 'Projects (1)', 'N'],
      ['Note', '', 'weight total of the section from 140 to 160', 'N'],
    ]);
  });

  it('the change log notes the tasks a category does not apply to on a course without them (C06)', async () => {
    await world.add('master 1010', 'task:lab');
    await world.add('master 1010', 'cat:Projects', { gradable_ids: ['quarter', 'lab'] });
    const item = await reportItem({ types: ['categories'] }, { outcome: 'INSERTED' });
    expect(changeLogRows(item).at(-1)?.slice(-4)).toEqual([
      'Note',
      '',
      'not for lab: the course is not aligned to it',
      'N',
    ]);
  });
});
