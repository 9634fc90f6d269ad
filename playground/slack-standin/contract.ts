/**
 * What the playground's page and the end-to-end tests may use of the Slack stand-in.
 * Ids, payload shapes and error codes are Slack's own; everything else is named in plain words.
 */

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** The part of an app manifest that the stand-in enforces. Other keys are ignored. */
export interface AppManifest {
  readonly display_information: { readonly name: string };
  readonly features?: {
    readonly bot_user?: { readonly display_name: string };
    readonly app_home?: { readonly home_tab_enabled?: boolean };
    readonly slash_commands?: readonly ManifestCommand[];
    readonly shortcuts?: readonly ManifestShortcut[];
  };
  readonly oauth_config?: {
    readonly scopes?: {
      readonly bot?: readonly string[];
      readonly bot_optional?: readonly string[];
    };
  };
  readonly settings?: {
    readonly socket_mode_enabled?: boolean;
    readonly interactivity?: {
      readonly is_enabled: boolean;
      readonly request_url?: string;
      readonly message_menu_options_url?: string;
    };
    readonly event_subscriptions?: { readonly bot_events?: readonly string[] };
  };
}
export interface ManifestCommand {
  readonly command: string;
  readonly description?: string;
  readonly usage_hint?: string;
  readonly should_escape?: boolean;
}
export interface ManifestShortcut {
  readonly name: string;
  readonly type: 'global' | 'message';
  readonly callback_id: string;
}

export interface StandInOptions {
  readonly manifest: AppManifest;
  readonly people: readonly PersonSeed[];
  readonly channels: readonly ChannelSeed[];
  readonly userGroups?: readonly UserGroupSeed[];
  /** Current time in milliseconds; only the age of triggers and response_urls is read from it. */
  readonly clock?: () => number;
}
export interface PersonSeed {
  /** `U…`; chosen by the caller so that rights can be seeded for it. */
  readonly id: string;
  /** Handle without @. */
  readonly name: string;
  readonly realName: string;
  /** IANA zone; default America/Chicago. */
  readonly timeZone?: string;
  readonly locale?: string;
  readonly email?: string;
  readonly isAdmin?: boolean;
  readonly isRestricted?: boolean;
  readonly isDeactivated?: boolean;
  /** Of another workspace, met in a shared channel; default: the workspace of the app. */
  readonly teamId?: string;
}
export interface ChannelSeed {
  /** `C…`. */
  readonly id: string;
  readonly name: string;
  readonly isPrivate?: boolean;
  readonly isArchived?: boolean;
  readonly isExternallyShared?: boolean;
  /** People's ids; default: everyone. */
  readonly members?: readonly string[];
  /** Is the app's bot a member; default true. */
  readonly hasBot?: boolean;
}
export interface UserGroupSeed {
  readonly id: string;
  readonly handle: string;
  readonly users: readonly string[];
  readonly isDisabled?: boolean;
}

export interface PersonInfo extends Required<PersonSeed> {
  readonly isBot: boolean;
}
export interface ChannelInfo {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'direct';
  readonly isArchived: boolean;
  readonly isExternallyShared: boolean;
  /** Ids of people, and of the bot if it is in. */
  readonly members: readonly string[];
}

export interface StoredMessage {
  readonly channel: string;
  readonly ts: string;
  /** The root's ts, on replies and on a root that has replies. */
  readonly threadTs?: string;
  readonly isReply: boolean;
  readonly isBroadcast: boolean;
  /** Author: a person's id or the bot's. */
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly files: readonly StoredFile[];
  readonly metadata?: JsonObject;
  /** Slack shows "(edited)". */
  readonly isEdited: boolean;
  readonly replyCount: number;
  readonly permalink: string;
}
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimeType: string;
  readonly size: number;
}
export interface EphemeralMessage {
  /** `ts` addresses it like a message: `{ channel, ts }`. */
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  readonly threadTs?: string;
  readonly text: string;
  readonly blocks: readonly JsonObject[];
}

/** `view.state.values`: by block_id, then action_id, each as Slack sends it. */
export type StateValues = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

