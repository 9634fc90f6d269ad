import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ts from 'typescript';
import { z } from 'zod';

import { BUILDERS } from '../../../playground/gallery/builders.ts';
import { type JsonObject } from '../../../playground/slack-standin/contract.ts';
import { type Example, type Scene } from '../../../playground/gallery/scene.ts';
import { checkMessage, checkView } from '../../../playground/slack-standin/rules/payloads.ts';

const SOURCE = fileURLToPath(new URL('../../../src/slack', import.meta.url));
const BUILT = new Set(['Message', 'ModalView', 'HomeView']);
const SENTENCE = /(Sentence|Comment|Line)$/;

/** Exported functions that return a message, a view, or a sentence by their name. */
function buildersInSource(): string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => {
      const text = readFileSync(`${SOURCE}/${path}`, 'utf8');
      return ts
        .createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
        .statements.filter(ts.isFunctionDeclaration)
        .filter((one) => one.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
        .filter(({ name, type }) => {
          const returned = type?.getText() ?? '';
          return BUILT.has(returned) || (returned === 'string' && SENTENCE.test(name?.text ?? ''));
        })
        .map(({ name }) => name?.text ?? '');
    });
}

/** What was parsed from JSON needs no second look at every value. */
const parsed = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null);
const wire = (value: unknown): JsonObject => parsed.parse(JSON.parse(JSON.stringify(value)));

function faultsOf(example: Example): unknown[] {
  // Sentences stand in messages and alerts, which cut them.
  if ('text' in example) return [];
  return 'message' in example ? checkMessage(wire(example.message)) : checkView(wire(example.view));
}

function faults(builder: string, scene: Scene): unknown[] {
  const examples = BUILDERS[builder]?.(scene) ?? [];
  return examples.flatMap((example) =>
    faultsOf(example).map((fault) => ({
      state: example.state,
      name: scene.name.slice(0, 20),
      size: scene.size,
      fault,
    })),
  );
}

/** Every text that a reader sees; the top-level text of a message comes first. */
function textsOf(example: Example): string[] {
  if ('text' in example) return [example.text];
  const texts: string[] = [];
  JSON.stringify('message' in example ? example.message : example.view, (key, value: unknown) => {
    if (['text', 'title', 'fallback'].includes(key) && typeof value === 'string') texts.push(value);
    return value;
  });
  return texts;
}

/** Marks of our own: dates, the requester, the channels and people of subscriptions, the run's thread. */
const FOREIGN_MARK =
  /<(?!!date\^|@U0ALICE>|@U0BOB>|@U\d+>|#C0HARRISON>|#C0PUSHES>|https:\/\/example\.slack\.com\/)/;

const MRKDWN = /\{"type":"mrkdwn","text":"((?:[^"\\]|\\.)*)"/g;

/** Every text in which Slack resolves marks. */
function markupOf(example: Example): string[] {
  if ('text' in example) return [];
  const texts = 'message' in example ? [example.message.text] : [];
  // As JSON each is an object of its own: {"type":"mrkdwn","text":"…"}.
  for (const [, text = ''] of JSON.stringify(example).matchAll(MRKDWN)) texts.push(text);
  return texts;
}

const NAMES = [
  'Harrison High',
  '&'.repeat(300),
  '<'.repeat(300),
  '<!channel> & <@U0ALICE> | <https://evil.example|click>',
  '=cmd()|"/c calc"!A1',
  '\u202Egnp.exe\u202C\u0000\u0007\n\nnew line',
  '👩‍👩‍👧‍👦'.repeat(20),
  ' ',
];
const SIZES = [0, 1, 100, 101];
const builders = Object.keys(BUILDERS);

