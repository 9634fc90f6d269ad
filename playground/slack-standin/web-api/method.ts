import { z } from 'zod';

import { type JsonObject } from '../contract.ts';
import { type Core, enforce, SlackApiError } from '../core.ts';
import { refusal } from '../rules/finding.ts';

/** A Web API method: whose token it takes, the scopes of which one is needed, and what it does. */
export interface Method {
  readonly token: 'bot' | 'app' | 'none';
  readonly scopes: readonly string[];
  readonly run: (core: Core, args: JsonObject) => Promise<JsonObject>;
}

interface Definition<Args> {
  readonly name: string;
  readonly token?: Method['token'];
  readonly scopes?: readonly string[];
  readonly args: z.ZodType<Args>;
  readonly run: (core: Core, args: Args) => Promise<JsonObject> | JsonObject;
}

/** Defines a method; arguments that do not fit are answered with invalid_arguments. */
export function method<Args>(definition: Definition<Args>): [string, Method] {
  const { name, token = 'bot', scopes = [], args: schema, run } = definition;
  return [
    name,
    {
      token,
      scopes,
      run: async (core, args) => {
        const parsed = schema.safeParse(args);
        if (parsed.success) return run(core, parsed.data);
        const findings = parsed.error.issues.map((issue) =>
          refusal('V29', issue.path, `${name}: ${issue.message}`),
        );
        enforce(core, name, { findings, usualError: 'invalid_arguments' });
        throw new SlackApiError('invalid_arguments');
      },
    },
  ];
}

/** A boolean argument, which arrives as text in a form. */
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
  .transform((value) => value === true || value === 'true' || value === '1')
  .optional();

/** An argument that must be there and not empty. */
export const needed = z.string().min(1);

/** Throws missing_scope unless the bot holds one of the scopes. */
export function needScope(core: Core, where: string, anyOf: readonly string[]): void {
  if (anyOf.length === 0 || anyOf.some((scope) => core.scopes.includes(scope))) return;
  const wanted = anyOf.join(', ');
  core.journal.report(
    where,
    [refusal('V29', [], `The manifest lacks the scope ${wanted}.`)],
    'missing_scope',
  );
  throw new SlackApiError('missing_scope', {
    needed: anyOf.join(','),
    provided: core.scopes.join(','),
  });
}
