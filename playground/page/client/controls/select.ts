import {
  type ChannelsSelect,
  type ConversationsSelect,
  type Option,
  type StaticSelect,
  type UsersSelect,
} from '@slack/types';
import { h } from '../dom.ts';
import { choose, type Control, type ControlContext, tag, valueOf } from './control.ts';
import { conversationChoices, optionGroups, type OptionGroup, userChoices } from './options.ts';

/** A menu of fixed options, in groups if the app made groups. */
export function staticSelectControl(element: StaticSelect, context: ControlContext): Control {
  const chosen = valueOf<Option>(context, 'selected_option', element.initial_option)?.value;
  return nativeSelect(element, context, { chosen, groups: optionGroups(element) });
}

/** A menu of people. */
export function usersSelectControl(element: UsersSelect, context: ControlContext): Control {
  const chosen = valueOf<string>(context, 'selected_user', element.initial_user);
  return nativeSelect(element, context, { chosen, groups: [userChoices(context.session)] });
}

/** A menu of conversations that pass the element's filter. */
export function conversationsSelectControl(
  element: ConversationsSelect,
  context: ControlContext,
): Control {
  const chosen = valueOf<string>(context, 'selected_conversation', element.initial_conversation);
  const groups = [conversationChoices(context.session, element.filter)];
  return nativeSelect(element, context, { chosen, groups });
}

/** A menu of public channels. */
export function channelsSelectControl(element: ChannelsSelect, context: ControlContext): Control {
  const chosen = valueOf<string>(context, 'selected_channel', element.initial_channel);
  const groups = [conversationChoices(context.session, { include: ['public'] })];
  return nativeSelect(element, context, { chosen, groups });
}

interface Menu {
  readonly chosen: string | undefined;
  readonly groups: readonly OptionGroup[];
}
type SingleSelect = StaticSelect | UsersSelect | ConversationsSelect | ChannelsSelect;

function nativeSelect(element: SingleSelect, context: ControlContext, menu: Menu): Control {
  let confirmed = menu.chosen ?? '';
  const send = async (): Promise<void> => {
    if (await choose(context, node.value === '' ? null : node.value, element.confirm)) {
      confirmed = node.value;
    } else node.value = confirmed;
  };
  const node = tag(
    h(
      'select',
      { class: 'field-box', on: { change: () => void send() } },
      h('option', { value: '' }, element.placeholder?.text ?? 'Choose an option'),
      ...menu.groups.flatMap(({ label, options }): readonly HTMLElement[] => {
        const nodes = options.map(({ value, text }) => h('option', { value }, text));
        return label === undefined ? nodes : [h('optgroup', { label }, ...nodes)];
      }),
    ),
    context,
  );
  node.value = confirmed;
  const about = h('small', { class: 'option-description' });
  const describe = (): void => {
    const all = menu.groups.flatMap((group) => group.options);
    about.textContent = all.find((option) => option.value === node.value)?.description ?? '';
  };
  describe();
  node.addEventListener('change', describe);
  return {
    node: h('div', { class: 'select' }, node, about),
    focus: () => {
      node.focus();
    },
  };
}
