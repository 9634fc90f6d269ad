import { type Undelivered } from './delivery.ts';
import { type Person } from './ports.ts';
import { type PushMode, type PushedType } from './push-options.ts';
import { isFinished, type RunState } from './push-run.ts';
import { holds, type Rights } from './rights.ts';

/** Days for which the files of a push are kept unless set otherwise (B06). */
export const DEFAULT_RETENTION_DAYS = 90;

/** How many rows the list can show at once; 50 unless asked (B02). */
export const QUEUE_SIZES = [10, 25, 50] as const;
export type QueueSize = (typeof QUEUE_SIZES)[number];

/** Which rows to list: those scheduled between two instants, latest first (B02). */
export interface QueueQuery {
  readonly person: Person;
  /** Only the person's own; without the admin right that is all they see (B05). */
  readonly mine: boolean;
  /** Null: 7 days back. */
  readonly from: Date | null;
  /** Null: 35 days ahead. */
  readonly to: Date | null;
  readonly size: QueueSize;
  /** Rows to leave out, for the next page. */
  readonly skip: number;
}

/** One row of the Batch Queue List: a run on one calendar (G18, 5.1). */
export interface QueueRow {
  readonly runId: number;
  readonly calendarId: number;
  readonly scheduledFor: Date;
  readonly catalog: string;
  /** Of a push of one course master. */
  readonly masterNumber: string | null;
  /** The push that it takes back; null for a push. */
  readonly undoes: number | null;
  readonly calendar: string;
  readonly runState: RunState;
  readonly status: string;
  readonly mode: PushMode;
  readonly toSections: boolean;
  readonly crossSite: boolean;
  readonly dataTypes: readonly PushedType[];
  readonly year: string;
  readonly requestedBy: string;
  readonly approvedBy: string | null;
  readonly coursesTotal: number;
  readonly coursesDone: number;
  readonly exceptions: number;
  readonly highPriority: boolean;
  readonly keepUntilDeleted: boolean;
  readonly hasReport: boolean;
  /** What the person may do with the run now. */
  readonly acts: ReadonlySet<QueueAct>;
  /** Messages about the run that did not arrive where they were meant to. */
  readonly undelivered: readonly Undelivered[];
}

export interface QueuePage {
  readonly rows: readonly QueueRow[];
  /** True when more rows match than are shown. */
  readonly more: boolean;
  /** True when the person may see everybody's. */
  readonly maySeeAll: boolean;
}

export const QUEUE_ACTS = [
  'report',
  'cancel',
  'reschedule',
  'repeat',
  'priority',
  'keep',
  'undo',
  'delete',
] as const;
export type QueueAct = (typeof QUEUE_ACTS)[number];

/** What decides which acts a run allows. */
export interface ManagedRun {
  readonly state: RunState;
  readonly isOwn: boolean;
  readonly hasReport: boolean;
  /** It takes an earlier push back, so it cannot be pushed again. */
  readonly isUndo: boolean;
}

/** The acts that rights and state allow: W for own pushes, the admin tool for those of others (B04–B06); an undo is asked about apart. */
export function actsOn(rights: Rights, run: ManagedRun): ReadonlySet<QueueAct> {
  const acts = new Set<QueueAct>();
  const over = isFinished(run.state);
  if (run.hasReport) acts.add('report');
  if (mayManage(rights, run.isOwn, 'write')) {
    acts.add('keep');
    if (!run.isUndo) acts.add('repeat');
    if (isWaiting(run.state)) acts.add('reschedule').add('priority');
  }
  // One's own push can always be taken back, whatever rights one holds by now.
  if (!over && (run.isOwn || mayManage(rights, run.isOwn, 'write'))) acts.add('cancel');
  if (over && mayManage(rights, run.isOwn, 'delete')) acts.add('delete');
  return acts;
}

/** Whether the person may change (`write`) or delete a run of theirs, or of another. */
export function mayManage(rights: Rights, isOwn: boolean, right: 'write' | 'delete'): boolean {
  return (
    (isOwn && holds(rights, 'batch_queue', right)) || holds(rights, 'batch_queue_admin', right)
  );
}

const WAITING: ReadonlySet<RunState> = new Set([
  'planning',
  'planned',
  'awaiting_approval',
  'queued',
]);

/** True while nothing is pushed yet, so that its time can still be changed. */
export function isWaiting(state: RunState): boolean {
  return WAITING.has(state);
}

/** One run as a row of the queue. */
export interface QueueLook {
  readonly acts: ReadonlySet<QueueAct>;
  readonly undelivered: readonly Undelivered[];
  readonly highPriority: boolean;
  readonly keepUntilDeleted: boolean;
  /** The undo of it that is under way or was carried out. */
  readonly undoneBy: number | null;
}

