import { type KnownBlock, type ModalView } from '@slack/types';

import { type Message } from '../messages/rich-text.ts';
import { plainName } from '../wording.ts';
import { calendarFields } from './calendar-fields.ts';
import { writeMetadata } from './choices.ts';
import {
  alert,
  catalogField,
  note,
  notifyField,
  optionsField,
  plainText,
  typesField,
  whenFields,
  yearField,
} from './fields.ts';
import { modeFields } from './mode-fields.ts';
import { closedSentence } from './left-out.ts';
import { type FormModel } from './model.ts';

/** callback_id of the form. */
export const FORM = 'push_form';
const TITLE = plainText('Push All Course Masters');

/** The form, its fields in the order of the product it follows (5.2). Whoever may start no push is told so instead. Pure: the same model gives the same view. */
export function formView(model: FormModel): ModalView {
  const closed = closedSentence(model);
  if (closed !== null) return sentenceView(closed);
  return {
    type: 'modal',
    callback_id: FORM,
    title: model.master === undefined ? TITLE : plainText('Push to Courses'),
    submit: plainText(model.choices.when === 'now' ? 'Run Now' : 'Submit to Batch'),
    close: plainText('Cancel'),
    private_metadata: writeMetadata(model.metadata),
    blocks: [
      note(
        `Pushes locked data to the courses that are linked to ${mastersOf(model)}. ` +
          'The year below decides, whatever calendar you have open elsewhere.',
      ),
      yearField(model),
      ...catalogField(model),
      ...calendarFields(model),
      ...modeFields(model),
      optionsField(model),
      typesField(model),
      ...whenFields(model),
      notifyField(model),
    ],
  };
}

function mastersOf({ master }: FormModel): string {
  if (master === undefined) return 'the course masters of the catalog';
  return `the course master ${plainName(master.number)} ${plainName(master.name)} of ${plainName(master.catalog)}`;
}

/** Shown at once when the data takes longer than Slack waits (F4). */
export function loadingView(): ModalView {
  return sentenceView('Loading…');
}

/** Shown when saving takes longer than Slack waits. */
export function savingView(): ModalView {
  return sentenceView('Saving your push… it is not submitted until this says so.');
}

/** A modal that only says something. */
export function sentenceView(text: string): ModalView {
  return { type: 'modal', title: TITLE, close: plainText('Close'), blocks: [note(text)] };
}

/** A message shown as a modal, for where no message can go. */
export function messageView(message: Message): ModalView {
  return { type: 'modal', title: TITLE, close: plainText('Close'), blocks: message.blocks };
}

const ALERT_BLOCK = 'form_alert';

/** What Slack sends back of a view, as far as it can be sent again. */
export interface SentView {
  readonly callback_id: string;
  readonly private_metadata: string;
  readonly title: { readonly text: string };
  readonly submit: { readonly text: string } | null;
  readonly close: { readonly text: string } | null;
  readonly blocks: readonly { readonly type: string; readonly block_id?: string | undefined }[];
}

/** The same view with an alert on top; all block_ids stay, so what was typed stays (F14, F16). */
export function withAlert(view: SentView, text: string): ModalView {
  // Slack sends back the blocks it accepted from us, with the ids it gave them.
  const blocks = view.blocks.filter((sent): sent is KnownBlock => sent.block_id !== ALERT_BLOCK);
  return {
    type: 'modal',
    callback_id: view.callback_id,
    private_metadata: view.private_metadata,
    title: plainText(view.title.text),
    ...(view.submit === null ? {} : { submit: plainText(view.submit.text) }),
    ...(view.close === null ? {} : { close: plainText(view.close.text) }),
    blocks: [{ ...alert('error', text), block_id: ALERT_BLOCK }, ...blocks],
  };
}
