import { type KnownBlock } from '@slack/types';

import { note } from '../form/fields.ts';
import { LIMITS, truncate } from '../limits.ts';

/** A titled list as sections, as many as its length needs (V5). */
export function bulletNotes(title: string, lines: readonly string[]): KnownBlock[] {
  const texts: string[] = [title];
  for (const line of lines.map((each) => truncate(`• ${each}`, LIMITS.sectionText))) {
    const last = texts.at(-1) ?? '';
    if (last.length + 1 + line.length > LIMITS.sectionText) texts.push(line);
    else texts[texts.length - 1] = `${last}\n${line}`;
  }
  return texts.map(note);
}