export interface OpenView {
  readonly id: string;
  readonly rootViewId: string;
  readonly previousViewId: string | null;
  readonly hash: string;
  /** The payload the app sent; every block and interactive element has its block_id and action_id. */
  readonly view: SlackView;
  readonly values: StateValues;
  /** Messages beside fields, by block_id, from the client or from an `errors` answer. */
  readonly errors: Readonly<Record<string, string>>;
}
export interface SlackView extends JsonObject {
  readonly type: 'modal' | 'home';
  readonly blocks: readonly JsonObject[];
}

export interface SelectOption {
  readonly text: string;
  readonly value: string;
  readonly description?: string;
}
export interface Suggestions {
  readonly options: readonly SelectOption[];
  readonly groups: readonly { readonly label: string; readonly options: readonly SelectOption[] }[];
  /** What the open menu says instead of options when the app did not answer. */
  readonly failure?: string;
}

/** An element: its action_id or block_id, or both when one alone is not unique. */
export type ElementRef = string | { readonly blockId: string; readonly actionId: string };
/** Where the element is: the top modal (default), the Home tab, or a message (also ephemeral). */
export type Surface = 'modal' | 'home' | { readonly channel: string; readonly ts: string };
/** Option value(s), id(s), `YYYY-MM-DD`, `HH:mm`, Unix seconds for datetimepicker; null clears. */
export type Choice = string | number | null | readonly string[];

/** What the person's Slack client shows after an act. */
export interface ActResult {
  /** True when the app acknowledged in time with an answer Slack accepts. */
  readonly ok: boolean;
  /** Slack's code when not ok: operation_timeout, dispatch_failed, invalid_command, ... or client_refused. */
  readonly error?: string;
  /** The sentence the client prints; for an acknowledged command the ephemeral's text. */
  readonly shown?: string;
  readonly fieldErrors?: Readonly<Record<string, string>>;
  /** The top modal afterwards. */
  readonly view?: OpenView;
}

/** Someone at a Slack client. Acts are refused with `ClientRefusesError` where a client has no such control. */
export interface Person {
  readonly info: PersonInfo;
  slash(command: string, text: string, channelId: string): Promise<ActResult>;
  shortcut(callbackId: string, message?: { channel: string; ts: string }): Promise<ActResult>;
  openHome(): Promise<ActResult>;
  /** Posts as the person. @returns the message's ts */
  say(channelId: string, text: string, threadTs?: string): Promise<string>;
  /** A button; a confirm dialog counts as confirmed. */
  click(where: Surface, element: ElementRef): Promise<ActResult>;
  /** Selects, checkboxes, radios, pickers, overflow. */
  choose(element: ElementRef, choice: Choice, where?: Surface): Promise<ActResult>;
  type(
    element: ElementRef,
    text: string,
    how?: { enter?: boolean; where?: Surface },
  ): Promise<ActResult>;
  /** Opens an external select and types. */
  suggest(element: ElementRef, query: string, where?: Surface): Promise<Suggestions>;
  submit(): Promise<ActResult>;
  /** Closes the top modal; its `close` button and the cross do the same. */
  close(): Promise<ActResult>;
  /** Closes the whole stack. */
  closeAll(): Promise<ActResult>;
}

/** Something the app did that Slack refuses or that breaks a rule of ours. */
export interface RuleViolation {
  readonly at: number;
  /** `V01`… of the design's section 3, or F… */
  readonly rule: string;
  /** Web API method, or ack of command, action, options, view_submission. */
  readonly where: string;
  /** Slack's error code. */
  readonly error: string;
  /** JSON pointer into the payload, empty when it is about the whole call. */
  readonly pointer: string;
  readonly message: string;
  /** True when Slack refuses it; false when Slack takes it and only our own rules do not. */
  readonly refused: boolean;
}
export interface RecordedCall {
  readonly at: number;
  readonly method: string;
  readonly args: JsonObject;
  readonly status: number;
  readonly response: JsonObject;
  readonly durationMs: number;
}

export interface BackingCall {
  readonly method: string;
  /** Absent when it was accepted. */
  readonly error?: string;
}

