import { type KnownBlock, type ModalView, type PlainTextOption } from '@slack/types';
import { z } from 'zod';

import { type CourseChoice, type PlanChange } from '../../domain/approval.ts';
import { type Person } from '../../domain/ports.ts';
import { DATA_TYPE_LABELS, DATA_TYPES, FORM_DATA_TYPES } from '../../domain/push-options.ts';
import { type RunView } from '../../domain/push-run.ts';
import { holds } from '../../domain/rights.ts';
import { choice, namedChoices, note, plainText } from '../form/fields.ts';
import { LIMITS } from '../limits.ts';
import { calendarsOf, subject } from '../messages/run-words.ts';

/** callback_id of "Change and plan again". */
export const CHANGE = 'plan_change_form';

/** action_ids, which are the block_ids as well; the searched ones carry the run. */
export const CHANGE_FIELD = {
  types: 'change_types',
  options: 'change_options',
  calendars: 'change_calendars',
  calendarsOut: 'change_calendars_out',
  courses: 'change_courses',
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

export interface ChangeModel {
  readonly run: RunView;
  readonly person: Person;
  readonly change: PlanChange;
  /** The courses left out now, by name. */
  readonly leftOut: readonly CourseChoice[];
}

/** "Change and plan again": untick kinds of data, options, calendars and courses (G22). Pure. */
export function changeView({ run, person, change, leftOut }: ChangeModel): ModalView {
  return {
    type: 'modal',
    callback_id: CHANGE,
    title: plainText('Change and plan again'),
    submit: plainText('Plan again'),
    close: plainText('Back'),
    private_metadata: JSON.stringify({ runId: run.id }),
    blocks: [
      note(
        `Push ${run.id}: ${subject(run)}, ${calendarsOf(run)}. The new plan takes the place of this one.`,
      ),
      typesField(change),
      ...optionsField(person, change),
      calendarsField(run),
      coursesField(run, leftOut),
    ],
  };
}

function typesField(change: PlanChange): KnownBlock {
  const options = FORM_DATA_TYPES.map((type) => choice(type, DATA_TYPE_LABELS[type]));
  const ticked = options.filter(({ value }) => change.dataTypes.some((type) => type === value));
  return {
    type: 'input',
    block_id: CHANGE_FIELD.types,
    label: plainText('Data to be pushed'),
    element: {
      type: 'checkboxes',
      action_id: CHANGE_FIELD.types,
      options,
      ...(ticked.length === 0 ? {} : { initial_options: ticked }),
    },
  };
}

function optionsField({ rights }: Person, change: PlanChange): KnownBlock[] {
  const sections = choice('sections', 'Push locked data to sections');
  const crossSite = choice('cross_site', 'Push Cross-Site data to courses and sections');
  const options = [
    ...(holds(rights, 'course_information.push_to_sections', 'read') ? [sections] : []),
    ...(holds(rights, 'cross_site_enrollment_setup', 'write') ? [crossSite] : []),
  ];
  if (options.length === 0) return [];
  const ticked = options.filter((option) =>
    option === sections ? change.toSections : change.crossSite,
  );
  return [
    {
      type: 'input',
      block_id: CHANGE_FIELD.options,
      optional: true,
      label: plainText('Option'),
      element: {
        type: 'checkboxes',
        action_id: CHANGE_FIELD.options,
        options,
        ...(ticked.length === 0 ? {} : { initial_options: ticked }),
      },
    },
  ];
}

/** Up to 100 calendars are unticked in a list; of more, those to leave out are searched. */
function calendarsField(run: RunView): KnownBlock {
  const isList = run.calendars.length <= LIMITS.options;
  const options = isList ? calendarOptions(run.calendars) : [];
  return isList
    ? {
        type: 'input',
        block_id: CHANGE_FIELD.calendars,
        label: plainText('Calendars to push'),
        element: {
          type: 'multi_static_select',
          action_id: CHANGE_FIELD.calendars,
          options,
          initial_options: options,
        },
      }
    : {
        type: 'input',
        block_id: searchBlock(CHANGE_FIELD.calendarsOut, run.id),
        optional: true,
        label: plainText('Calendars to leave out'),
        element: {
          type: 'multi_external_select',
          action_id: CHANGE_FIELD.calendarsOut,
          min_query_length: 0,
          placeholder: plainText('Search by name'),
        },
      };
}

function coursesField(run: RunView, leftOut: readonly CourseChoice[]): KnownBlock {
  const initial = courseOptions(leftOut.slice(0, LIMITS.options));
  return {
    type: 'input',
    block_id: searchBlock(CHANGE_FIELD.courses, run.id),
    optional: true,
    label: plainText('Courses to leave out'),
    hint: plainText('They and their sections stay as they are in this push.'),
    element: {
      type: 'multi_external_select',
      action_id: CHANGE_FIELD.courses,
      min_query_length: 0,
      placeholder: plainText('Search by number, name or calendar'),
      ...(initial.length === 0 ? {} : { initial_options: initial }),
    },
  };
}

/** Calendars of a run as options. */
export function calendarOptions(
  calendars: readonly { readonly calendarId: number; readonly name: string }[],
): PlainTextOption[] {
  return namedChoices(calendars.map(({ calendarId: id, name }) => ({ id, name })));
}

/** Courses as options, each with its calendar. */
export function courseOptions(courses: readonly CourseChoice[]): PlainTextOption[] {
  return namedChoices(
    courses.map(({ id, number, name, calendar }) => ({
      id,
      name: `${number} ${name}`,
      description: calendar,
    })),
  );
}

const option = z.looseObject({ value: z.string() });
const field = z.looseObject({ selected_options: z.array(option).nullish() });
const values = z.record(z.string(), z.record(z.string(), field));
const types = z.array(z.enum(DATA_TYPES));
const ids = z.array(
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
);

/** Reads the submitted form. @throws ZodError when the payload is none of Slack's */
export function readChange(run: RunView, stateValues: unknown): PlanChange {
  const chosen = new Map<string, string[]>();
  for (const actions of Object.values(values.parse(stateValues)))
    for (const [action, { selected_options: options }] of Object.entries(actions))
      chosen.set(
        action,
        (options ?? []).map(({ value }) => value),
      );
  const many = (action: string): string[] => chosen.get(action) ?? [];
  const options = many(CHANGE_FIELD.options);
  const out = new Set(ids.parse(many(CHANGE_FIELD.calendarsOut)));
  const calendarIds = chosen.has(CHANGE_FIELD.calendars)
    ? ids.parse(many(CHANGE_FIELD.calendars))
    : run.calendars.map(({ calendarId }) => calendarId).filter((id) => !out.has(id));
  return {
    dataTypes: types.parse(many(CHANGE_FIELD.types)),
    toSections: options.includes('sections'),
    crossSite: options.includes('cross_site'),
    calendarIds,
    leftOutCourses: ids.parse(many(CHANGE_FIELD.courses)),
  };
}
