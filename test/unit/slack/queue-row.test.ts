import { describe, expect, it } from '@jest/globals';
import { pushedData } from '../../../src/slack/queue/row.ts';

describe('Given a run of the queue list', () => {
  it('names what it pushes alphabetically, with Cross-Site Data where the option is on (X10)', () => {
    const dataTypes = ['grading_tasks_standards', 'categories'] as const;
    expect(pushedData({ dataTypes, crossSite: false })).toBe('Categories, Grading Tasks/Standards');
    expect(pushedData({ dataTypes, crossSite: true })).toBe(
      'Categories, Cross-Site Data, Grading Tasks/Standards',
    );
  });
});
