import {
  type EmailInput,
  type NumberInput,
  type PlainTextInput,
  type URLInput,
} from '@slack/types';
import { h } from '../dom.ts';
import { type Control, type ControlContext, tag, valueOf } from './control.ts';

type TextElement = PlainTextInput | EmailInput | NumberInput | URLInput;
const DISPATCH_PAUSE_MS = 300;
const INPUT_TYPES = {
  plain_text_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'text',
} as const;

/** A text field. Sends when it loses the focus; on Enter or while typing only where the app asked for it. */
export function textControl(element: TextElement, context: ControlContext): Control {
  const dispatches = context.dispatches === true;
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];
  const sendsOnEnter = dispatches && triggers.includes('on_enter_pressed');
  const sendsWhileTyping = dispatches && triggers.includes('on_character_entered');
  const node = tag(fieldNode(element), context);
  let sent = valueOf<string>(context, 'value', element.initial_value) ?? '';
  node.value = sent;
  let pause: ReturnType<typeof setTimeout> | undefined;

  const send = async (enter: boolean): Promise<void> => {
    clearTimeout(pause);
    const text = node.value;
    if (text === sent && !enter) return;
    sent = text;
    const { session, where, element: ref } = context;
    context.report(await session.act({ kind: 'type', where, element: ref, text, enter }), context);
  };
  node.addEventListener('change', () => void send(false));
  node.addEventListener('input', () => {
    clearTimeout(pause);
    if (sendsWhileTyping) pause = setTimeout(() => void send(false), DISPATCH_PAUSE_MS);
  });
  node.addEventListener('keydown', (event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== 'Enter' || !sendsOnEnter) return;
    if (node instanceof HTMLTextAreaElement && event.shiftKey) return;
    event.preventDefault();
    void send(true);
  });
  return {
    node,
    focus: () => {
      node.focus();
    },
    flush: () => send(false),
    unsent: () => (node.value === sent ? undefined : node.value),
    restore: (text) => {
      node.value = text;
    },
  };
}

function fieldNode(element: TextElement): HTMLInputElement | HTMLTextAreaElement {
  const shared = { class: 'field-box', placeholder: element.placeholder?.text };
  if (element.type !== 'plain_text_input') {
    const inputmode = element.type === 'number_input' ? 'decimal' : undefined;
    return h('input', { ...shared, type: INPUT_TYPES[element.type], inputmode });
  }
  // No maxlength: Slack lets the person type on and says at the field what is too long.
  return element.multiline === true
    ? h('textarea', { ...shared, rows: 4 })
    : h('input', { ...shared, type: 'text' });
}