export type Fault =
  | { readonly kind: 'rate_limited'; readonly retryAfterSeconds: number }
  | { readonly kind: 'server_error'; readonly status?: number }
  | { readonly kind: 'error'; readonly error: string }
  /** Slack performs the call, the answer is lost. */
  | { readonly kind: 'cut_after' }
  | { readonly kind: 'slow'; readonly delayMs: number };

export type LiveEvent =
  | { readonly type: 'message_posted' | 'message_updated'; readonly message: StoredMessage }
  | { readonly type: 'message_deleted'; readonly channel: string; readonly ts: string }
  | { readonly type: 'ephemeral'; readonly message: EphemeralMessage }
  | {
      readonly type: 'ephemeral_removed';
      readonly user: string;
      readonly channel: string;
      readonly ts: string;
    }
  | {
      readonly type: 'view_opened' | 'view_updated' | 'view_closed';
      readonly user: string;
      readonly view: OpenView;
    }
  | { readonly type: 'home_published'; readonly user: string; readonly view: OpenView }
  | { readonly type: 'file_shared'; readonly channel: string; readonly file: StoredFile }
  | { readonly type: 'people_or_channels_changed' }
  | { readonly type: 'call'; readonly call: RecordedCall }
  | { readonly type: 'violation'; readonly violation: RuleViolation };

export interface SlackStandIn {
  /** For SLACK_API_URL; ends with /api/. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly teamId: string;
  readonly appId: string;
  readonly botUserId: string;
  /** Says where the app's HTTP receiver listens, for example http://127.0.0.1:3000/slack/events. */
  connectHttp(requestUrl: string): void;
  /** Resolves once a Socket Mode client is connected. */
  socketConnected(): Promise<void>;
  people(): readonly PersonInfo[];
  channels(): readonly ChannelInfo[];
  person(userId: string): Person;
  /** Roots and replies, oldest first. */
  messages(channelId: string): readonly StoredMessage[];
  ephemeral(userId: string): readonly EphemeralMessage[];
  fileContent(fileId: string): Uint8Array;
  homeView(userId: string): OpenView | undefined;
  /** Open modals, bottom first. */
  viewStack(userId: string): readonly OpenView[];
  violations(): readonly RuleViolation[];
  calls(): readonly RecordedCall[];
  /** What npm `emulate`, with the app’s token and strict scopes, was asked on behalf of the app. */
  backingCalls(): readonly BackingCall[];
  /** @returns unsubscribe */
  subscribe(listener: (event: LiveEvent) => void): () => void;
  /** @param method of the Web API, or `upload` for the bytes of a file: the only faults there are error and server_error */
  readonly faults: {
    next(method: string, fault: Fault, times?: number): void;
    /** Takes back what was ordered and did not happen. */
    clear(method: string): void;
  };
  /** While revoked, every call with the bot’s token is answered with token_revoked. */
  setTokenRevoked(revoked: boolean): void;
  addPerson(seed: PersonSeed): void;
  setDeactivated(userId: string, deactivated: boolean): void;
  /** Changes what Slack knows of a person; the app is told, as of a deactivation, when it asks for user_change. */
  changePerson(userId: string, change: Pick<PersonSeed, 'isRestricted' | 'teamId'>): void;
  /** Adds a user group or replaces the one of this id. */
  setUserGroup(seed: UserGroupSeed): void;
  addChannel(seed: ChannelSeed): void;
  /** Adds a person or the bot to a channel; `remove` is the reverse. */
  invite(channelId: string, userId: string): void;
  remove(channelId: string, userId: string): void;
  setArchived(channelId: string, archived: boolean): void;
  /** Somebody who may, deletes a message; replies to it are refused from then on. */
  deleteMessage(channelId: string, ts: string): Promise<void>;
  close(): Promise<void>;
}

/** A client offers no such control, option or text; `message` says which. */
export class ClientRefusesError extends Error {
  override readonly name = 'ClientRefusesError';
}

/** Refused options of startSlackStandIn: a manifest Slack would not accept, unknown ids. */
export class StandInSetupError extends Error {
  override readonly name = 'StandInSetupError';
}
