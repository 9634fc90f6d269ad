import { isObject, member, objects, text } from '../json.ts';
import { type JsonObject, type SlackView } from '../contract.ts';
import { z } from 'zod';

import { type Finding, refusal } from './finding.ts';
import { checkMessage, checkView } from './payloads.ts';
import { optionGroup, selectOption } from './text.ts';

const optionsAnswer = z.union([
  z.strictObject({ options: z.array(selectOption).max(100) }),
  z.strictObject({ option_groups: z.array(optionGroup).max(100) }),
]);

/** V26: the answer to a request for options. @param body what the app acknowledged with */
export function checkOptionsAck(body: unknown): Finding[] {
  const shape = optionsAnswer.safeParse(body);
  if (!shape.success) {
    return [
      refusal(
        'V26',
        [],
        'The answer must be { options } or { option_groups } with valid options, at most 100.',
      ),
    ];
  }
  const answer: unknown = shape.data;
  const inGroups = objects(member(answer, 'option_groups')).flatMap((group) =>
    objects(group['options']),
  );
  return inGroups.length > 100
    ? [refusal('V26', ['option_groups'], 'More than 100 options in all.')]
    : [];
}

/** V25: the answer to a view_submission. @param view the view that was submitted */
export function checkSubmissionAck(body: JsonObject, view: SlackView): Finding[] {
  switch (body['response_action']) {
    case undefined:
      return Object.keys(body).length === 0
        ? []
        : [refusal('V25', [], 'An answer with a body needs response_action.')];
    case 'clear':
      return Object.keys(body).length === 1
        ? []
        : [refusal('V25', [], 'clear has nothing beside response_action.')];
    case 'errors':
      return checkErrors(body['errors'], view);
    case 'update':
    case 'push':
      if (member(body['view'], 'type') !== 'modal')
        return [refusal('V25', ['view', 'type'], 'A modal can only be followed by a modal.')];
      return checkView(body['view']).map((finding) => ({
        ...finding,
        pointer: `/view${finding.pointer}`,
      }));
    default:
      return [
        refusal(
          'V25',
          ['response_action'],
          'response_action must be errors, update, push or clear.',
        ),
      ];
  }
}

function checkErrors(errors: unknown, view: SlackView): Finding[] {
  if (!isObject(errors) || Object.keys(errors).length === 0) {
    return [refusal('V25', ['errors'], 'errors must name at least one block.')];
  }
  const inputs = view.blocks
    .filter((block) => block['type'] === 'input')
    .map((block) => text(block['block_id']));
  return Object.entries(errors).flatMap(([blockId, sentence]): Finding[] => {
    if (!inputs.includes(blockId)) {
      return [
        refusal('F16', ['errors', blockId], `"${blockId}" is not an input block of this view.`),
      ];
    }
    const length = text(sentence).length;
    return length >= 1 && length <= 150
      ? []
      : [refusal('V25', ['errors', blockId], 'The error must be 1 to 150 characters.')];
  });
}

/** V27: the answer to a slash command: nothing, plain text, or one message. */
export function checkCommandAck(body: unknown): Finding[] {
  if (body === undefined || typeof body === 'string') return [];
  if (!isObject(body))
    return [refusal('V27', [], 'A command is answered with nothing, text or one message.')];
  return Object.keys(body).length === 0 ? [] : checkMessage(body);
}
