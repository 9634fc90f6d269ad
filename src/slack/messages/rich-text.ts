import { type KnownBlock, type RichTextBlock, type RichTextElement } from '@slack/types';

import { moment, unixSeconds } from '../wording.ts';

/** What a bot message is made of. `text` says the same as the blocks, in sentences (V2). */
export interface Message {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** Literal text, or an element of a rich_text line. */
export type Part = string | RichTextElement;

/** Literal text: rich_text resolves no mention, link or formatting in it. */
export function words(text: string): RichTextElement {
  return { type: 'text', text };
}

/** Bold literal text. */
export function bold(text: string): RichTextElement {
  return { type: 'text', text, style: { bold: true } };
}

/** An emoji by name; a word always stands beside it (V20). */
export function emoji(name: string): RichTextElement {
  return { type: 'emoji', name };
}

/** A mention of a person whose id we resolved. */
export function mention(userId: string): RichTextElement {
  return { type: 'user', user_id: userId };
}

/** A moment in the reader's own zone; the fallback names the district's. */
export function date(at: Date, zone: string): RichTextElement {
  return {
    type: 'date',
    timestamp: unixSeconds(at),
    format: '{date_short_pretty} at {time}',
    fallback: moment(at, zone),
  };
}

/** One rich_text block; each argument is a line of parts. */
export function lines(...all: readonly (readonly Part[])[]): RichTextBlock {
  return {
    type: 'rich_text',
    elements: all.map((line, index) => ({
      type: 'rich_text_section',
      elements: [...line.map(asElement), ...(index < all.length - 1 ? [words('\n')] : [])],
    })),
  };
}

/** A titled bullet list. */
export function bullets(title: string, items: readonly (readonly Part[])[]): RichTextBlock {
  return {
    type: 'rich_text',
    elements: [
      { type: 'rich_text_section', elements: [bold(title)] },
      {
        type: 'rich_text_list',
        style: 'bullet',
        elements: items.map((item) => ({
          type: 'rich_text_section',
          elements: item.map(asElement),
        })),
      },
    ],
  };
}

/** A header block of plain text. */
export function header(text: string): KnownBlock {
  return { type: 'header', text: { type: 'plain_text', text, emoji: false } };
}

/** How many characters of JSON the blocks take; Slack limits the sum (F23). */
export function sizeOf(blocks: readonly unknown[]): number {
  return blocks.reduce<number>((sum, block) => sum + JSON.stringify(block).length, 0);
}

/**
 * A titled bullet list that takes at most `budget` characters of JSON; of `total` lines those that
 * are not among the items, or do not fit, are summed up by `rest`.
 */
export function fittingBullets(
  title: string,
  items: readonly (readonly Part[])[],
  room: {
    readonly budget: number;
    readonly total: number;
    readonly rest: (left: number) => string;
  },
): RichTextBlock {
  const kept: (readonly Part[])[] = [];
  let used = sizeOf([bullets(title, [[room.rest(room.total)]])]);
  for (const item of items) {
    // The brackets and type around the elements of one list line.
    used += sizeOf(item.map(asElement)) + item.length + 60;
    if (used > room.budget) break;
    kept.push(item);
  }
  const left = room.total - kept.length;
  return bullets(title, left === 0 ? kept : [...kept, [room.rest(left)]]);
}

function asElement(part: Part): RichTextElement {
  return typeof part === 'string' ? words(part) : part;
}
