import { type BlockOptions, type OptionGroups } from '@slack/bolt';
import { type PlainTextOption } from '@slack/types';

import { plainText } from '../form/fields.ts';
import { LIMITS } from '../limits.ts';
import { number } from '../wording.ts';

/** What a menu that searches is answered with. */
export type Answer = BlockOptions | OptionGroups<BlockOptions>;

/**
 * Slack takes 100 options; the heading of the list says when there are more.
 * @param found one more than 100 means that nobody counted how many
 */
export function firstHundred(options: PlainTextOption[], found: number): Answer {
  if (found <= LIMITS.options) return { options };
  const of = found === LIMITS.options + 1 ? '' : ` of ${number(found)}`;
  const label = plainText(`First ${LIMITS.options}${of}: type to narrow them down`);
  return { option_groups: [{ label, options }] };
}
