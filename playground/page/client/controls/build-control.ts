/** Which control an interactive element becomes. */
import {
  type ActionsBlock,
  type InputBlock,
  type MultiChannelsSelect,
  type MultiConversationsSelect,
  type SectionBlock,
} from '@slack/types';
import { h } from '../dom.ts';
import { buttonControl } from './button.ts';
import { checkboxesControl, radioControl } from './choices.ts';
import { externalControl, multiExternalControl, multiListControl } from './comboboxes.ts';
import { type Control, type ControlContext } from './control.ts';
import { conversationChoices, optionGroups, userChoices } from './options.ts';
import { overflowControl } from './overflow.ts';
import { dateControl, dateTimeControl, timeControl } from './pickers.ts';
import {
  channelsSelectControl,
  conversationsSelectControl,
  staticSelectControl,
  usersSelectControl,
} from './select.ts';
import { textControl } from './text.ts';

type Accessory = Exclude<NonNullable<SectionBlock['accessory']>, { readonly type: 'image' }>;
export type InteractiveElement =
  Accessory | ActionsBlock['elements'][number] | InputBlock['element'];

/** Makes the control of an element. */
export function buildControl(element: InteractiveElement, context: ControlContext): Control {
  switch (element.type) {
    case 'button':
      return buttonControl(element, context);
    case 'radio_buttons':
      return radioControl(element, context);
    case 'checkboxes':
      return checkboxesControl(element, context);
    case 'overflow':
      return overflowControl(element, context);
    case 'datepicker':
      return dateControl(element, context);
    case 'timepicker':
      return timeControl(element, context);
    case 'datetimepicker':
      return dateTimeControl(element, context);
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return textControl(element, context);
    default:
      return buildSelect(element, context);
  }
}

function buildSelect(element: InteractiveElement, context: ControlContext): Control {
  switch (element.type) {
    case 'static_select':
      return staticSelectControl(element, context);
    case 'users_select':
      return usersSelectControl(element, context);
    case 'conversations_select':
      return conversationsSelectControl(element, context);
    case 'channels_select':
      return channelsSelectControl(element, context);
    default:
      return buildSearch(element, context);
  }
}

function buildSearch(element: InteractiveElement, context: ControlContext): Control {
  switch (element.type) {
    case 'external_select':
      return externalControl(element, context);
    case 'multi_external_select':
      return multiExternalControl(element, context);
    case 'multi_static_select':
      return multiListControl(element, context, {
        groups: optionGroups(element),
        key: 'selected_options',
        initial: (element.initial_options ?? []).flatMap((option) => option.value ?? []),
      });
    case 'multi_users_select':
      return multiListControl(element, context, {
        groups: [userChoices(context.session)],
        key: 'selected_users',
        initial: element.initial_users ?? [],
      });
    case 'multi_conversations_select':
    case 'multi_channels_select':
      return multiChannels(element, context);
    default:
      return notDrawn(element.type);
  }
}

function multiChannels(
  element: MultiConversationsSelect | MultiChannelsSelect,
  context: ControlContext,
): Control {
  return element.type === 'multi_channels_select'
    ? multiListControl(element, context, {
        groups: [conversationChoices(context.session, { include: ['public'] })],
        key: 'selected_channels',
        initial: element.initial_channels ?? [],
      })
    : multiListControl(element, context, {
        groups: [conversationChoices(context.session, element.filter)],
        key: 'selected_conversations',
        initial: element.initial_conversations ?? [],
      });
}

function notDrawn(type: string): Control {
  const node = h(
    'p',
    { class: 'unknown-block', tabindex: -1 },
    `A "${type}" element is not drawn here.`,
  );
  return {
    node,
    focus: () => {
      node.focus();
    },
  };
}
