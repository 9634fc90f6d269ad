import { type KnownBlock } from '@slack/types';

import { SHORTEST_REASON } from '../../domain/approval.ts';
import { PUSH_MODE_LABELS } from '../../domain/push-options.ts';
import { block, FIELD } from './choices.ts';
import { alert, choice, plainText, radio } from './fields.ts';
import { leftOutSentence, mayOverwrite } from './left-out.ts';
import { type FormModel } from './model.ts';

/** 4. Push Mode: Overwrite only for whoever may ask for it, with a warning and a required reason once Overwrite is chosen. */
export function modeFields(model: FormModel): KnownBlock[] {
  const { choices } = model;
  const isOffered = mayOverwrite(model);
  const options = [
    choice('push_locked', PUSH_MODE_LABELS.push_locked, 'Keeps teacher-created grading setup.'),
    choice(
      'overwrite',
      PUSH_MODE_LABELS.overwrite,
      'Replaces most teacher-created setup. Needs approval.',
    ),
  ];
  const field: KnownBlock = {
    type: 'input',
    block_id: block.mode,
    dispatch_action: true,
    label: plainText('Push Mode'),
    ...(isOffered
      ? {}
      : { hint: plainText(leftOutSentence(['Overwrite (Write)'], model.grantors)) }),
    element: radio(
      FIELD.mode,
      isOffered ? options : options.slice(0, 1),
      isOffered && choices.mode === 'overwrite' ? 1 : 0,
    ),
  };
  return isOffered && choices.mode === 'overwrite' ? [field, ...overwriteFields(model)] : [field];
}

/** What Overwrite means, and why it is asked for. */
function overwriteFields({ choices, years }: FormModel): KnownBlock[] {
  const isCurrent = years.find(({ id }) => id === choices.yearId)?.isActive === true;
  return [
    isCurrent
      ? alert('error', 'Overwriting the current year can mean moving grades by hand.')
      : alert(
          'warning',
          'Most setup that schools and teachers made is replaced. Student work stays.',
        ),
    {
      type: 'input',
      block_id: block.reason,
      label: plainText('Reason'),
      hint: plainText('Whoever approves the overwrite reads it.'),
      element: {
        type: 'plain_text_input',
        action_id: FIELD.reason,
        multiline: true,
        min_length: SHORTEST_REASON,
        max_length: 500,
        ...(choices.reason.length < SHORTEST_REASON ? {} : { initial_value: choices.reason }),
      },
    },
  ];
}