/** What an undo would do with the items that a push wrote. */
export interface UndoCount {
  readonly putBack: number;
  /** Left as they are because somebody or a later push changed them. */
  readonly edited: number;
  /** Left as they are because student work hangs on them. */
  readonly used: number;
}

/** What an undo would find, before anybody asks for it. */
export interface UndoOutlook {
  /** Items that the push wrote. */
  readonly written: number;
  /** Null for a push too large to count at once: the plan of its undo tells. */
  readonly counted: UndoCount | null;
}

/** A push of another that waits for this person's decision. */
export interface WaitingForApproval {
  readonly runId: number;
  readonly catalog: string;
  readonly year: string;
  readonly calendarIds: readonly number[];
  /** The push that it would take back; null for an overwrite. */
  readonly undoes: number | null;
  readonly requestedBy: string;
  readonly answerBy: Date | null;
}

/** Who asks for a change of which run, and from where, for the audit log: "slack:C0123" or "cli". */
export interface QueueChange {
  readonly person: Person;
  readonly runId: number;
  readonly from: string;
}

/** A run over all its calendars. */
export interface RunInShort {
  readonly runId: number;
  readonly state: RunState;
  /** The push that it takes back; null for a push. */
  readonly undoes: number | null;
  readonly catalog: string;
  readonly year: string;
  readonly calendars: number;
  /** The first by name. */
  readonly calendar: string;
  readonly scheduledFor: Date;
  readonly finishedAt: Date | null;
  readonly requestedBy: string;
  readonly isOwn: boolean;
  readonly coursesTotal: number;
  readonly coursesDone: number;
  readonly exceptions: number;
}

/** The first few runs of a list, and how many there are. */
export interface RunsInShort {
  readonly runs: readonly RunInShort[];
  readonly total: number;
}

/** What goes on, as the Home tab shows it. */
export interface RunOverview {
  /** One's own; everybody's with the admin right (B05). The latest first. */
  readonly running: RunsInShort;
  /** One's own that wait for a plan, an answer or their time; the next first. */
  readonly waiting: RunsInShort;
  /** One's own of the last seven days, the latest first. */
  readonly finished: RunsInShort;
  /** Messages about one's own that did not arrive where they were meant to. */
  readonly undelivered: readonly Undelivered[];
}

/** What a person does with runs of the queue. Refusals are thrown as PushRefused. */
export interface QueueServices {
  list(query: QueueQuery): Promise<QueuePage>;
  /** What waits for the person's approval, the shortest time first. */
  toApprove(person: Person): Promise<readonly WaitingForApproval[]>;
  /** The run that a message, or the thread it is in, is about; undefined for a message of others. */
  runOf(message: {
    channelId: string;
    ts: string;
    threadTs: string | null;
  }): Promise<number | undefined>;
  /** Runs over all their calendars, by how far they are. */
  overview(person: Person): Promise<RunOverview>;
  /** Differs once anything has changed that a Home tab shows. */
  mark(): Promise<string>;
  /** What the person may do with one run; undefined when they may not see it. */
  look(request: { person: Person; runId: number }): Promise<QueueLook | undefined>;
  /** At once while nobody works on it, else after the current batch (B04). */
  cancel(request: QueueChange): Promise<'canceled' | 'stopping'>;
  reschedule(request: QueueChange & { at: Date }): Promise<void>;
  /** The same push once more, as a run of its own that is planned anew (B04). @returns its id */
  repeat(request: QueueChange & { key: string }): Promise<number>;
  /** Relinks the courses that a push found desynced (S12). @returns the id of the new run */
  repair(request: QueueChange & { key: string }): Promise<number>;
  /** What an undo of a push would find now. */
  undoOutlook(request: { person: Person; runId: number }): Promise<UndoOutlook>;
  /**
   * Takes a push back, as a run of its own that is planned, shown and approved (G23).
   * @param request.channelId where its thread opens when the push has none
   * @returns its id
   */
  undo(request: QueueChange & { key: string; reason: string; channelId: string }): Promise<number>;
  /** High priority goes first (B06). */
  prioritize(request: QueueChange & { high: boolean }): Promise<void>;
  /**
   * Keep until I delete: the files are not purged (B06). Taken back, they get their time anew.
   * @returns when the files go; null while they are kept, and when there are none
   */
  keep(request: QueueChange & { keep: boolean }): Promise<Date | null>;
  /** Takes a finished run off the list and removes its files, not its records (B05). */
  remove(request: QueueChange): Promise<void>;
}
