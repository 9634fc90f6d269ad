/** What every control of an interactive element has, and how it tells the stand-in. */
import { type ConfirmationDialog } from '@slack/types';
import { type ActResult, type Choice, type JsonObject } from '../../../slack-standin/contract.ts';
import { type ElementPlace, type Session } from '../session.ts';
import { askToConfirm } from './confirm.ts';

export type Reporter = (result: ActResult, control: ElementPlace) => void;

export interface ControlContext extends ElementPlace {
  readonly session: Session;
  /** DOM id of the part that a label names. */
  readonly id: string;
  /** The form's value of the element; absent outside modals and before the first value. */
  readonly value?: JsonObject;
  /** Accessible name where no visible label is tied to the control. */
  readonly label?: string;
  /** Whether a text field tells the app by itself (`dispatch_action` of its input block). */
  readonly dispatches?: boolean;
  readonly report: Reporter;
}

export interface Control {
  readonly node: HTMLElement;
  focus(): void;
  /** Sends what was entered and is not sent yet. */
  flush?(): Promise<void>;
  /** What is typed but not sent, so that a rebuilt control can take it over. */
  unsent?(): string | undefined;
  restore?(text: string): void;
}

/** Marks the node that gets the focus, so that a rebuilt control can take it over. */
export function tag<T extends HTMLElement>(node: T, context: ControlContext): T {
  node.id = context.id;
  node.dataset['action'] = context.element.actionId;
  if (context.label !== undefined) node.setAttribute('aria-label', context.label);
  return node;
}

/**
 * Sends a choice, after the element's confirm dialog if it has one.
 * @returns false when the person backed out
 */
export async function choose(
  context: ControlContext,
  choice: Choice,
  confirm?: ConfirmationDialog,
): Promise<boolean> {
  if (confirm !== undefined && !(await askToConfirm(confirm, context.session))) return false;
  const { where, element } = context;
  context.report(
    await context.session.act({ kind: 'choose', where, element, choice: writable(choice) }),
    context,
  );
  return true;
}

function writable(choice: Choice): string | number | null | string[] {
  return typeof choice === 'object' && choice !== null ? [...choice] : choice;
}

/** The part of an element's state that `view.state.values` holds under this key. */
export function valueOf<T>(
  context: ControlContext,
  key: string,
  initial: T | undefined,
): T | undefined {
  if (context.value === undefined || !(key in context.value)) return initial;
  return (context.value[key] ?? undefined) as T | undefined;
}
