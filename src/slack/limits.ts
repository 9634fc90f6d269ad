/** Slack's length limits, counted in UTF-16 units as `.length` does (never less than Slack counts). */
export const LIMITS = {
  alert: 200,
  fieldError: 150,
  header: 150,
  hint: 2000,
  optionDescription: 75,
  optionText: 75,
  options: 100,
  messageBlocks: 50,
  /** Slack refuses at about 13,200 characters of blocks (slackapi/bolt-js#2509). */
  messageJson: 12_000,
  messageText: 3000,
  planTasks: 12,
  sectionText: 3000,
} as const;

/** A name from the database inside a sentence or list; longer ones are cut. */
export const NAME_LENGTH = 80;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cuts text to at most `max` characters without splitting a grapheme; what was cut ends in "…". */
export function truncate(text: string, max: number): string {
  return text.length <= max ? text : `${take(text, max - 1).trimEnd()}…`;
}

/** Cuts the middle out, so that the year in front and the school at the end stay readable (V9). */
export function truncateMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  const tailLength = Math.floor((max - 1) / 3);
  const head = take(text, max - 1 - tailLength);
  return `${head}…${takeLast(text, max - 1 - head.length)}`;
}

/** Cuts all labels to `max` and numbers those that became equal, so that each stays distinguishable (V9). */
export function distinctLabels(labels: readonly string[], max: number): string[] {
  const seen = new Map<string, number>();
  return labels.map((label) => {
    const short = truncateMiddle(label, max);
    const times = (seen.get(short) ?? 0) + 1;
    seen.set(short, times);
    if (times === 1) return short;
    const suffix = ` (${times})`;
    return `${truncateMiddle(label, max - suffix.length)}${suffix}`;
  });
}

/**
 * In such text every character is a grapheme of its own, and cutting it needs no dictionary: ASCII,
 * Latin letters with their accents, dashes, quotes and the “…” of what was cut before.
 */
const SIMPLE = /^[\x20-\x7E\u00A1-\u00AC\u00AE-\u02FF\u2010-\u2027\u2030-\u203A]*$/;

function take(text: string, max: number): string {
  if (SIMPLE.test(text)) return text.slice(0, max);
  let length = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    if (index + segment.length > max) break;
    length = index + segment.length;
  }
  return text.slice(0, length);
}

function takeLast(text: string, max: number): string {
  const earliest = text.length - max;
  if (SIMPLE.test(text)) return text.slice(earliest);
  for (const { index } of graphemes.segment(text)) {
    if (index >= earliest) return text.slice(index);
  }
  return '';
}
