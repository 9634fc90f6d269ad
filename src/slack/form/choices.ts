import { z } from 'zod';

import { DATA_TYPES, type DataType, PUSH_MODES, type PushMode } from '../../domain/push-options.ts';

/** action_ids of the form's fields. */
export const FIELD = {
  year: 'form_year',
  catalog: 'form_catalog',
  scope: 'form_scope',
  picks: 'form_calendars',
  mode: 'form_mode',
  reason: 'form_reason',
  options: 'form_options',
  types: 'form_types',
  when: 'form_when',
  at: 'form_at',
  notify: 'form_notify',
} as const;

/**
 * block_ids. What depends on the year or catalog carries their ids, so that Slack drops the value
 * when they change and keeps every other one (F14).
 */
export const block = {
  year: 'year',
  catalog: (yearId: number) => `catalog~${yearId}`,
  scope: (yearId: number, catalogId: number) => `scope~${yearId}~${catalogId}`,
  picks: (yearId: number, catalogId: number) => `picks~${yearId}~${catalogId}`,
  mode: 'mode',
  reason: 'reason',
  options: 'options',
  types: (catalogId: number | null) => `types~${catalogId ?? 0}`,
  when: 'when',
  at: 'at',
  notify: 'notify',
} as const;

/** What the person has chosen so far. Ids are as typed by the client: checked again at submit. */
export interface Choices {
  readonly yearId: number | null;
  readonly catalogId: number | null;
  /** Null while the calendars shown belong to another year or catalog, or to none. */
  readonly scope: 'all' | 'chosen' | null;
  readonly calendarIds: readonly number[];
  readonly mode: PushMode;
  readonly reason: string;
  readonly toSections: boolean;
  readonly crossSite: boolean;
  readonly dataTypes: readonly DataType[];
  readonly when: 'now' | 'batch';
  readonly at: Date | null;
  readonly notify: string | null;
}

export const NO_CHOICES: Choices = {
  yearId: null,
  catalogId: null,
  scope: null,
  calendarIds: [],
  mode: 'push_locked',
  reason: '',
  toSections: false,
  crossSite: false,
  dataTypes: DATA_TYPES,
  when: 'batch',
  at: null,
  notify: null,
};

const option = z.looseObject({ value: z.string() });
const fieldValue = z.looseObject({
  selected_option: option.nullish(),
  selected_options: z.array(option).nullish(),
  selected_date_time: z.number().int().nullish(),
  selected_conversation: z.string().nullish(),
  value: z.string().nullish(),
});
const formValues = z.record(z.string(), z.record(z.string(), fieldValue));
const modes = z.enum(PUSH_MODES);
const dataTypes = z.array(z.enum(DATA_TYPES));

type FieldValue = z.infer<typeof fieldValue>;

/**
 * Reads `view.state.values`. Values whose block belongs to another year are dropped. Calendars
 * picked under another catalog of the same year are kept; "All Calendars" of another catalog is not.
 * @throws ZodError when the payload is none of Slack's
 */
export function readChoices(values: unknown): Choices {
  const form = formReader(values);
  const options = form.many(FIELD.options);
  const place = placeChoices(form);
  return {
    ...place,
    ...calendarChoices(form, place),
    mode: modes.catch('push_locked').parse(form.one(FIELD.mode)),
    reason: form.text(FIELD.reason),
    toSections: options.includes('sections'),
    crossSite: options.includes('cross_site'),
    dataTypes: form.has(FIELD.types) ? dataTypes.parse(form.many(FIELD.types)) : DATA_TYPES,
    when: form.one(FIELD.when) === 'now' ? 'now' : 'batch',
    at: form.moment(FIELD.at),
    notify: form.conversation(FIELD.notify),
  };
}

/** The form's values by action_id, whatever block they stand in. */
interface FormReader {
  has(field: string): boolean;
  blockOf(field: string): string;
  one(field: string): string | undefined;
  many(field: string): string[];
  text(field: string): string;
  moment(field: string): Date | null;
  conversation(field: string): string | null;
}

function formReader(values: unknown): FormReader {
  const fields = new Map<string, { readonly blockId: string; readonly value: FieldValue }>();
  for (const [blockId, actions] of Object.entries(formValues.parse(values))) {
    for (const [actionId, value] of Object.entries(actions)) {
      fields.set(actionId, { blockId, value });
    }
  }
  const valueOf = (field: string): FieldValue => fields.get(field)?.value ?? {};
  return {
    has: (field) => fields.has(field),
    blockOf: (field) => fields.get(field)?.blockId ?? '',
    one: (field) => valueOf(field).selected_option?.value,
    many: (field) => (valueOf(field).selected_options ?? []).map(({ value }) => value),
    text: (field) => valueOf(field).value?.trim() ?? '',
    moment: (field) => {
      const seconds = valueOf(field).selected_date_time ?? null;
      return seconds === null ? null : new Date(seconds * 1000);
    },
    conversation: (field) => valueOf(field).selected_conversation ?? null,
  };
}

function placeChoices(form: FormReader): Pick<Choices, 'yearId' | 'catalogId'> {
  const yearId = idOf(form.one(FIELD.year));
  const isOfYear = yearId !== null && form.blockOf(FIELD.catalog) === block.catalog(yearId);
  return { yearId, catalogId: isOfYear ? idOf(form.one(FIELD.catalog)) : null };
}

function calendarChoices(
  form: FormReader,
  { yearId, catalogId }: Pick<Choices, 'yearId' | 'catalogId'>,
): Pick<Choices, 'scope' | 'calendarIds'> {
  const scopeBlock = form.blockOf(FIELD.scope);
  if (yearId === null || !scopeBlock.startsWith(`scope~${yearId}~`)) {
    return { scope: null, calendarIds: [] };
  }
  const scope = form.one(FIELD.scope) === 'chosen' ? 'chosen' : 'all';
  const calendarIds = form
    .many(FIELD.picks)
    .map(idOf)
    .filter((id) => id !== null);
  const isOfCatalog = catalogId !== null && scopeBlock === block.scope(yearId, catalogId);
  return { scope: isOfCatalog || scope === 'chosen' ? scope : null, calendarIds };
}

/** The year and catalog that a picks block asks calendars of; undefined for any other block. */
export function picksOf(
  blockId: string,
): { readonly yearId: number; readonly catalogId: number } | undefined {
  const [, yearId, catalogId] = /^picks~(\d{1,9})~(\d{1,9})$/.exec(blockId) ?? [];
  return yearId === undefined || catalogId === undefined
    ? undefined
    : { yearId: Number(yearId), catalogId: Number(catalogId) };
}

/** The year that a catalog block asks catalogs of; undefined for any other block. */
export function catalogBlockYear(blockId: string): number | undefined {
  const yearId = /^catalog~(\d{1,9})$/.exec(blockId)?.[1];
  return yearId === undefined ? undefined : Number(yearId);
}

function idOf(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : null;
}

const metadata = z.object({
  channelId: z.string().nullable(),
  zone: z.string(),
  /** The one course master to push (G03); absent for all of a catalog. */
  masterId: z.number().int().optional(),
});
export type FormMetadata = z.infer<typeof metadata>;

/** What the form carries along in private_metadata: no state that matters, only where it came from. */
export function writeMetadata(value: FormMetadata): string {
  return JSON.stringify(value);
}

/** @throws ZodError or SyntaxError when it was not written by writeMetadata */
export function readMetadata(text: string): FormMetadata {
  return metadata.parse(JSON.parse(text));
}
