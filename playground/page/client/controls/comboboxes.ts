/** The searchable menus: every multi-select, and selects whose options the app suggests. */
import {
  type ExternalSelect,
  type MultiChannelsSelect,
  type MultiConversationsSelect,
  type MultiExternalSelect,
  type MultiStaticSelect,
  type MultiUsersSelect,
  type Option,
} from '@slack/types';
import { type Suggestions } from '../../../slack-standin/contract.ts';
import { Combobox } from './combobox.ts';
import { choose, type Control, type ControlContext, valueOf } from './control.ts';
import { type OptionGroup, toOption } from './options.ts';

const DEFAULT_MIN_QUERY = 3;

/** One option out of the app's suggestions. */
export function externalControl(element: ExternalSelect, context: ControlContext): Control {
  const chosen = valueOf<Option>(context, 'selected_option', element.initial_option);
  return new Combobox(context, {
    ...remote(element, context),
    isMulti: false,
    chosen: chosen === undefined ? [] : [toOption(chosen)],
    send: (values) => choose(context, values[0] ?? null, element.confirm),
  });
}

/** Several options out of the app's suggestions. */
export function multiExternalControl(
  element: MultiExternalSelect,
  context: ControlContext,
): Control {
  const chosen = valueOf<readonly Option[]>(context, 'selected_options', element.initial_options);
  return new Combobox(context, {
    ...remote(element, context),
    isMulti: true,
    limit: element.max_selected_items ?? Infinity,
    chosen: (chosen ?? []).map(toOption),
    send: (values) => choose(context, values, element.confirm),
  });
}

type MultiList =
  MultiStaticSelect | MultiUsersSelect | MultiConversationsSelect | MultiChannelsSelect;

interface ListSource {
  readonly groups: readonly OptionGroup[];
  /** Where `view.state.values` holds the choice. */
  readonly key:
    'selected_options' | 'selected_users' | 'selected_conversations' | 'selected_channels';
  readonly initial: readonly string[];
}

/** Several options out of a list that is all there; typing narrows it. */
export function multiListControl(
  element: MultiList,
  context: ControlContext,
  source: ListSource,
): Control {
  const state = valueOf<readonly (string | Option)[]>(context, source.key, source.initial) ?? [];
  const ids = new Set(state.map((entry) => (typeof entry === 'string' ? entry : entry.value)));
  const all = source.groups.flatMap((group) => group.options);
  return new Combobox(context, {
    isMulti: true,
    limit: element.max_selected_items ?? Infinity,
    placeholder: element.placeholder?.text ?? 'Choose options',
    chosen: all.filter((option) => ids.has(option.value)),
    minQuery: 0,
    isRemote: false,
    find: (query) => Promise.resolve({ groups: narrowed(source.groups, query) }),
    send: (values) => choose(context, values, element.confirm),
  });
}

function narrowed(groups: readonly OptionGroup[], query: string): readonly OptionGroup[] {
  const wanted = query.trim().toLocaleLowerCase();
  return groups
    .map((group) => ({
      ...group,
      options: group.options.filter((option) => option.text.toLocaleLowerCase().includes(wanted)),
    }))
    .filter((group) => group.options.length > 0);
}

function remote(element: ExternalSelect | MultiExternalSelect, context: ControlContext) {
  return {
    placeholder: element.placeholder?.text ?? 'Search',
    minQuery: element.min_query_length ?? DEFAULT_MIN_QUERY,
    isRemote: true,
    find: async (query: string): Promise<Found> =>
      found(
        await context.session.suggest({ where: context.where, element: context.element }, query),
      ),
  };
}

/** What a search found, or why it found nothing. */
export interface Found {
  readonly groups: readonly OptionGroup[];
  readonly failure?: string;
}

function found({ options, groups, failure }: Suggestions): Found {
  const all: readonly OptionGroup[] = options.length > 0 ? [{ options }, ...groups] : groups;
  return failure === undefined ? { groups: all } : { groups: all, failure };
}
