import { DateTime } from 'luxon';

import { LIMITS, NAME_LENGTH, truncate } from './limits.ts';

const numbers = new Intl.NumberFormat('en-US');

/** 12345 → "12,345". */
export function number(value: number): string {
  return numbers.format(value);
}

/** (1, 'course') → "1 course"; (1200, 'course') → "1,200 courses"; irregular plurals are given. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** ["a", "b", "c"] → "a, b and c". */
export function listed(words: readonly string[], join: 'and' | 'or' = 'and'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${join} ${last}`;
}

/**
 * A name from a person or the database, fit for plain_text and rich_text: one line, no direction
 * tricks, nothing that looks like a Slack mention, at most `max` characters, never empty.
 */
export function plainName(name: string, max: number = NAME_LENGTH): string {
  const oneLine = name
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ')
    .replaceAll(/<(?=[!@#])/g, '‹')
    .trim();
  return oneLine === '' ? '–' : truncate(oneLine, max);
}

/** Escapes text for mrkdwn and for a message's `text` (V19). */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A name inside mrkdwn or a message's `text`. */
export function safeName(name: string, max: number = NAME_LENGTH): string {
  return escapeMrkdwn(plainName(name, max));
}

/** A day as the date pickers give it: "2026-11-23" → "Nov 23, 2026". */
export function dayOf(isoDate: string): string {
  return DateTime.fromISO(isoDate).setLocale('en-US').toFormat('LLL d, yyyy');
}

/** A moment with its zone named: "Nov 23, 2026, 8:00 PM CST". */
export function moment(at: Date, zone: string): string {
  return DateTime.fromJSDate(at, { zone }).setLocale('en-US').toFormat('LLL d, yyyy, h:mm a ZZZZ');
}

/** The same without the date when it is today's: "7:41 AM CST". */
export function clock(at: Date, now: Date, zone: string): string {
  const local = DateTime.fromJSDate(at, { zone });
  return local.hasSame(DateTime.fromJSDate(now, { zone }), 'day')
    ? local.setLocale('en-US').toFormat('h:mm a ZZZZ')
    : moment(at, zone);
}

/** A moment in the reader's own zone, for mrkdwn; the fallback names a zone (F34). */
export function localDate(
  at: Date,
  zone: string,
  format = '{date_short_pretty} at {time}',
): string {
  return `<!date^${unixSeconds(at)}^${format}|${moment(at, zone)}>`;
}

/** Cuts a message's `text`; builders keep far below, this is the last guard. */
export function messageText(text: string): string {
  return truncate(text, LIMITS.messageText);
}

/** Unix seconds, as Slack's dates take them. */
export function unixSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
