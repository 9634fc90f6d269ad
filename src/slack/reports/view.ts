import { type KnownBlock, type ModalView } from '@slack/types';
import { z } from 'zod';

import { type CatalogChoice, type YearChoice } from '../../domain/ports.ts';
import { DATA_TYPE_LABELS, DATA_TYPES, FORM_DATA_TYPES } from '../../domain/push-options.ts';
import { SETUP_REPORT_NAMES, SETUP_REPORTS, type SetupReport } from '../../domain/setup-report.ts';
import { catalogOptions, choice, namedChoices, note, plainText } from '../form/fields.ts';
import { LIMITS } from '../limits.ts';
import { plainName } from '../wording.ts';

/** callback_id of the modal that asks what a report is about. */
export const REPORT = 'setup_report';

/** action_ids. */
export const REPORT_FIELD = {
  year: 'report_year',
  catalog: 'report_catalog',
  calendars: 'report_calendars',
  types: 'report_types',
  options: 'report_options',
} as const;

const REMOVALS = 'removals';
const LINKED = 'linked';

export interface ReportModel {
  readonly report: SetupReport;
  readonly years: readonly YearChoice[];
  readonly yearId: number | null;
  /** Of the year. */
  readonly catalogs: readonly CatalogChoice[];
}

/** What a report is about: year, catalog, calendars, kinds of data. Pure. */
export function reportView(model: ReportModel): ModalView {
  const { report, yearId, catalogs } = model;
  return {
    type: 'modal',
    callback_id: REPORT,
    title: plainText(TITLES[report]),
    ...(yearId === null ? {} : { submit: plainText('Make the report') }),
    close: plainText('Cancel'),
    private_metadata: JSON.stringify({ report } satisfies ReportMetadata),
    blocks: [
      note(WHAT[report]),
      ...yearField(model),
      ...(yearId === null ? [] : placeFields(catalogs, yearId)),
      ...(yearId === null || catalogs.length === 0 ? [] : [typesField(), ...optionField(report)]),
    ],
  };
}

/** A modal's title has 24 characters. */
const TITLES: Readonly<Record<SetupReport, string>> = {
  ...SETUP_REPORT_NAMES,
  'course-awaiting-push': 'Course Awaiting Push',
};

const HOW = 'It is worked out now and comes to you as files in a direct message.';

const WHAT: Readonly<Record<SetupReport, string>> = {
  residual: `Lists setup that courses and sections have and the level above does not, and the student work that keeps it. ${HOW}`,
  'awaiting-push': `Lists grading setup of the course masters that courses do not have yet, and why not. ${HOW}`,
  'course-awaiting-push': `Lists grading setup of courses that their sections do not have yet, and why not: courses of the catalog, and courses without a course master. ${HOW}`,
  audit: `Lists what makes courses differ from their course masters: desynced, course controlled, not linked. ${HOW}`,
};

function yearField({ years, yearId }: ReportModel): KnownBlock[] {
  const options = namedChoices(
    years.slice(0, LIMITS.options).map(({ id, label }) => ({ id, name: label })),
  );
  const chosen = options.find(({ value }) => value === String(yearId));
  if (options.length === 0) return [note('There is no school year yet.')];
  return [
    {
      type: 'input',
      block_id: 'report_year',
      dispatch_action: true,
      label: plainText('Year'),
      element: {
        type: 'static_select',
        action_id: REPORT_FIELD.year,
        options,
        ...(chosen === undefined ? {} : { initial_option: chosen }),
      },
    },
  ];
}

