import { type Backing } from './backing.ts';
import { type AppManifest, type JsonObject } from './contract.ts';
import { type Journal } from './journal.ts';
import { type MessageStore } from './messages.ts';
import { type Passes } from './passes.ts';
import { type Finding } from './rules/finding.ts';
import { type ViewStore } from './view-store.ts';
import { type World } from './world.ts';

/** Everything the Web API and the people at their clients share. */
export interface Core {
  readonly manifest: AppManifest;
  readonly scopes: readonly string[];
  readonly world: World;
  readonly journal: Journal;
  readonly messages: MessageStore;
  readonly views: ViewStore;
  readonly passes: Passes;
  readonly backing: Backing;
  /** Address of the stand-in's HTTP server, without a slash at the end. */
  readonly rootUrl: string;
}

/** `{ ok: false, error }`, Slack's answer to a call it refuses. */
export class SlackApiError extends Error {
  override readonly name = 'SlackApiError';
  readonly code: string;
  readonly details: JsonObject;

  constructor(code: string, details: JsonObject = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

/**
 * Records findings about a call and refuses it where Slack does.
 * @param usualError Slack's code for a bad payload of this method
 * @throws SlackApiError
 */
export function enforce(
  core: Core,
  where: string,
  found: { findings: readonly Finding[]; usualError: string },
): void {
  const refused = core.journal.report(where, found.findings, found.usualError);
  if (refused === undefined) return;
  const messages = found.findings
    .filter((finding) => finding.refused)
    .map((finding) => `[ERROR] ${finding.message} [json-pointer:${finding.pointer}]`);
  throw new SlackApiError(refused.error, { errors: messages, response_metadata: { messages } });
}

/** Passes an answer of the backing on, or throws its error. */
export function accepted(answer: JsonObject): JsonObject {
  if (answer['ok'] === true) return answer;
  const error = answer['error'];
  throw new SlackApiError(typeof error === 'string' ? error : 'internal_error', answer);
}
