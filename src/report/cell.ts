/** A cell of a report: text, or a number that a spreadsheet may add up. */
export type Cell = string | number;

/** The longest text a spreadsheet cell takes. */
const LONGEST = 32_767;

// C0 and C1 controls but TAB, LF and CR, and the two non-characters: XML 1.0 has no way to write them.
const ILLEGAL = /[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;
const MENTION = /<(\u200B*[!@#])/g;
const FORMULA = /^'*(?:[\t\n\r]|[\s\u200B-\u200F\u2060]*[=+\-@＝＋－﹣−＠﹦﹢﹫])/u;
const STRICT_NUMBER = /^-?\d+(?:\.\d+)?$/;

/**
 * Text as it may stand in a report cell (T14), the same in CSV and XLSX:
 * - characters that no XML can hold are removed, lone surrogates replaced, text is cut at 32,767;
 * - `<!`, `<@`, `<#` get a zero-width space (U+200B) after `<`, so that a preview in Slack calls nobody;
 * - text that a spreadsheet could take for a formula gets an apostrophe in front, unless it is a
 *   plain number such as -12.5.
 * The last two are reversible: text that already looks neutralised is neutralised once more, so taking
 * away one apostrophe, and one U+200B after each `<`, gives the original back.
 */
export function textCell(text: string): string {
  const legal = text.replace(ILLEGAL, '').replace(LONE_SURROGATE, '\uFFFD');
  const quiet = legal.replace(MENTION, '<\u200B$1');
  const safe = FORMULA.test(quiet) && !STRICT_NUMBER.test(quiet) ? `'${quiet}` : quiet;
  return safe.length <= LONGEST ? safe : `${cut(safe)}…`;
}

// Never between the halves of a surrogate pair.
function cut(text: string): string {
  return text.slice(0, LONGEST - 1).replace(/[\uD800-\uDBFF]$/, '');
}

/**
 * A count of student work. One to nine are told as "<10", because so few can point at one student
 * (T20); `exact` is for districts that allow it.
 */
export function studentCount(value: number, exact: boolean): Cell {
  return value === 0 || value >= 10 || exact ? value : '<10';
}
