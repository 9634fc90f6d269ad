import {
  type KnownBlock,
  type Option,
  type PlainTextOption,
  type RadioButtons,
} from '@slack/types';

import { type CatalogChoice, type LockMode } from '../../domain/ports.ts';
import { DATA_TYPE_LABELS, FORM_DATA_TYPES } from '../../domain/push-options.ts';
import { holds } from '../../domain/rights.ts';
import { distinctLabels, LIMITS } from '../limits.ts';
import { plainName } from '../wording.ts';
import { block, FIELD } from './choices.ts';
import { leftOutSentence } from './left-out.ts';
import { type FormModel } from './model.ts';
import { nextOffHours } from './off-hours.ts';

/** A plain_text object. */
export function plainText(text: string): { type: 'plain_text'; text: string } {
  return { type: 'plain_text', text };
}

/** An option of a select, checkbox or radio; `value` is ours, the texts may come from the database. */
export function choice(value: string, text: string, description?: string): PlainTextOption {
  return {
    text: plainText(plainName(text, LIMITS.optionText)),
    value,
    ...(description === undefined
      ? {}
      : { description: plainText(plainName(description, LIMITS.optionDescription)) }),
  };
}

/** Options named after database rows: cut in the middle and distinguishable (V9). */
export function namedChoices(
  rows: readonly { readonly id: number; readonly name: string; readonly description?: string }[],
): PlainTextOption[] {
  const labels = distinctLabels(
    rows.map(({ name }) => plainName(name, 1000)),
    LIMITS.optionText,
  );
  return rows.map((row, index) => choice(String(row.id), labels[index] ?? '', row.description));
}

/** 1. Year: filters the catalogs and bounds the calendars (G02). Null when there are none. */
export function yearField({ years, choices }: FormModel): KnownBlock {
  const options = namedChoices(
    years.slice(0, LIMITS.options).map(({ id, label }) => ({ id, name: label })),
  );
  if (options.length === 0) {
    return note('There is no school year yet. Import the district’s data first.');
  }
  return {
    type: 'input',
    block_id: block.year,
    dispatch_action: true,
    label: plainText('Year'),
    element: {
      type: 'static_select',
      action_id: FIELD.year,
      options,
      ...initialOption(options, choices.yearId),
    },
  };
}

/** 2. Course Catalog of that year: a list up to 100, a search above, a sentence when there is none (F19). */
export function catalogField({ years, catalogs, choices, master }: FormModel): KnownBlock[] {
  const year = years.find(({ id }) => id === choices.yearId);
  if (year === undefined) return [];
  if (catalogs.length === 0) {
    return [
      note(
        master === undefined
          ? `There is no course catalog for ${plainName(year.label)}. Choose another year.`
          : `No school uses ${plainName(master.catalog)} in ${plainName(year.label)}. Choose another year.`,
      ),
    ];
  }
  const few = catalogs.length <= LIMITS.options;
  const options = catalogOptions(
    few ? catalogs : catalogs.filter(({ id }) => id === choices.catalogId),
  );
  const element = few
    ? { type: 'static_select' as const, options }
    : { type: 'external_select' as const, min_query_length: 0 };
  return [
    {
      type: 'input',
      block_id: block.catalog(year.id),
      dispatch_action: true,
      label: plainText('Course Catalog'),
      hint: plainText(
        master === undefined
          ? 'All course masters of the catalog are pushed.'
          : 'The catalog of the course master.',
      ),
      element: {
        ...element,
        action_id: FIELD.catalog,
        placeholder: plainText('Choose a course catalog'),
        ...initialOption(options, choices.catalogId),
      },
    },
  ];
}

/** The catalogs as options, each with how much of it is locked. */
export function catalogOptions(catalogs: readonly CatalogChoice[]): PlainTextOption[] {
  return namedChoices(
    catalogs.map(({ id, name, locks }) => {
      const locked = FORM_DATA_TYPES.filter((type) => locks[type] !== 'unlocked').length;
      return {
        id,
        name,
        description: `Locks ${locked} of ${FORM_DATA_TYPES.length} kinds of data`,
      };
    }),
  );
}

