import { type ApprovalServices } from './approval.ts';
import { type DeliveryTrouble, type Detour } from './delivery.ts';
import { type FormField } from './errors.ts';
import { type DataType, type PushOptions, type PushSchedule } from './push-options.ts';
import { type ArtifactFormat, type ArtifactKind, type RunView } from './push-run.ts';
import { type Rights } from './rights.ts';

/** A person known to the product: a Slack user whom an administrator mapped. */
export interface Person {
  readonly id: number;
  readonly slackTeamId: string;
  readonly slackUserId: string;
  readonly name: string;
  readonly rights: Rights;
}

export interface YearChoice {
  readonly id: number;
  readonly label: string;
  readonly isActive: boolean;
}

export type LockMode = 'unlocked' | 'soft' | 'hard';

export interface CatalogChoice {
  readonly id: number;
  readonly name: string;
  /** Course Info counts as locked when any attribute is. */
  readonly locks: Readonly<Record<DataType, LockMode>>;
}

/** A course master that can be pushed alone; its number is unique in its catalog only. */
export interface MasterChoice {
  readonly id: number;
  readonly number: string;
  readonly name: string;
  readonly catalogId: number;
  readonly catalog: string;
}

export interface FoundMasters {
  /** With the number asked for, one per catalog. */
  readonly exact: readonly MasterChoice[];
  /** Similar ones, when there is none with the number. */
  readonly near: readonly MasterChoice[];
}

export interface CalendarChoice {
  readonly id: number;
  readonly name: string;
  readonly school: string;
  readonly isSummer: boolean;
  readonly linkedCourses: number;
}

export interface CalendarChoices {
  /** Calendars the person may modify, by name. */
  readonly calendars: readonly CalendarChoice[];
  /** How many of the year were left out for missing rights. */
  readonly leftOut: number;
}

export interface SubmitRequest {
  readonly person: Person;
  readonly options: PushOptions;
  readonly schedule: PushSchedule;
  /** The same key never makes a second run (B08). */
  readonly idempotencyKey: string;
  /** True skips the preview: whoever asks has seen the plan, or does not want to (a flag of the CLI). */
  readonly confirmed?: boolean;
  /** True makes a plan to look at: the run is canceled as soon as it is planned (G22). */
  readonly planOnly?: boolean;
  /** Where the run's thread lives; null for the CLI. */
  readonly channelId: string | null;
  /** From where it was asked, for the audit log: "slack:C0123", "slack:modal" or "cli". */
  readonly from: string;
  readonly comment?: string;
}

export interface SubmittedRun {
  readonly runId: number;
  /** False when the key had been seen before. */
  readonly created: boolean;
}

export interface Artifact {
  readonly kind: ArtifactKind;
  readonly format: ArtifactFormat;
  readonly fileName: string;
  readonly body: Buffer;
}

/** The use cases that Slack and the CLI share. Refusals are thrown as PushRefused. */
export interface PushServices {
  /** Undefined for a Slack user whom nobody mapped, or who was deactivated. */
  findPerson(slack: { teamId: string; userId: string }): Promise<Person | undefined>;
  /** Names of some people who can give rights, for whoever lacks one. */
  grantors(): Promise<readonly string[]>;
  years(): Promise<readonly YearChoice[]>;
  catalogs(schoolYearId: number): Promise<readonly CatalogChoice[]>;
  calendars(query: {
    person: Person;
    schoolYearId: number;
    catalogId: number;
    /** Counts the linked courses of this master only. */
    courseMasterId?: number | undefined;
  }): Promise<CalendarChoices>;
  /** Course masters by number, for a push of one (G03). */
  masters(typed: string): Promise<FoundMasters>;
  master(id: number): Promise<MasterChoice | undefined>;
  submit(request: SubmitRequest): Promise<SubmittedRun>;
  run(runId: number): Promise<RunView | undefined>;
  artifact(
    runId: number,
    kind: ArtifactKind,
    format: ArtifactFormat,
  ): Promise<Artifact | undefined>;
  /** What the requester and the approvers do with a plan. */
  readonly approvals: ApprovalServices;
  /** Workers with a heartbeat in the last 15 s, and since when there is none. */
  workers(): Promise<{ alive: number; lastSeenAt: Date | null }>;
}

