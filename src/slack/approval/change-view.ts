import { type KnownBlock, type ModalView, type PlainTextOption } from '@slack/types';
import { z } from 'zod';

import { type CourseChoice, type NamedCalendar, type PlanChange } from '../../domain/approval.ts';
import { type Person } from '../../domain/ports.ts';
import { DATA_TYPE_LABELS, DATA_TYPES, FORM_DATA_TYPES } from '../../domain/push-options.ts';
import { type RunView } from '../../domain/push-run.ts';
import { holds } from '../../domain/rights.ts';
import { choice, namedChoices, note, plainText } from '../form/fields.ts';
import { LIMITS } from '../limits.ts';
import { calendarsOf, subject } from '../messages/run-words.ts';
import { CHANGE_FIELD, searchField, takeBackFields } from './change-search.ts';

/** callback_id of "Change and plan again". */
export const CHANGE = 'plan_change_form';

export interface ChangeModel {
  readonly run: RunView;
  readonly person: Person;
  readonly change: PlanChange;
  /** The calendars of the run and those it could push to, by name. */
  readonly calendars: readonly NamedCalendar[];
  /** The first courses that are left out now, by name; `change` has them all. */
  readonly leftOut: readonly CourseChoice[];
}

const metadata = z.object({
  runId: z.number().int(),
  /** Left-out courses and calendars that the form lists, so that unticking takes them back. */
  courses: z.array(z.number().int()),
  calendars: z.array(z.number().int()),
});
type ChangeMetadata = z.infer<typeof metadata>;

/** "Change and plan again": untick kinds of data, options, calendars and courses (G22). Pure. */
export function changeView(model: ChangeModel): ModalView {
  const { run, person, change } = model;
  const total = change.leftOutCourses.length;
  const courses = total > LIMITS.options ? [] : model.leftOut;
  const out = calendarsOut(model);
  const calendars = out.length > LIMITS.options ? [] : out;
  const listed: ChangeMetadata = {
    runId: run.id,
    courses: courses.map(({ id }) => id),
    calendars: calendars.map(({ calendarId }) => calendarId),
  };
  return {
    type: 'modal',
    callback_id: CHANGE,
    title: plainText('Change and plan again'),
    submit: plainText('Plan again'),
    close: plainText('Back'),
    private_metadata: JSON.stringify(listed),
    blocks: [
      note(
        `Push ${run.id}: ${subject(run)}, ${calendarsOf(run)}. The new plan takes the place of this one.`,
      ),
      typesField(change),
      ...optionsField(person, change),
      calendarsField(model, calendars),
      ...(out.length > LIMITS.options ? takeBackFields(run, 'calendars', out.length) : []),
      coursesField(run, courses),
      ...(total > LIMITS.options ? takeBackFields(run, 'courses', total) : []),
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

/** The calendars that a long list leaves out; a short one shows every calendar, ticked or not. */
function calendarsOut({ run, calendars }: ChangeModel): readonly NamedCalendar[] {
  if (calendars.length <= LIMITS.options || run.calendars.length <= LIMITS.options) return [];
  const pushed = new Set(run.calendars.map(({ calendarId }) => calendarId));
  return calendars.filter(({ calendarId }) => !pushed.has(calendarId));
}

/** Up to 100 calendars are ticked in a list; of more, those to push are searched, or those to leave out. */
function calendarsField(
  { run, calendars }: ChangeModel,
  listed: readonly NamedCalendar[],
): KnownBlock {
  if (calendars.length === 0) return note('There is no calendar of this year that you may modify.');
  if (calendars.length <= LIMITS.options) {
    const options = calendarOptions(calendars);
    const pushed = new Set(run.calendars.map(({ calendarId }) => String(calendarId)));
    const initial = options.filter(({ value }) => pushed.has(value ?? ''));
    return {
      type: 'input',
      block_id: CHANGE_FIELD.calendars,
      label: plainText('Calendars to push'),
      element: {
        type: 'multi_static_select',
        action_id: CHANGE_FIELD.calendars,
        options,
        ...(initial.length === 0 ? {} : { initial_options: initial }),
      },
    };
  }
  if (run.calendars.length <= LIMITS.options)
    return searchField(run, {
      field: CHANGE_FIELD.calendars,
      label: 'Calendars to push',
      placeholder: 'Search by name',
      initial: calendarOptions(run.calendars),
      optional: false,
    });
  return searchField(run, {
    field: CHANGE_FIELD.calendarsOut,
    label: 'Calendars to leave out',
    placeholder: 'Search by name',
    initial: calendarOptions(listed),
  });
}

function coursesField(run: RunView, listed: readonly CourseChoice[]): KnownBlock {
  return searchField(run, {
    field: CHANGE_FIELD.courses,
    label: 'Courses to leave out',
    placeholder: 'Search by number, name or calendar',
    initial: courseOptions(listed),
    hint: 'They and their sections stay as they are in this push.',
  });
}

/** Calendars as options. */
export function calendarOptions(calendars: readonly NamedCalendar[]): PlainTextOption[] {
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

/** What was sent, and what the run pushes and leaves out now. */
export interface SentChange {
  readonly change: PlanChange;
  /** The calendars of the run and those it could push to. */
  readonly calendars: readonly NamedCalendar[];
  readonly privateMetadata: string;
  readonly stateValues: unknown;
}

/**
 * Reads the submitted form. What is left out stays so unless it was unticked or taken back.
 * @throws ZodError when the payload is none of Slack's, SyntaxError when the metadata is none of ours
 */
export function readChange({
  change,
  calendars,
  privateMetadata,
  stateValues,
}: SentChange): PlanChange {
  const listed = metadata.parse(JSON.parse(privateMetadata));
  const chosen = new Map<string, string[]>();
  for (const actions of Object.values(values.parse(stateValues)))
    for (const [action, { selected_options: options }] of Object.entries(actions))
      chosen.set(
        action,
        (options ?? []).map(({ value }) => value),
      );
  const many = (action: string): string[] => chosen.get(action) ?? [];
  const idsOf = (action: string): number[] => ids.parse(many(action));
  const isTicked = (action: string): boolean => many(action).length > 0;
  const options = many(CHANGE_FIELD.options);
  const calendarsOut = new Set(idsOf(CHANGE_FIELD.calendarsOut));
  const calendarsBack = isTicked(CHANGE_FIELD.allCalendarsBack)
    ? calendars.map(({ calendarId }) => calendarId)
    : [...listed.calendars, ...idsOf(CHANGE_FIELD.calendarsBack)];
  const coursesBack = new Set(
    isTicked(CHANGE_FIELD.allCoursesBack)
      ? change.leftOutCourses
      : [...listed.courses, ...idsOf(CHANGE_FIELD.coursesBack)],
  );
  return {
    dataTypes: types.parse(many(CHANGE_FIELD.types)),
    toSections: options.includes('sections'),
    crossSite: options.includes('cross_site'),
    calendarIds: chosen.has(CHANGE_FIELD.calendars)
      ? idsOf(CHANGE_FIELD.calendars)
      : [...change.calendarIds, ...calendarsBack].filter((id) => !calendarsOut.has(id)),
    leftOutCourses: [
      ...change.leftOutCourses.filter((id) => !coursesBack.has(id)),
      ...idsOf(CHANGE_FIELD.courses),
    ],
  };
}
