/** One thing wrong with a payload. Pure data, so that the same rules serve unit tests and the stand-in. */
export interface Finding {
  /** `V1`… of the design's section 3, F… for facts. */
  readonly rule: string;
  /** JSON pointer into the payload. */
  readonly pointer: string;
  readonly message: string;
  /** True: Slack refuses it. False: Slack takes it, our own rules do not. */
  readonly refused: boolean;
  /** Slack's code when it is another one than the method's usual code for a bad payload. */
  readonly error?: string;
}

/** Writes a path as a JSON pointer. */
export function pointer(path: readonly PropertyKey[]): string {
  return path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

/** A finding that Slack answers with an error. */
export function refusal(rule: string, path: readonly PropertyKey[], message: string): Finding {
  return { rule, pointer: pointer(path), message, refused: true };
}

/** A finding about a rule of ours that Slack does not have. */
export function houseRule(rule: string, path: readonly PropertyKey[], message: string): Finding {
  return { rule, pointer: pointer(path), message, refused: false };
}