/** 5. The two options; what the person has no right to is left out and named. */
export function optionsField({ person, choices, grantors }: FormModel): KnownBlock {
  const mayPushSections = holds(person.rights, 'course_information.push_to_sections', 'read');
  const mayPushCrossSite = holds(person.rights, 'cross_site_enrollment_setup', 'write');
  const sections = choice('sections', 'Push locked data to sections');
  const crossSite = choice('cross_site', 'Push Cross-Site data to courses and sections');
  const options = [
    ...(mayPushSections ? [sections] : []),
    ...(mayPushCrossSite ? [crossSite] : []),
  ];
  const missing = [
    ...(options.includes(sections) ? [] : ['Push to Sections (Read)']),
    ...(options.includes(crossSite) ? [] : ['Cross-Site Enrollment Setup (Write)']),
  ];
  const withheld = leftOutSentence(missing, grantors);
  if (options.length === 0) return note(withheld);
  const ticked = options.filter((option) =>
    option === sections ? choices.toSections : choices.crossSite,
  );
  return {
    type: 'input',
    block_id: block.options,
    optional: true,
    label: plainText('Option'),
    ...(missing.length === 0 ? {} : { hint: plainText(withheld) }),
    element: checkboxes(FIELD.options, options, ticked),
  };
}

const LOCK_NOTES: Readonly<Record<LockMode, string | undefined>> = {
  unlocked: 'Not locked in this catalog: nothing will be pushed.',
  soft: 'Soft lock: values that a course changed are kept.',
  hard: undefined,
};

/** 6. Data to be pushed: all seven ticked to begin with (G06); required, so Slack itself refuses none. */
export function typesField({ catalogs, choices }: FormModel): KnownBlock {
  const catalog = catalogs.find(({ id }) => id === choices.catalogId);
  const options = FORM_DATA_TYPES.map((type) =>
    choice(type, DATA_TYPE_LABELS[type], catalog && LOCK_NOTES[catalog.locks[type]]),
  );
  const ticked = options.filter((_, index) => {
    const type = FORM_DATA_TYPES[index];
    return type !== undefined && choices.dataTypes.includes(type);
  });
  return {
    type: 'input',
    block_id: block.types(choices.catalogId),
    label: plainText('Data to be pushed'),
    element: checkboxes(FIELD.types, options, ticked),
  };
}

/** 7. Run Now or Submit to Batch, with date and time. */
export function whenFields({ choices, metadata, now }: FormModel): KnownBlock[] {
  const options: [PlainTextOption, PlainTextOption] = [
    choice('now', 'Run Now', 'For a small push, or when school is not in session.'),
    choice('batch', 'Submit to Batch', 'Starts at the date and time below.'),
  ];
  const field: KnownBlock = {
    type: 'input',
    block_id: block.when,
    dispatch_action: true,
    label: plainText('When'),
    element: radio(FIELD.when, options, choices.when === 'now' ? 0 : 1),
  };
  if (choices.when === 'now') return [field];
  const at = choices.at ?? nextOffHours(now, metadata.zone);
  return [
    field,
    {
      type: 'input',
      block_id: block.at,
      label: plainText('Date and time'),
      hint: plainText(
        `In your Slack time zone, ${metadata.zone}. Large pushes are best run outside school hours; the next evening is suggested.`,
      ),
      element: {
        type: 'datetimepicker',
        action_id: FIELD.at,
        initial_date_time: Math.floor(at.getTime() / 1000),
      },
    },
  ];
}

/** 8. Where the thread lives. */
export function notifyField({ choices }: FormModel): KnownBlock {
  return {
    type: 'input',
    block_id: block.notify,
    optional: true,
    label: plainText('Post progress and result in'),
    hint: plainText('When empty: where you gave the command, or else a direct message to you.'),
    element: {
      type: 'conversations_select',
      action_id: FIELD.notify,
      default_to_current_conversation: true,
      filter: { exclude_external_shared_channels: true, exclude_bot_users: true },
      ...(choices.notify === null ? {} : { initial_conversation: choices.notify }),
    },
  };
}

/** A radio group with one option chosen. */
export function radio(
  actionId: string,
  options: readonly PlainTextOption[],
  chosen: number,
): RadioButtons {
  const initial = options[chosen];
  return {
    type: 'radio_buttons',
    action_id: actionId,
    options: [...options],
    ...(initial === undefined ? {} : { initial_option: initial }),
  };
}

/** A sentence in the form where a field cannot be. */
export function note(text: string): KnownBlock {
  return { type: 'section', text: plainText(text) };
}

/** An alert of at most 200 characters. */
export function alert(level: 'info' | 'warning' | 'error', text: string): KnownBlock {
  return { type: 'alert', level, text: plainText(plainName(text, LIMITS.alert)) };
}

function checkboxes(
  actionId: string,
  options: Option[],
  ticked: Option[],
): { type: 'checkboxes'; action_id: string; options: Option[]; initial_options?: Option[] } {
  return {
    type: 'checkboxes',
    action_id: actionId,
    options,
    ...(ticked.length === 0 ? {} : { initial_options: ticked }),
  };
}

function initialOption(
  options: readonly PlainTextOption[],
  id: number | null,
): { initial_option?: PlainTextOption } {
  const chosen = options.find(({ value }) => value === String(id));
  return chosen === undefined ? {} : { initial_option: chosen };
}
