/** What a person asks for with the command. */
export type Asked =
  | { readonly kind: 'help' }
  | { readonly kind: 'form'; readonly words: string }
  | { readonly kind: 'master'; readonly number: string }
  | { readonly kind: 'queue'; readonly mine: boolean }
  | { readonly kind: 'approvals' }
  | { readonly kind: 'report'; readonly word: string }
  | { readonly kind: 'people' }
  | { readonly kind: 'notify'; readonly words: string }
  | { readonly kind: 'show' | 'cancel'; readonly runId: number }
  | { readonly kind: 'unknown'; readonly word: string };

type Words = readonly string[];

const KNOWN: ReadonlyMap<string, (rest: Words) => Asked> = new Map<string, (rest: Words) => Asked>([
  ['help', () => ({ kind: 'help' })],
  ['?', () => ({ kind: 'help' })],
  ['', (rest) => ({ kind: 'form', words: rest.join(' ') })],
  ['new', (rest) => ({ kind: 'form', words: rest.join(' ') })],
  ['master', (rest) => ({ kind: 'master', number: rest.join(' ') })],
  ['queue', ([whose = '']) => ({ kind: 'queue', mine: bare(whose) === 'mine' })],
  ['approvals', () => ({ kind: 'approvals' })],
  ['report', (rest) => ({ kind: 'report', word: rest.join(' ') })],
  ['people', () => ({ kind: 'people' })],
  ['notify', (rest) => ({ kind: 'notify', words: rest.join(' ') })],
  ['show', ([run]) => aboutRun('show', run)],
  ['cancel', ([run]) => aboutRun('cancel', run)],
]);

/** What was typed after the command; case and dashes do not matter: `--Help` is `help`. */
export function parseCommand(text: string): Asked {
  const [word = '', ...rest] = text.trim().split(/\s+/);
  const known = KNOWN.get(word === '' ? '' : bare(word) || word);
  return known?.(rest) ?? { kind: 'unknown', word };
}

/** A word without case and dashes, the long ones that phones make of two included. */
export function bare(word: string): string {
  return word.toLowerCase().replaceAll(/[-_\u2010-\u2015]/g, '');
}

/** The number is "1042" or "#1042"; without one the list shows which there are. */
function aboutRun(kind: 'show' | 'cancel', word = ''): Asked {
  const digits = /^#?(\d{1,9})$/.exec(word)?.[1];
  return digits === undefined ? { kind: 'queue', mine: true } : { kind, runId: Number(digits) };
}
