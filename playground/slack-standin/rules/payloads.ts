import { z } from 'zod';

import { type JsonObject } from '../contract.ts';
import { isObject, member, objects, text } from '../json.ts';
import { type Finding, houseRule, refusal } from './finding.ts';
import { checkBlocks, placedBlocks, placedElements } from './surfaces.ts';
import { plainText } from './text.ts';

const MESSAGE_BLOCKS = 50;
const VIEW_BLOCKS = 100;
const VIEW_BYTES = 250_000;
/** F23: found by trial in slackapi/bolt-js#2509; Slack documents no number. */
const MESSAGE_BLOCKS_CHARACTERS = 13_200;
const HOUSE_MESSAGE_CHARACTERS = 12_000;
const HOUSE_PLAN_TASKS = 12;
const EMOJI_ALONE = /^(?:\s|:[\w+-]+:|\p{Extended_Pictographic}|\u200D|\uFE0F)+$/u;

const modal = z.strictObject({
  type: z.literal('modal'),
  title: plainText(24),
  submit: plainText(24).optional(),
  close: plainText(24).optional(),
  blocks: z.array(z.unknown()).min(1).max(VIEW_BLOCKS),
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
  submit_disabled: z.boolean().optional(),
});
const home = modal
  .omit({ title: true, submit: true, close: true })
  .extend({ type: z.literal('home') });

/**
 * Checks a view (V1, V3–V20): its own fields, its blocks, and that a form has a submit button.
 * @param view the `view` value as sent
 */
export function checkView(view: unknown): Finding[] {
  if (!isObject(view)) return [refusal('V16', [], 'view must be an object')];
  if (JSON.stringify(view).length > VIEW_BYTES) {
    return [{ ...refusal('V1', [], 'The view is larger than 250 KB.'), error: 'view_too_large' }];
  }
  const isHome = view['type'] === 'home';
  const shape = (isHome ? home : modal).safeParse(view);
  const findings = shape.success ? [] : shape.error.issues.map(fromIssue);
  const blocks = view['blocks'];
  const hasInput =
    Array.isArray(blocks) && blocks.some((block) => member(block, 'type') === 'input');
  if (!isHome && hasInput && view['submit'] === undefined) {
    findings.push(refusal('V6', ['submit'], 'A modal with input blocks needs a submit button.'));
  }
  return [...findings, ...checkBlocks(blocks, isHome ? 'home' : 'modal'), ...checkHouse(blocks)];
}

function fromIssue(issue: z.core.$ZodIssue): Finding {
  if (issue.code === 'unrecognized_keys') {
    return refusal(
      'V18',
      issue.path,
      `A view has no ${issue.keys.map((key) => `"${key}"`).join(', ')}.`,
    );
  }
  return refusal(issue.path[0] === 'blocks' ? 'V1' : 'V16', issue.path, issue.message);
}

/**
 * Checks the text and blocks of a message (V1–V20); also ephemerals, response_url answers and command answers.
 * @param message the arguments of the call, JSON arguments parsed
 */
export function checkMessage(message: JsonObject): Finding[] {
  const findings: Finding[] = [];
  const blocks = message['blocks'];
  const hasBlocks = blocks !== undefined && !(Array.isArray(blocks) && blocks.length === 0);
  if (text(message['text']).trim() === '') {
    // F24: Slack takes blocks without text, but notifications and screen readers then have nothing to read.
    findings.push(
      hasBlocks
        ? houseRule(
            'V2',
            ['text'],
            'A message with blocks needs text for notifications and screen readers.',
          )
        : {
            ...refusal('V2', ['text'], 'The message has neither text nor blocks.'),
            error: 'no_text',
          },
    );
  }
  if (text(message['text']).length > 3000)
    findings.push(houseRule('V2', ['text'], 'text is longer than 3000 characters.'));
  if (EMOJI_ALONE.test(text(message['text'])))
    findings.push(houseRule('V2', ['text'], 'text says nothing but an emoji.'));
  if (callsEveryone(message['text'])) findings.push(callToEveryone(['text']));
  return hasBlocks ? [...findings, ...checkMessageBlocks(blocks), ...checkHouse(blocks)] : findings;
}

