import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';

import { type DeliveryTrouble } from '../../domain/delivery.ts';

/** What a call to Slack that did not work means for the message. */
export interface Trouble {
  readonly kind: DeliveryTrouble;
  /** How long Slack said to wait; 0 when it did not. */
  readonly waitMs: number;
  /** True when Slack may have done it all the same. */
  readonly mayBeDone: boolean;
}

/** Slack's codes of troubles that a person can do something about; other codes are `refused`. */
const CODES: Readonly<Record<string, DeliveryTrouble>> = {
  ratelimited: 'rate_limited',
  rate_limited: 'rate_limited',
  internal_error: 'no_answer',
  fatal_error: 'no_answer',
  request_timeout: 'no_answer',
  service_unavailable: 'no_answer',
  team_added_to_org: 'no_answer',
  missing_scope: 'access_lost',
  no_permission: 'access_lost',
  not_authed: 'access_lost',
  invalid_auth: 'access_lost',
  account_inactive: 'access_lost',
  token_revoked: 'access_lost',
  token_expired: 'access_lost',
  not_allowed_token_type: 'access_lost',
  access_denied: 'access_lost',
  team_access_not_granted: 'access_lost',
  org_login_required: 'access_lost',
  ekm_access_denied: 'access_lost',
  two_factor_setup_required: 'access_lost',
  not_in_channel: 'not_in_channel',
  is_archived: 'archived',
  is_inactive: 'archived',
  channel_not_found: 'no_such_channel',
  user_not_found: 'no_such_channel',
  user_disabled: 'no_such_channel',
  restricted_action: 'may_not_post',
  restricted_action_read_only_channel: 'may_not_post',
  restricted_action_thread_only_channel: 'may_not_post',
  restricted_action_non_threadable_channel: 'may_not_post',
  cannot_reply_to_message: 'may_not_post',
  message_not_found: 'gone',
  thread_not_found: 'gone',
  cant_update_message: 'gone',
  edit_window_closed: 'gone',
  invalid_blocks: 'blocks_refused',
  invalid_blocks_format: 'blocks_refused',
  msg_blocks_too_long: 'blocks_refused',
};

const LOST_CONVERSATION: ReadonlySet<DeliveryTrouble> = new Set([
  'not_in_channel',
  'archived',
  'no_such_channel',
  'may_not_post',
]);

/** We cannot post in this conversation; the person gets the message directly (5.8). */
export function isConversationLost(kind: DeliveryTrouble | undefined): boolean {
  return kind !== undefined && LOST_CONVERSATION.has(kind);
}

/** No call was made: Slack said a moment ago to wait. */
export class HeldBack extends Error {
  override readonly name = 'HeldBack';
  readonly waitMs: number;

  constructor(waitMs: number) {
    super('Slack asked to wait');
    this.waitMs = waitMs;
  }
}

/** The bytes of a report file did not arrive at Slack. @param status of the answer, if there was one */
export class UploadFailed extends Error {
  override readonly name = 'UploadFailed';
  readonly status: number | undefined;

  constructor(message: string, { status, cause }: { status?: number; cause?: unknown }) {
    super(message, { cause });
    this.status = status;
  }
}

/** @returns undefined when the error is none of Slack's: a fault of ours or of the database */
export function troubleOf(error: unknown): Trouble | undefined {
  if (error instanceof HeldBack) return limited(error.waitMs);
  // Without the third call nobody sees an upload, so that one may be repeated.
  if (error instanceof UploadFailed) {
    return clean((error.status ?? 500) >= 500 ? 'no_answer' : 'upload_refused');
  }
  return troubleOfWebApi(error);
}

function troubleOfWebApi(error: unknown): Trouble | undefined {
  if (error instanceof WebAPIRateLimitedError) return limited(error.retryAfter * 1000);
  if (error instanceof WebAPIRequestError) return UNANSWERED;
  if (error instanceof WebAPIHTTPError)
    return error.statusCode >= 500 ? UNANSWERED : clean('refused');
  if (!(error instanceof WebAPIPlatformError)) return undefined;
  const kind = CODES[error.data.error] ?? 'refused';
  if (kind === 'no_answer') return UNANSWERED;
  return kind === 'rate_limited' ? limited(1000) : clean(kind);
}

const UNANSWERED: Trouble = { kind: 'no_answer', waitMs: 0, mayBeDone: true };

function limited(waitMs: number): Trouble {
  return { kind: 'rate_limited', waitMs, mayBeDone: false };
}

function clean(kind: DeliveryTrouble): Trouble {
  return { kind, waitMs: 0, mayBeDone: false };
}

/** Slack's own code of a refusal, for the log and for `last_error`. */
export function codeOf(error: unknown): string {
  if (error instanceof WebAPIPlatformError) return error.data.error;
  return error instanceof Error ? error.message : String(error);
}
