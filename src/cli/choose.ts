/** A name or id on the command line fits nothing, or more than one thing. */
export class ChoiceUnclear extends Error {
  override readonly name = 'ChoiceUnclear';
}

interface Named {
  readonly id: number | string;
  readonly name: string;
}

const LISTED = 30;

/**
 * The choice that a person means: by its name, else its id, else the only name that holds the text.
 * Letter case does not matter.
 * @param what e.g. "course catalog"
 * @throws ChoiceUnclear listing the choices
 */
export function choose<Choice extends Named>(
  what: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const wanted = text.trim().toLowerCase();
  const matches = [
    choices.filter(({ name }) => name.toLowerCase() === wanted),
    choices.filter(({ id }) => String(id).toLowerCase() === wanted),
    choices.filter(({ name }) => name.toLowerCase().includes(wanted)),
  ].find((found) => found.length > 0);
  const [only, ...others] = wanted === '' ? [] : (matches ?? []);
  if (only === undefined)
    throw new ChoiceUnclear(`There is no ${what} "${text}". ${offer(choices)}`);
  if (others.length > 0)
    throw new ChoiceUnclear(`"${text}" fits more than one ${what}. ${offer([only, ...others])}`);
  return only;
}

/** "Choose one of: …", a line each. */
export function offer(choices: readonly Named[]): string {
  if (choices.length === 0) return 'There is none to choose from.';
  const lines = choices.slice(0, LISTED).map(({ id, name }) => `  ${name} (id ${id})`);
  const more = choices.length > LISTED ? [`  and ${choices.length - LISTED} more`] : [];
  return ['Choose one of:', ...lines, ...more].join('\n');
}
