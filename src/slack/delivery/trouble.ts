import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';

/** What a call to Slack that did not work means for the message. */
export type Trouble =
  /** Slack said wait; nothing was posted. */
  | { readonly kind: 'rate_limited'; readonly waitMs: number }
  /** No answer, or none that tells: Slack may have done it. */
  | { readonly kind: 'unknown' }
  /** We cannot post in this conversation; the person gets it directly (5.8). */
  | { readonly kind: 'channel_lost' }
  /** The message or thread that it hangs on was deleted. */
  | { readonly kind: 'gone' }
  /** Slack does not take these blocks. */
  | { readonly kind: 'blocks_refused' }
  /** Slack said no for another reason. */
  | { readonly kind: 'refused' };

const CODES: Readonly<Record<string, Trouble['kind']>> = {
  not_in_channel: 'channel_lost',
  channel_not_found: 'channel_lost',
  is_archived: 'channel_lost',
  is_inactive: 'channel_lost',
  restricted_action: 'channel_lost',
  restricted_action_read_only_channel: 'channel_lost',
  restricted_action_thread_only_channel: 'channel_lost',
  restricted_action_non_threadable_channel: 'channel_lost',
  cannot_reply_to_message: 'channel_lost',
  message_not_found: 'gone',
  thread_not_found: 'gone',
  cant_update_message: 'gone',
  edit_window_closed: 'gone',
  invalid_blocks: 'blocks_refused',
  invalid_blocks_format: 'blocks_refused',
  msg_blocks_too_long: 'blocks_refused',
  internal_error: 'unknown',
  fatal_error: 'unknown',
  request_timeout: 'unknown',
  service_unavailable: 'unknown',
};

/** @returns undefined when the error is none of Slack's: a fault of ours or of the database */
export function troubleOf(error: unknown): Trouble | undefined {
  if (error instanceof WebAPIRateLimitedError) {
    return { kind: 'rate_limited', waitMs: error.retryAfter * 1000 };
  }
  if (error instanceof WebAPIRequestError) return { kind: 'unknown' };
  if (error instanceof WebAPIHTTPError) {
    return { kind: error.statusCode >= 500 ? 'unknown' : 'refused' };
  }
  if (!(error instanceof WebAPIPlatformError)) return undefined;
  const kind = CODES[error.data.error] ?? 'refused';
  return kind === 'rate_limited' ? { kind, waitMs: 1000 } : { kind };
}

/** Slack's own code of a refusal, for the log and for `last_error`. */
export function codeOf(error: unknown): string {
  if (error instanceof WebAPIPlatformError) return error.data.error;
  return error instanceof Error ? error.message : String(error);
}
