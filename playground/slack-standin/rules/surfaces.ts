import { z } from 'zod';

import { type JsonObject } from '../contract.ts';
import { at, isObject, member, objects, text } from '../json.ts';
import { anyBlock } from './blocks.ts';
import { type Finding, houseRule, refusal } from './finding.ts';

export type SurfaceKind = 'message' | 'modal' | 'home';

const EVERYWHERE: readonly SurfaceKind[] = ['message', 'modal', 'home'];
const OUTSIDE_MODALS: readonly SurfaceKind[] = ['message', 'home'];
const MESSAGE_ONLY: readonly SurfaceKind[] = ['message'];

/** Section 3.1: where each block may stand. `file` blocks are only ever sent by Slack. */
const BLOCK_SURFACES: Readonly<Record<string, readonly SurfaceKind[]>> = {
  ...Object.fromEntries(
    [
      'actions',
      'context',
      'divider',
      'header',
      'image',
      'input',
      'rich_text',
      'section',
      'video',
    ].map((type) => [type, EVERYWHERE]),
  ),
  alert: ['modal'],
  ...Object.fromEntries(
    ['container', 'card', 'carousel', 'data_visualization'].map((type) => [type, OUTSIDE_MODALS]),
  ),
  ...Object.fromEntries(
    ['table', 'data_table', 'plan', 'task_card', 'markdown', 'context_actions'].map((type) => [
      type,
      MESSAGE_ONLY,
    ]),
  ),
  file: [],
};

/** Elements that may not stand on every surface. */
const ELEMENT_SURFACES: Readonly<Record<string, readonly SurfaceKind[]>> = {
  datetimepicker: ['message', 'modal'],
  number_input: ['modal'],
  email_text_input: ['modal'],
  url_text_input: ['modal'],
  file_input: ['modal'],
  rich_text_input: ['modal', 'home'],
  workflow_button: MESSAGE_ONLY,
  feedback_buttons: MESSAGE_ONLY,
  icon_button: MESSAGE_ONLY,
};

const TABLES = new Set(['table', 'data_table']);
const TABLE_TEXT_LIMIT = 10_000;
const MARKDOWN_LIMIT = 12_000;

/** An interactive element with the block it is in. */
export interface Placed {
  readonly block: JsonObject;
  readonly element: JsonObject;
  readonly path: readonly PropertyKey[];
}

/**
 * Checks the blocks of a message or view: every field of every block (V3–V15, V17, V18), the surface of each
 * block and element (3.1), unique ids, tables and focus.
 * @param blocks the `blocks` value as sent
 */
export function checkBlocks(blocks: unknown, surface: SurfaceKind): Finding[] {
  if (!Array.isArray(blocks)) return [refusal('V1', ['blocks'], 'blocks must be an array')];
  const shape = z.array(anyBlock).safeParse(blocks);
  const findings = shape.success ? [] : shape.error.issues.map((issue) => fromIssue(blocks, issue));
  return [
    ...findings,
    ...checkPlaces(blocks, surface),
    ...checkIds(blocks),
    ...checkTables(blocks),
    ...checkFocus(blocks),
  ];
}

/** Finds all interactive elements of blocks, also inside containers. */
export function placedElements(
  blocks: unknown,
  under: readonly PropertyKey[] = ['blocks'],
): Placed[] {
  if (!Array.isArray(blocks)) return [];
  return blocks.flatMap((block: unknown, index): Placed[] => {
    if (!isObject(block)) return [];
    const path = [...under, index];
    const own = [
      ...elementsOf(block, 'elements').map(({ element, at: place }) => ({
        block,
        element,
        path: [...path, 'elements', place],
      })),
      ...elementsOf(block, 'actions').map(({ element, at: place }) => ({
        block,
        element,
        path: [...path, 'actions', place],
      })),
    ];
    for (const key of ['element', 'accessory']) {
      const element = block[key];
      if (isObject(element)) own.push({ block, element, path: [...path, key] });
    }
    const interactive = own.filter(({ element }) => isInteractive(element));
    return [...interactive, ...placedElements(block['child_blocks'], [...path, 'child_blocks'])];
  });
}

function elementsOf(block: JsonObject, key: string): { element: JsonObject; at: number }[] {
  if (block['type'] === 'rich_text') return [];
  return objects(block[key]).map((element, index) => ({ element, at: index }));
}

function isInteractive(element: JsonObject): boolean {
  return !['image', 'plain_text', 'mrkdwn', 'card'].includes(text(element['type']));
}

function fromIssue(blocks: readonly unknown[], issue: z.core.$ZodIssue): Finding {
  const path = ['blocks', ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return refusal(
      'V18',
      path,
      `Slack knows no ${issue.keys.map((key) => `"${key}"`).join(', ')} here.`,
    );
  }
  const type = text(at(blocks, [...issue.path, 'type']));
  const what =
    issue.code === 'invalid_union' && type !== '' ? `"${type}" may not stand here` : issue.message;
  return refusal(ruleOf(blocks, issue), path, what);
}

const RULES: Readonly<Record<string, string>> = {
  header: 'V5',
  section: 'V5',
  divider: 'V5',
  context: 'V5',
  actions: 'V5',
  input: 'V6',
  button: 'V7',
  checkboxes: 'V10',
  radio_buttons: 'V10',
  overflow: 'V10',
  plain_text_input: 'V11',
  number_input: 'V11',
  datepicker: 'V11',
  timepicker: 'V11',
  datetimepicker: 'V11',
  alert: 'V14',
  container: 'V14',
  plan: 'V14',
  task_card: 'V14',
  table: 'V15',
  data_table: 'V15',
  image: 'V17',
};

