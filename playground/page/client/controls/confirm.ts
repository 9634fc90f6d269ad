/** The confirm dialog of an element. */
import { type ConfirmationDialog } from '@slack/types';
import { h } from '../dom.ts';
import { type Session } from '../session.ts';
import { renderText } from '../text.ts';

/** Asks the question. @returns whether the person said yes; Esc is no */
export function askToConfirm(confirm: ConfirmationDialog, session: Session): Promise<boolean> {
  const dialog = h(
    'dialog',
    { class: 'confirm', 'aria-labelledby': 'confirm-title', 'aria-describedby': 'confirm-text' },
    h('h2', { id: 'confirm-title' }, confirm.title?.text),
    h('p', { id: 'confirm-text' }, renderText(confirm.text, session)),
    h(
      'form',
      { method: 'dialog', class: 'dialog-buttons' },
      h('button', { class: 'button', value: 'no' }, confirm.deny?.text ?? 'Cancel'),
      h(
        'button',
        { class: `button ${confirm.style === 'danger' ? 'danger' : 'primary'}`, value: 'yes' },
        confirm.confirm?.text ?? 'Yes',
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
  });
}
