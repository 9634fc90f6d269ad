import { type JsonObject, type OpenView } from '../contract.ts';
import { isEmptyState } from '../form-state.ts';
import { isObject, text } from '../json.ts';

/** What a client says beside the fields before it sends a form at all. */
export function clientErrors(open: OpenView): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of open.view.blocks) {
    const element = block['element'];
    if (block['type'] !== 'input' || !isObject(element)) continue;
    const blockId = text(block['block_id']);
    const state = open.values[blockId]?.[text(element['action_id'])];
    const error = fieldError(block, element, state);
    if (error !== undefined) errors[blockId] = error;
  }
  return errors;
}

function fieldError(
  block: JsonObject,
  element: JsonObject,
  state: JsonObject | undefined,
): string | undefined {
  if (isEmptyState(state)) {
    return block['optional'] === true ? undefined : 'Please complete this required field.';
  }
  const value = text(state?.['value']);
  switch (element['type']) {
    case 'plain_text_input':
      return lengthError(element, value);
    case 'number_input':
      return numberError(element, value);
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)
        ? undefined
        : 'Please enter a valid email address.';
    case 'url_text_input':
      return URL.canParse(value) ? undefined : 'Please enter a valid URL.';
    default:
      return undefined;
  }
}

function lengthError(element: JsonObject, value: string): string | undefined {
  const least = Number(element['min_length'] ?? 0);
  const most = Number(element['max_length'] ?? 3000);
  if (value.length < least) return `Please enter at least ${least} characters.`;
  return value.length > most ? `Please enter at most ${most} characters.` : undefined;
}

function numberError(element: JsonObject, value: string): string | undefined {
  const pattern = element['is_decimal_allowed'] === true ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (!pattern.test(value)) return 'Please enter a number.';
  const [min, max] = [element['min_value'], element['max_value']];
  if (typeof min === 'string' && Number(value) < Number(min)) return `Please enter ${min} or more.`;
  if (typeof max === 'string' && Number(value) > Number(max)) return `Please enter ${max} or less.`;
  return undefined;
}