/** The rule a broken field falls under: what it is comes before what it is in. */
function ruleOf(blocks: readonly unknown[], { path, code }: z.core.$ZodIssue): string {
  if (path.includes('confirm')) return 'V12';
  if (path.at(-1) === 'block_id' || path.at(-1) === 'action_id') return 'V3';
  const optionAt = path.findIndex((part) => part === 'options' || part === 'initial_option');
  if (optionAt >= 0 && path.length > optionAt + 2) return 'V9';
  // Something of the wrong type breaks the rule of what it stands in.
  const wrongType = path.at(-1) === 'type' ? 2 : 1;
  for (let end = path.length - (code === 'invalid_union' ? wrongType : 0); end > 0; end -= 1) {
    const type = text(at(blocks, [...path.slice(0, end), 'type']));
    if (type.includes('select')) return 'V8';
    const rule = RULES[type];
    if (rule !== undefined) return rule;
  }
  return 'V4';
}

function checkPlaces(blocks: readonly unknown[], surface: SurfaceKind): Finding[] {
  const misplacedBlocks = blocks.flatMap((block, index): Finding[] => {
    const type = text(member(block, 'type'));
    const surfaces = BLOCK_SURFACES[type];
    if (surfaces === undefined || surfaces.includes(surface)) return [];
    return [refusal('3.1', ['blocks', index], `A ${type} block may not stand in a ${surface}.`)];
  });
  const misplacedElements = placedElements(blocks).flatMap(({ element, path }): Finding[] => {
    const surfaces = ELEMENT_SURFACES[text(element['type'])];
    if (surfaces === undefined || surfaces.includes(surface)) return [];
    return [refusal('3.1', path, `A ${text(element['type'])} may not stand in a ${surface}.`)];
  });
  return [...misplacedBlocks, ...misplacedElements];
}

/** A block with where it stands. */
export interface PlacedBlock {
  readonly block: unknown;
  readonly path: readonly PropertyKey[];
}

/** All blocks, those inside containers behind their container. */
export function placedBlocks(
  blocks: readonly unknown[],
  under: readonly PropertyKey[],
): PlacedBlock[] {
  return blocks.flatMap((block, index) => {
    const path = [...under, index];
    const children = member(block, 'child_blocks');
    const inside = Array.isArray(children) ? children : [];
    return [{ block, path }, ...placedBlocks(inside, [...path, 'child_blocks'])];
  });
}

function checkIds(blocks: readonly unknown[]): Finding[] {
  const findings: Finding[] = [];
  const blockIds = new Set<string>();
  for (const { block, path } of placedBlocks(blocks, ['blocks'])) {
    const id = text(member(block, 'block_id'));
    if (id !== '' && blockIds.has(id)) {
      findings.push(refusal('V3', [...path, 'block_id'], `block_id "${id}" is used twice.`));
    }
    blockIds.add(id);
  }
  const seen = new Map<string, JsonObject>();
  for (const { block, element, path } of placedElements(blocks)) {
    const id = text(element['action_id']);
    const before = seen.get(id);
    if (id !== '' && before !== undefined) {
      const sentence = `action_id "${id}" is used twice.`;
      findings.push(
        (before === block ? refusal : houseRule)('V3', [...path, 'action_id'], sentence),
      );
    }
    seen.set(id, block);
  }
  return findings;
}

function checkTables(blocks: readonly unknown[]): Finding[] {
  const all = blocks.flatMap((block) => [block, ...objects(member(block, 'child_blocks'))]);
  const tables = all.filter((block) => TABLES.has(text(member(block, 'type'))));
  const findings: Finding[] = [];
  if (tables.length > 1) {
    findings.push({
      ...refusal('V15', ['blocks'], 'A message may have one table.'),
      error: 'only_one_table_allowed',
    });
  }
  const characters = tables.reduce(
    (sum: number, table) => sum + cellCharacters(member(table, 'rows')),
    0,
  );
  if (characters > TABLE_TEXT_LIMIT) {
    findings.push(
      refusal(
        'V15',
        ['blocks'],
        `The cells hold ${characters} characters; ${TABLE_TEXT_LIMIT} are allowed.`,
      ),
    );
  }
  const markdown = all
    .filter((block) => member(block, 'type') === 'markdown')
    .reduce((sum: number, block) => sum + text(member(block, 'text')).length, 0);
  if (markdown > MARKDOWN_LIMIT) {
    findings.push(
      refusal(
        'F41',
        ['blocks'],
        `The markdown blocks hold ${markdown} characters; ${MARKDOWN_LIMIT} are allowed.`,
      ),
    );
  }
  return findings;
}

function cellCharacters(value: unknown): number {
  if (Array.isArray(value))
    return value.reduce((sum: number, item: unknown) => sum + cellCharacters(item), 0);
  if (!isObject(value)) return 0;
  return text(value['text']).length + cellCharacters(value['elements']);
}

function checkFocus(blocks: readonly unknown[]): Finding[] {
  const focused = placedElements(blocks).filter(({ element }) => element['focus_on_load'] === true);
  const second = focused[1];
  return second === undefined
    ? []
    : [refusal('V13', [...second.path, 'focus_on_load'], 'One element may have focus_on_load.')];
}