function checkMessageBlocks(blocks: unknown): Finding[] {
  const findings = checkBlocks(blocks, 'message');
  if (!Array.isArray(blocks)) return findings;
  if (blocks.length > MESSAGE_BLOCKS) {
    findings.push(
      refusal('V1', ['blocks'], `${blocks.length} blocks; a message may have ${MESSAGE_BLOCKS}.`),
    );
  }
  const characters = blocks.reduce(
    (sum: number, block: unknown) => sum + JSON.stringify(block).length,
    0,
  );
  for (const [index, block] of blocks.entries()) {
    if (member(block, 'type') !== 'input') continue;
    findings.push(houseRule('3.1', ['blocks', index], 'Our forms are modals, not messages.'));
  }
  if (characters > MESSAGE_BLOCKS_CHARACTERS) {
    findings.push({
      ...refusal(
        'F23',
        ['blocks'],
        `The blocks are ${characters} characters of JSON; about 13,200 are allowed.`,
      ),
      error: 'msg_blocks_too_long',
    });
  } else if (characters > HOUSE_MESSAGE_CHARACTERS) {
    findings.push(
      houseRule(
        'V1',
        ['blocks'],
        `The blocks are ${characters} characters of JSON; we stop at 12,000.`,
      ),
    );
  }
  return findings;
}

/** Rules of ours that Slack does not have: V7, V8, V12, V14, V15, V19. */
function checkHouse(blocks: unknown): Finding[] {
  const findings: Finding[] = [];
  for (const { element, path } of placedElements(blocks)) {
    const options = optionValues(element);
    if (new Set(options).size < options.length) {
      findings.push(houseRule('V8', [...path, 'options'], 'Two options have the same value.'));
    }
    const confirm = element['confirm'];
    if (
      isObject(confirm) &&
      ['title', 'confirm', 'deny'].some((key) => confirm[key] === undefined)
    ) {
      findings.push(
        houseRule('V12', [...path, 'confirm'], 'A confirm dialog needs title, confirm and deny.'),
      );
    }
    if (element['type'] === 'button' && text(member(element['text'], 'text')).length > 30) {
      findings.push(
        houseRule('V7', [...path, 'text'], 'Slack cuts a button text of more than 30 characters.'),
      );
    }
  }
  findings.push(...checkHouseBlocks(blocks));
  if (callsEveryone(blocks)) findings.push(callToEveryone(['blocks']));
  return findings;
}

function checkHouseBlocks(blocks: unknown): Finding[] {
  if (!Array.isArray(blocks)) return [];
  return placedBlocks(blocks, ['blocks']).flatMap(({ block, path }): Finding[] => {
    const findings: Finding[] = [];
    const elements = objects(member(block, 'elements'));
    if (elements.filter(({ style }) => style === 'primary').length > 1)
      findings.push(houseRule('V7', path, 'One button of a block may be primary.'));
    if (objects(member(block, 'tasks')).length > HOUSE_PLAN_TASKS)
      findings.push(houseRule('V14', path, `We show ${HOUSE_PLAN_TASKS} tasks of a plan at most.`));
    const rows = member(block, 'type') === 'table' ? member(block, 'rows') : undefined;
    const widths = (Array.isArray(rows) ? rows : []).map((row) =>
      Array.isArray(row) ? row.length : 0,
    );
    if (new Set(widths).size > 1)
      findings.push(houseRule('V15', path, 'Every row needs as many cells as the first.'));
    return findings;
  });
}

/** V19: a text, or a broadcast anywhere in blocks. What stands in a text field is a person's, and calls nobody. */
export function callsEveryone(content: unknown): boolean {
  const shown = JSON.stringify(content ?? null, (key, value: unknown) =>
    key === 'initial_value' ? undefined : value,
  );
  return /<!(channel|here|everyone)[|>]|"type":"broadcast"/.test(shown);
}

function callToEveryone(path: readonly PropertyKey[]): Finding {
  return houseRule('V19', path, 'The message calls everyone in the channel.');
}

function optionValues(element: JsonObject): string[] {
  const holders = [element, ...objects(element['option_groups'])];
  return holders.flatMap((holder) =>
    objects(holder['options']).map((option) => text(option['value'])),
  );
}
