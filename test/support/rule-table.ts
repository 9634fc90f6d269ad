import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** Where the table lives. Rule and text are written by hand, the tests are filled in. */
export const RULE_TABLE = 'docs/rules.md';

const numbers = (letter: string, last: number, digits = 2): string[] =>
  Array.from({ length: last }, (_, n) => letter + String(n + 1).padStart(digits, '0'));

/** Every numbered rule of a push, and the acceptance cases A01–A30. */
export const RULES: readonly string[] = [
  ...numbers('G', 24),
  ...numbers('P', 12),
  ...numbers('S', 13),
  ...numbers('R', 9),
  ...numbers('N', 10),
  ...numbers('C', 6),
  ...numbers('E', 9),
  ...numbers('X', 11),
  ...numbers('L', 7, 1),
  ...numbers('O', 7, 1),
  ...numbers('M', 42),
  ...numbers('A', 30),
];

/** A test and the rules that its title, or a row of its `each` table, names. */
export interface NamedTest {
  readonly file: string;
  readonly title: string;
  readonly rules: readonly string[];
}

/** The tests below `root`/test that name a rule, found without running them. */
export function findNamedTests(root: string): NamedTest[] {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    // Tests of the model in test/oracle say nothing about what the product does.
    .filter((file) => /\.test\.tsx?$/.test(file) && !file.startsWith(join('unit', 'oracle')))
    .map((file) => join(root, 'test', file))
    .sort();
  return files.flatMap((file) =>
    namedTests(readFileSync(file, 'utf8')).map((test) => ({
      ...test,
      file: relative(root, file),
    })),
  );
}

/** The tests of one file's `source` that name a rule. */
export function namedTests(source: string): Omit<NamedTest, 'file'>[] {
  const parsed = ts.createSourceFile('x.test.tsx', source, ts.ScriptTarget.ES2022, false);
  const found: Omit<NamedTest, 'file'>[] = [];
  const visit = (node: ts.Node, outer: { titles: string[]; words: string }): void => {
    const block = ts.isCallExpression(node) ? readBlock(node, parsed) : undefined;
    const inner =
      block === undefined
        ? outer
        : { titles: [...outer.titles, block.title], words: `${outer.words} ${block.words}` };
    if (block !== undefined && block.kind !== 'describe') {
      const rules = RULES.filter((rule) => new RegExp(`\\b${rule}\\b`).test(inner.words));
      if (rules.length > 0) found.push({ title: inner.titles.join(' › '), rules });
    }
    ts.forEachChild(node, (child) => {
      visit(child, inner);
    });
  };
  visit(parsed, { titles: [], words: '' });
  return found;
}

interface Block {
  readonly kind: 'describe' | 'it';
  readonly title: string;
  /** What may name a rule: the title and, where it has placeholders, the texts of its table. */
  readonly words: string;
}

/** `describe('…')`, `it('…')`, `test('…')`, and the same with `.each(table)` or `.each` and a template. */
function readBlock(call: ts.CallExpression, file: ts.SourceFile): Block | undefined {
  const [titleNode] = call.arguments;
  if (titleNode === undefined) return undefined;
  const each = tableOf(call.expression);
  const [name, modifier] = (each?.of ?? call.expression).getText(file).split('.');
  if (each === undefined && modifier === 'each') return undefined;
  if (name !== 'describe' && name !== 'it' && name !== 'test') return undefined;
  const title = textOf(titleNode, file);
  const rows = each === undefined || !/[%$]/.test(title) ? '' : tableText(each.table, file);
  return { kind: name === 'describe' ? name : 'it', title, words: `${title} ${rows}` };
}

function tableOf(callee: ts.Expression): { of: ts.Expression; table: ts.Node } | undefined {
  if (ts.isTaggedTemplateExpression(callee)) return { of: callee.tag, table: callee.template };
  const [table] = ts.isCallExpression(callee) ? callee.arguments : [];
  return ts.isCallExpression(callee) && table !== undefined
    ? { of: callee.expression, table }
    : undefined;
}

function textOf(node: ts.Node, file: ts.SourceFile): string {
  return ts.isStringLiteralLike(node) ? node.text : node.getText(file).replace(/^`|`$/g, '');
}

/** A table by name is read where this file defines it. */
function tableText(table: ts.Node, file: ts.SourceFile): string {
  if (!ts.isIdentifier(table)) return table.getText(file);
  let text = '';
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText(file) === table.text)
      text = node.getText(file);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return text;
}

/** The table's rules and texts as the document has them, in its order. */
export function readRuleTexts(document: string): Map<string, string> {
  const rows = document.matchAll(/^\| ([A-Z]\d+) \| (.*?) \|.*\|$/gm);
  return new Map(Array.from(rows, ([, rule = '', text = '']) => [rule, text]));
}

/** The document with the column of tests filled in anew. */
export function fillInTests(document: string, tests: readonly NamedTest[]): string {
  return document.replaceAll(
    /^\| ([A-Z]\d+) \| (.*?) \|.*\|$/gm,
    (_, rule: string, text: string) => `| ${rule} | ${text} | ${testsOf(rule, tests)} |`,
  );
}

function testsOf(rule: string, tests: readonly NamedTest[]): string {
  return tests
    .filter((test) => test.rules.includes(rule))
    .map(
      ({ file, title }) =>
        `[${file.replace(/^test\/|\.test\.tsx?$/g, '')}](../${file}): ${escape(title)}`,
    )
    .join('<br>');
}

const escape = (title: string): string =>
  title.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