function placeFields(catalogs: readonly CatalogChoice[], yearId: number): KnownBlock[] {
  if (catalogs.length === 0) return [note('No school uses a course catalog in this year.')];
  const few = catalogs.length <= LIMITS.options;
  const options = few ? catalogOptions(catalogs) : [];
  const [only] = options.length === 1 ? options : [];
  return [
    {
      type: 'input',
      block_id: `catalog~${yearId}`,
      label: plainText('Course Catalog'),
      element: {
        ...(few
          ? { type: 'static_select' as const, options }
          : { type: 'external_select' as const, min_query_length: 0 }),
        action_id: REPORT_FIELD.catalog,
        placeholder: plainText('Choose a course catalog'),
        ...(only === undefined ? {} : { initial_option: only }),
      },
    },
    {
      type: 'input',
      block_id: `report_calendars~${yearId}`,
      optional: true,
      label: plainText('Calendars'),
      hint: plainText('When empty: every calendar of the year that you have a right on.'),
      element: {
        type: 'multi_external_select',
        min_query_length: 0,
        action_id: REPORT_FIELD.calendars,
        placeholder: plainText('Search by name'),
      },
    },
  ];
}

function typesField(): KnownBlock {
  const options = FORM_DATA_TYPES.map((type) => choice(type, DATA_TYPE_LABELS[type]));
  return {
    type: 'input',
    block_id: 'report_types',
    label: plainText('Kinds of data'),
    element: {
      type: 'checkboxes',
      action_id: REPORT_FIELD.types,
      options,
      initial_options: options,
    },
  };
}

const OPTIONS: Readonly<Partial<Record<SetupReport, readonly [value: string, words: string]>>> = {
  residual: [REMOVALS, 'List too what the next overwrite would remove'],
  audit: [LINKED, 'List too the courses that are linked'],
};

function optionField(report: SetupReport): KnownBlock[] {
  const option = OPTIONS[report];
  if (option === undefined) return [];
  return [
    {
      type: 'input',
      block_id: 'report_options',
      optional: true,
      label: plainText('Option'),
      element: {
        type: 'checkboxes',
        action_id: REPORT_FIELD.options,
        options: [choice(...option)],
      },
    },
  ];
}

const metadata = z.object({ report: z.enum(SETUP_REPORTS) });
type ReportMetadata = z.infer<typeof metadata>;

/** @throws ZodError or SyntaxError when it was not written by us */
export function readReportMetadata(text: string): SetupReport {
  return metadata.parse(JSON.parse(text)).report;
}

const option = z.looseObject({ value: z.string() });
const values = z.record(
  z.string(),
  z.record(
    z.string(),
    z.looseObject({
      selected_option: option.nullish(),
      selected_options: z.array(option).nullish(),
    }),
  ),
);
const types = z.array(z.enum(DATA_TYPES));

export interface ReportChoices {
  readonly yearId: number | null;
  readonly catalogId: number | null;
  readonly calendarIds: readonly number[];
  readonly dataTypes: z.infer<typeof types>;
  readonly withRemovals: boolean;
  readonly withLinked: boolean;
}

/** Reads `view.state.values`. @throws ZodError when the payload is none of Slack's */
export function readReportChoices(state: unknown): ReportChoices {
  const fields = new Map(
    Object.values(values.parse(state)).flatMap((actions) => Object.entries(actions)),
  );
  const one = (field: string): number | null => {
    const value = fields.get(field)?.selected_option?.value ?? '';
    return /^\d{1,9}$/.test(value) ? Number(value) : null;
  };
  const many = (field: string): string[] =>
    (fields.get(field)?.selected_options ?? []).map(({ value }) => value);
  return {
    yearId: one(REPORT_FIELD.year),
    catalogId: one(REPORT_FIELD.catalog),
    calendarIds: many(REPORT_FIELD.calendars)
      .filter((id) => /^\d{1,9}$/.test(id))
      .map(Number),
    dataTypes: types.parse(many(REPORT_FIELD.types)),
    withRemovals: many(REPORT_FIELD.options).includes(REMOVALS),
    withLinked: many(REPORT_FIELD.options).includes(LINKED),
  };
}

/** The calendars whose name holds every word typed, as options. */
export function calendarOptionsOf(
  calendars: readonly { readonly id: number; readonly name: string }[],
  typed: string,
): { readonly options: ReturnType<typeof namedChoices>; readonly total: number } {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = calendars.filter(({ name }) =>
    words.every((word) => plainName(name, 1000).toLowerCase().includes(word)),
  );
  return { options: namedChoices(found.slice(0, LIMITS.options)), total: found.length };
}