/** What a message is about; its wording and blocks are made when it is sent. */
export type NoticeKind =
  | 'anchor'
  | 'progress'
  | 'plan'
  | 'plan_files'
  | 'approval'
  | 'decision'
  | 'reminder'
  | 'new_time'
  | 'changed_plan'
  | 'finished'
  | 'files'
  | 'subscribed';

/** What a notice tells beyond its kind and run. */
export interface NoticeAbout {
  /** The plan it shows; a notice of a plan that was replaced says so. */
  readonly planId?: number;
  /** Of an approver who gets it directly; absent: the approvers' channel, or the run's thread. */
  readonly slackUserId?: string;
  /** The decision it tells of. */
  readonly decisionId?: number;
  /** Name of the person who gave the run another time. */
  readonly by?: string;
  /** The conversation of a subscriber, and the calendars that they hear of. */
  readonly channelId?: string;
  readonly calendarIds?: readonly number[];
  /** Who subscribed, in Slack; told directly when the conversation is lost. */
  readonly subscriber?: string;
}

/** Where a message stands: a conversation, or a thread in it. */
export interface MessagePlace {
  readonly channelId: string;
  /** The root of the thread; null for a message of the conversation itself. */
  readonly threadTs: string | null;
}

/** A Slack message that must be sent exactly once in effect (reliability.md section 4). */
export interface Notice {
  readonly id: number;
  readonly key: string;
  readonly kind: NoticeKind;
  readonly runId: number;
  /** The Slack workspace of whom it is for. */
  readonly teamId: string;
  /** That of the person who asked for the run. */
  readonly requesterTeamId: string;
  readonly askedAt: Date;
  readonly attempt: number;
  /** True when an earlier attempt got no answer: look before posting again. */
  readonly outcomeUnknown: boolean;
  /** Where the last attempt went; null before the first one. */
  readonly tried: MessagePlace | null;
  /** What earlier attempts already did, e.g. uploaded file ids. */
  readonly progress: Readonly<Record<string, unknown>>;
  readonly about: NoticeAbout;
  /** The message that it became; when it is due again, this is edited. */
  readonly posted: { readonly channelId: string; readonly ts: string } | null;
}

export interface NoticeBox {
  /** Claims up to `limit` due notices for 30 s; skips those another process holds. */
  claim(limit: number): Promise<readonly Notice[]>;
  /**
   * Claims sent notices of which an attempt got no answer, so that Slack may show them twice:
   * 10 s and once more 60 s after that attempt.
   */
  claimDoubtful(limit: number): Promise<readonly Notice[]>;
  /** Books that a doubtful notice was looked for; `again` sends it once more. */
  looked(id: number, outcome: 'there' | 'again' | 'cannot_look'): Promise<void>;
  /** Where the message is about to be posted, so that the next attempt looks there. */
  trying(id: number, place: MessagePlace): Promise<void>;
  sent(
    id: number,
    message: { channelId: string; ts: string | null; detour?: Detour | undefined },
  ): Promise<void>;
  /** Retry after `delayMs`; `unknown` when Slack may have accepted the message. */
  retry(
    id: number,
    again: { delayMs: number; error: string; unknown: boolean; trouble: DeliveryTrouble | null },
  ): Promise<void>;
  /** @param trouble null when nobody misses the message: what it told is no longer so */
  drop(id: number, reason: string, trouble?: DeliveryTrouble | null): Promise<void>;
  saveProgress(id: number, progress: Readonly<Record<string, unknown>>): Promise<void>;
  saveAnchor(runId: number, anchor: { channelId: string; ts: string }): Promise<void>;
}

export type FieldErrors = Partial<Record<FormField, string>>;
