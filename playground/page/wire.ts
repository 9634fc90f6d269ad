/** What passes between the page server and the browser. Types only: both sides import it. */
import {
  type ActResult,
  type ChannelInfo,
  type EphemeralMessage,
  type LiveEvent,
  type ManifestCommand,
  type ManifestShortcut,
  type OpenView,
  type PersonInfo,
  type RecordedCall,
  type RuleViolation,
  type StoredMessage,
} from '../slack-standin/contract.ts';

/** A person of the workspace as the page lists them. */
export interface PagePerson extends Pick<
  PersonInfo,
  'id' | 'name' | 'realName' | 'timeZone' | 'isBot'
> {
  /** What this person may do, in a word or two ("Approver"); empty when nobody said. */
  readonly role: string;
}

/** The open modals of a person, bottom first. A higher `sequence` is newer. */
export interface ViewStack {
  readonly sequence: number;
  readonly views: readonly OpenView[];
}

/** Everything one person's client shows. */
export interface PageState {
  readonly me: string;
  readonly appName: string;
  readonly botUserId: string;
  readonly people: readonly PagePerson[];
  readonly channels: readonly ChannelInfo[];
  readonly userGroups: readonly { readonly id: string; readonly handle: string }[];
  readonly commands: readonly ManifestCommand[];
  readonly shortcuts: readonly ManifestShortcut[];
  readonly messages: readonly StoredMessage[];
  readonly ephemeral: readonly EphemeralMessage[];
  /** Whether the manifest switches the app's Home tab on. */
  readonly hasHome: boolean;
  readonly home: OpenView | null;
  readonly stack: ViewStack;
}

/** The answer to an act. */
export interface ActAnswer {
  readonly result: ActResult;
  readonly stack: ViewStack;
}

export interface PageLog {
  readonly calls: readonly RecordedCall[];
  readonly violations: readonly RuleViolation[];
}

type ViewEvent = 'view_opened' | 'view_updated' | 'view_closed';
/** What the server sends as things happen: Slack's events, with the whole stack in place of single views. */
export type PageEvent =
  | Exclude<LiveEvent, { readonly type: ViewEvent }>
  | { readonly type: 'views'; readonly stack: ViewStack };
