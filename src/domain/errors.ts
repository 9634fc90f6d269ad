/** Fields of the form that a refusal can stand at. */
export type FormField =
  'year' | 'catalog' | 'calendars' | 'mode' | 'options' | 'types' | 'when' | 'at' | 'reason';

/** A refusal the person who asked can act on. `message` is shown to them as it stands. */
export class PushRefused extends Error {
  override readonly name = 'PushRefused';
  readonly code: RefusalCode;
  /** The form field to show the message at, when there is one. */
  readonly field: FormField | undefined;
  /** When it was decided otherwise, for a message that names the reader's time. */
  readonly at: Date | undefined;

  constructor(
    code: RefusalCode,
    message: string,
    options?: ErrorOptions & { readonly field?: FormField; readonly at?: Date },
  ) {
    super(message, options);
    this.code = code;
    this.field = options?.field;
    this.at = options?.at;
  }
}

export type RefusalCode =
  | 'unknown_person'
  | 'not_permitted'
  | 'not_found'
  | 'invalid_options'
  | 'already_decided'
  | 'wrong_state';
