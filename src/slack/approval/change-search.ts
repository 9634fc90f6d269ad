import { type KnownBlock, type PlainTextOption } from '@slack/types';

import { type RunView } from '../../domain/push-run.ts';
import { choice, plainText } from '../form/fields.ts';
import { count, number } from '../wording.ts';

/** action_ids of the fields of "Change and plan again"; the block_ids as well, where a field does not search. */
export const CHANGE_FIELD = {
  types: 'change_types',
  options: 'change_options',
  calendars: 'change_calendars',
  calendarsOut: 'change_calendars_out',
  calendarsBack: 'change_calendars_back',
  allCalendarsBack: 'change_all_calendars_back',
  courses: 'change_courses',
  coursesBack: 'change_courses_back',
  allCoursesBack: 'change_all_courses_back',
} as const;

/** The block of a field that searches: it tells which run is meant. */
export function searchBlock(field: string, runId: number): string {
  return `${field}~${runId}`;
}

/** The run of a searching block; undefined for any other. */
export function runOfBlock(blockId: string): number | undefined {
  const runId = /^change_[a-z_]+~(\d{1,9})$/.exec(blockId)?.[1];
  return runId === undefined ? undefined : Number(runId);
}

/** A field that searches. */
export function searchField(
  run: RunView,
  search: {
    readonly field: string;
    readonly label: string;
    readonly placeholder: string;
    readonly initial?: PlainTextOption[];
    readonly hint?: string;
    readonly optional?: boolean;
  },
): KnownBlock {
  const { field, label, placeholder, initial = [], hint = '', optional = true } = search;
  return {
    type: 'input',
    block_id: searchBlock(field, run.id),
    optional,
    label: plainText(label),
    ...(hint === '' ? {} : { hint: plainText(hint) }),
    element: {
      type: 'multi_external_select',
      action_id: field,
      min_query_length: 0,
      placeholder: plainText(placeholder),
      ...(initial.length === 0 ? {} : { initial_options: initial }),
    },
  };
}

const TAKEN_BACK = {
  calendars: {
    ...{ field: CHANGE_FIELD.calendarsBack, all: CHANGE_FIELD.allCalendarsBack, noun: 'calendar' },
    ...{ label: 'Calendars to take back', placeholder: 'Search by name' },
  },
  courses: {
    ...{ field: CHANGE_FIELD.coursesBack, all: CHANGE_FIELD.allCoursesBack, noun: 'course' },
    ...{ label: 'Courses to take back', placeholder: 'Search by number, name or calendar' },
  },
} as const;

/** More of them left out than a list holds are searched for, or taken back all at once. */
export function takeBackFields(
  run: RunView,
  kind: keyof typeof TAKEN_BACK,
  total: number,
): KnownBlock[] {
  const { all, noun, ...search } = TAKEN_BACK[kind];
  return [
    searchField(run, { ...search, hint: `${count(total, noun)} are left out until now.` }),
    {
      type: 'input',
      block_id: all,
      optional: true,
      label: plainText('Or all of them'),
      element: {
        type: 'checkboxes',
        action_id: all,
        options: [choice('all', `Take all ${number(total)} ${kind} back`)],
      },
    },
  ];
}
