/** What menus offer. */
import {
  type ConversationsSelect,
  type Option,
  type OptionGroup as SlackGroup,
} from '@slack/types';
import { type SelectOption } from '../../../slack-standin/contract.ts';
import { type Session } from '../session.ts';

export interface OptionGroup {
  readonly label?: string;
  readonly options: readonly SelectOption[];
}

/** The options of a static menu, in the app's groups. */
export function optionGroups(element: {
  readonly options?: readonly Option[];
  readonly option_groups?: readonly SlackGroup[];
}): readonly OptionGroup[] {
  if (element.option_groups === undefined)
    return [{ options: (element.options ?? []).map(toOption) }];
  return element.option_groups.map((group) => ({
    label: group.label.text,
    options: group.options.map(toOption),
  }));
}

/** A Slack option in short. */
export function toOption(option: Option): SelectOption {
  const { text, value = '', description } = option;
  return { text: text.text, value, ...(description && { description: description.text }) };
}

/** Everybody who is not a bot. */
export function userChoices(session: Session): OptionGroup {
  const people = session.state.people.filter((person) => !person.isBot);
  return {
    options: people.map(({ id, realName, name }) => ({
      value: id,
      text: realName,
      description: `@${name}`,
    })),
  };
}

const KINDS = { public: 'public', private: 'private', direct: 'im' } as const;

/** The conversations the person sees and the filter lets through. */
export function conversationChoices(
  session: Session,
  filter: NonNullable<ConversationsSelect['filter']> = {},
): OptionGroup {
  const {
    include,
    exclude_external_shared_channels: noExternal,
    exclude_bot_users: noBots,
  } = filter;
  const shown = session.state.channels.filter(
    (channel) =>
      !channel.isArchived &&
      (include === undefined || include.includes(KINDS[channel.kind])) &&
      !(noExternal === true && channel.isExternallyShared) &&
      !(noBots === true && channel.kind === 'direct'),
  );
  return {
    options: shown.map(({ id, name, kind }) => {
      return { value: id, text: kind === 'direct' ? session.state.appName : `# ${name}` };
    }),
  };
}
