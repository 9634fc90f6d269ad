import { itemDetail } from '../domain/item-detail.ts';
import { type Payload, type ReportItem } from '../domain/report-item.ts';
import { FIELD_WORDS, type FieldWords, valueWords } from './field-words.ts';

/** One changed field of an item, in words. */
export interface FieldChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
  readonly affectsGrades: boolean;
}

const LINK_WORDS: Readonly<Record<string, string>> = {
  linked: 'Linked',
  broken: 'Broken',
  residual: 'Residual',
};

/**
 * What a write changes, a line per field: all fields that hold something for an item that comes or
 * goes, those that differ otherwise. A write that leaves the values alone changes the link.
 */
export function fieldChanges(item: ReportItem): FieldChange[] {
  const { before } = item;
  const after = withWeights(item);
  const changes = knownFields(item, [before, after]).flatMap((field) => {
    const change = {
      field: fieldLabel(item, field),
      before: wordsOf(field, before),
      after: wordsOf(field, after),
      affectsGrades: field.affectsGrades ?? false,
    };
    return change.before === change.after ? [] : [change];
  });
  return changes.length > 0 ? changes : [linkOrPresence(item)];
}

/** A composite's new children bring weights, which are no field of it but written with it (M10). */
function withWeights({ dataType, after, detail }: ReportItem): Payload | null {
  const { weights } = itemDetail.parse(detail ?? {});
  const brings = dataType === 'composite_grades' && Object.keys(weights ?? {}).length > 0;
  return brings && after !== null ? { ...after, weights } : after;
}

function linkOrPresence(item: ReportItem): FieldChange {
  if (item.op === 'insert' || item.op === 'delete') {
    const present = (is: boolean): string => (is ? 'Present' : '');
    return {
      field: 'Item',
      before: present(item.op === 'delete'),
      after: present(item.op === 'insert'),
      affectsGrades: false,
    };
  }
  return {
    field: 'Link',
    before: linkWords(item.linkBefore),
    after: item.op === 'unlink' ? linkWords(null) : linkWords(item.linkAfter ?? item.linkBefore),
    affectsGrades: false,
  };
}

function linkWords(state: string | null): string {
  return state === null ? 'Not linked' : (LINK_WORDS[state] ?? state);
}

/** Where an item, its last pushed values and its master disagree; one text per column of 5.2. */
export interface Disagreement {
  readonly field: string;
  readonly here: string;
  readonly lastPushed: string;
  readonly master: string;
}

/**
 * The fields that are the reason of a refusal, with all three values: what was changed below for a
 * desynced item, what was not written otherwise. Several fields share the one line of the item as
 * "Weight: 40; Sequence: 2". An item that is missing on one side is named as a whole.
 */
export function disagreement(item: ReportItem): Disagreement {
  const here = item.result === 'held' ? item.found : item.before;
  const sides = [here, item.base, item.master] as const;
  if (sides.every((side) => side === null)) return NO_DISAGREEMENT;
  const changedBelow =
    (item.outcome === 'FAILED_DESYNCED' || item.reason === 'changed_since_push') &&
    item.base !== null;
  if (here === null || (changedBelow ? item.base : item.master) === null) {
    return {
      field: 'Item',
      here: presence(here),
      lastPushed: presence(item.base),
      master: presence(item.master),
    };
  }
  const against = changedBelow ? item.base : item.master;
  const fields = knownFields(item, sides).filter(
    (field) => wordsOf(field, here) !== wordsOf(field, against),
  );
  const column = (side: Payload | null): string => sideWords(item, fields, side);
  return {
    field: fields.map((field) => fieldLabel(item, field)).join('; '),
    here: column(here),
    lastPushed: column(item.base),
    master: column(item.master),
  };
}

const NO_DISAGREEMENT: Disagreement = { field: '', here: '', lastPushed: '', master: '' };

function presence(side: Payload | null): string {
  return side === null ? '(none)' : '(present)';
}

function sideWords(item: ReportItem, fields: readonly FieldWords[], side: Payload | null): string {
  if (side === null) return '(none)';
  const [only] = fields;
  if (only !== undefined && fields.length === 1) return wordsOf(only, side);
  return fields.map((field) => `${fieldLabel(item, field)}: ${wordsOf(field, side)}`).join('; ');
}

function knownFields(item: ReportItem, sides: readonly (Payload | null)[]): readonly FieldWords[] {
  const known = FIELD_WORDS[item.dataType];
  const present = new Set(sides.flatMap((side) => (side === null ? [] : Object.keys(side))));
  const unknown = [...present].filter((key) => !known.some((field) => field.key === key)).sort();
  return [
    ...known.filter((field) => present.has(field.key)),
    ...unknown.map((key) => ({ key, label: key })),
  ];
}

function wordsOf(field: FieldWords, side: Payload | null): string {
  return side === null ? '' : valueWords(field, side[field.key]);
}

/** Course Info has one field per item, called as the attribute is. */
function fieldLabel(item: ReportItem, field: FieldWords): string {
  return item.dataType === 'course_info' && field.key === 'value' ? item.itemLabel : field.label;
}
