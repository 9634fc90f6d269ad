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
 * Reads `view.state.values`. Values whose block belongs to another year are dropped; calendars
 * picked under another catalog of the same year are kept, but `scope` is then null.
 * @throws ZodError when the payload is none of Slack's
 */
export function readChoices(values: unknown): Choices {
  const fields = new Map<string, { readonly blockId: string; readonly value: FieldValue }>();
  for (const [blockId, actions] of Object.entries(formValues.parse(values))) {
    for (const [actionId, value] of Object.entries(actions)) {
      fields.set(actionId, { blockId, value });
    }
  }
  const one = (field: string): string | undefined =>
    fields.get(field)?.value.selected_option?.value;
  const many = (field: string): string[] =>
    (fields.get(field)?.value.selected_options ?? []).map(({ value }) => value);
  const blockOf = (field: string): string => fields.get(field)?.blockId ?? '';

  const yearId = idOf(one(FIELD.year));
  const catalogId =
    yearId !== null && blockOf(FIELD.catalog) === block.catalog(yearId)
      ? idOf(one(FIELD.catalog))
      : null;
  const options = many(FIELD.options);
  const at = fields.get(FIELD.at)?.value.selected_date_time;
  return {
    ...calendarChoices({ yearId, catalogId, scopeBlock: blockOf(FIELD.scope) }, one, many),
    yearId,
    catalogId,
    mode: modes.catch('push_locked').parse(one(FIELD.mode)),
    reason: fields.get(FIELD.reason)?.value.value?.trim() ?? '',
    toSections: options.includes('sections'),
    crossSite: options.includes('cross_site'),
    dataTypes: fields.has(FIELD.types) ? dataTypes.parse(many(FIELD.types)) : DATA_TYPES,
    when: one(FIELD.when) === 'now' ? 'now' : 'batch',
    at: at === null || at === undefined ? null : new Date(at * 1000),
    notify: fields.get(FIELD.notify)?.value.selected_conversation ?? null,
  };
}

function calendarChoices(
  shown: {
    readonly yearId: number | null;
    readonly catalogId: number | null;
    readonly scopeBlock: string;
  },
  one: (field: string) => string | undefined,
  many: (field: string) => string[],
): Pick<Choices, 'scope' | 'calendarIds'> {
  const { yearId, catalogId, scopeBlock } = shown;
  if (yearId === null || !scopeBlock.startsWith(`scope~${yearId}~`)) {
    return { scope: null, calendarIds: [] };
  }
  const scope = one(FIELD.scope) === 'chosen' ? 'chosen' : 'all';
  const calendarIds = many(FIELD.picks)
    .map(idOf)
    .filter((id) => id !== null);
  const current = catalogId !== null && scopeBlock === block.scope(yearId, catalogId);
  return { scope: current || scope === 'chosen' ? scope : null, calendarIds };
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

const metadata = z.object({ channelId: z.string().nullable(), zone: z.string() });
export type FormMetadata = z.infer<typeof metadata>;

/** What the form carries along in private_metadata: no state that matters, only where it came from. */
export function writeMetadata(value: FormMetadata): string {
  return JSON.stringify(value);
}

/** @throws ZodError or SyntaxError when it was not written by writeMetadata */
export function readMetadata(text: string): FormMetadata {
  return metadata.parse(JSON.parse(text));
}