describe('Every message, modal and Home tab', () => {
  it('has its examples here', () => {
    expect(builders.toSorted()).toEqual(buildersInSource().toSorted());
    const scene = { name: 'Harrison High', size: 1, amount: 1 };
    expect(builders.filter((builder) => BUILDERS[builder]?.(scene).length === 0)).toEqual([]);
  });

  it.each(builders)(
    '%s passes Slack’s rules with hostile names and up to 101 rows (V1–V20)',
    (builder) => {
      const found = NAMES.flatMap((name) =>
        (name.startsWith('&') ? SIZES : [1, 12]).flatMap((size) =>
          faults(builder, { name, size, amount: 1_234_567 }),
        ),
      );
      expect(found).toEqual([]);
    },
  );

  it('passes them with 5,000 calendars, people and groups', () => {
    const scene = { name: '&'.repeat(300), size: 5000, amount: 12_345 };
    expect(builders.flatMap((builder) => faults(builder, scene))).toEqual([]);
  });

  it('passes them with any name at all', () => {
    const any = fc.string({ unit: 'binary', maxLength: 100 });
    fc.assert(
      fc.property(any, fc.constantFrom(...builders), (name, builder) => {
        expect(faults(builder, { name, size: 2, amount: 3 })).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('escapes a name once: “R&D High” reads so on the Home tab', () => {
    const home = JSON.stringify(BUILDERS['homeView']?.({ name: 'R&D High', size: 1, amount: 1 }));
    expect(home).toContain('"school R&D High"');
    expect(home).not.toContain('&amp;amp;');
  });

  it('lets no name call the channel, mention a person or make a link (V19)', () => {
    const wrong = NAMES.filter((name) => /<!|\u202E/.test(name)).flatMap((name) =>
      builders.flatMap((builder) =>
        (BUILDERS[builder]?.({ name, size: 2, amount: 2 }) ?? []).filter(
          (example) =>
            markupOf(example).some((text) => FOREIGN_MARK.test(text)) ||
            textsOf(example).some(
              (text) => /\p{Bidi_Control}/u.test(text) || text.includes('\u0000'),
            ),
        ),
      ),
    );
    expect(wrong).toEqual([]);
  });
});

describe('The words of every message, modal and Home tab', () => {
  const scenes = [0, 1, 2, 54_321].map((amount) => ({ name: 'Algebra', size: 2, amount }));
  const examples = scenes.flatMap((scene) =>
    builders.flatMap((builder) =>
      (BUILDERS[builder]?.(scene) ?? []).map((example) => ({ builder, example })),
    ),
  );
  const all = examples.flatMap(({ builder, example }) =>
    textsOf(example).map((text) => ({ builder, state: example.state, text })),
  );
  /** What remains when marks that Slack resolves, emoji, typed commands and ids are taken out. */
  const plainWords = (text: string): string =>
    text.replaceAll(/<!date\^\d+\^[^|]*\|([^>]*)>/g, '$1').replaceAll(/:[a-z_]+:|`[^`]*`/g, '');

  const thatMatch = (wrong: RegExp): unknown[] =>
    all.filter(({ text }) => wrong.test(plainWords(text)));

  it('hold no internal code', () => {
    expect(thatMatch(/\b[a-z]+_[a-z_]+\b|\b[A-Z]+_[A-Z_]+\b|undefined|\bnull\b|NaN/)).toEqual([]);
  });

  it('have the plural right', () => {
    const nouns =
      'course|item|calendar|section|exception|line|file|school|worker|approval|value|group|subscription|reason|point';
    expect(
      thatMatch(new RegExp(String.raw`(?<![\d,.#-])1 (\w+ )?(${nouns}|categorie)s\b|\b1 people`)),
    ).toEqual([]);
    expect(thatMatch(new RegExp(String.raw`(?<![\d,.])(0|2|54,321) (${nouns}|person)\b`))).toEqual(
      [],
    );
  });

  it('separate thousands', () => {
    expect(thatMatch(/54321/)).toEqual([]);
    expect(all.some(({ text }) => text.includes('54,321'))).toBe(true);
  });

  it('name the zone of every time', () => {
    expect(thatMatch(/\d:\d\d(?! ?(AM|PM) C[SD]T)/)).toEqual([]);
  });

  it('say all in one complete sentence for notifications and screen readers (V2)', () => {
    const texts = examples.flatMap(({ example }) =>
      'message' in example ? [example.message.text] : [],
    );
    const wrong = texts.filter(
      (text) =>
        !/^(<@U\w+> )?[*A-Z\d]/.test(text) ||
        !/[.!?:”]$/.test(text) ||
        text.length < 20 ||
        / {2}| [.,]/.test(text),
    );
    expect([...new Set(wrong)]).toEqual([]);
  });
});
