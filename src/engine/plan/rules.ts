import { type Outcome, type Reason } from '../../domain/outcome.ts';

/** What a rule does to the row, and where the row's values come from. */
export interface Rule {
  readonly outcome: Outcome;
  readonly reason: Reason;
  readonly op: 'none' | 'insert' | 'update' | 'delete' | 'link' | 'unlink';
  /** Whose payload the row holds when the run is over; `planned` was set before by the type. */
  readonly after: 'desired' | 'existing' | 'none' | 'planned';
  readonly link?: 'linked' | 'residual' | 'none';
  /** Counted, but no line of the plan: nothing happens and nobody needs to know. */
  readonly silent?: true;
}

/**
 * Every way an item of a plan can go, by the number of the rule that decides (domain.md section 3).
 * The planners only say which rule applies; outcome, reason and effect are read off here.
 */
export const RULES = {
  L1: { outcome: 'INSERTED', reason: 'new_above', op: 'insert', after: 'desired', link: 'linked' },
  L2: {
    outcome: 'UPDATED',
    reason: 'changed_above',
    op: 'update',
    after: 'desired',
    link: 'linked',
  },
  'L2-same': {
    outcome: 'UNCHANGED',
    reason: 'same_as_above',
    op: 'none',
    after: 'existing',
    silent: true,
  },
  'L3-changed': {
    outcome: 'FAILED_DESYNCED',
    reason: 'changed_below',
    op: 'none',
    after: 'existing',
  },
  'L3-deleted': {
    outcome: 'FAILED_DESYNCED',
    reason: 'deleted_below',
    op: 'none',
    after: 'existing',
  },
  'L3-broken': {
    outcome: 'FAILED_DESYNCED',
    reason: 'marked_broken',
    op: 'none',
    after: 'existing',
  },
  S10: { outcome: 'FAILED_DESYNCED', reason: 'master_link_lost', op: 'none', after: 'existing' },
  'S10-restore': {
    outcome: 'RELINKED',
    reason: 'master_link_lost',
    op: 'update',
    after: 'desired',
  },
  'S02-other': {
    outcome: 'FAILED_DESYNCED',
    reason: 'other_catalog',
    op: 'none',
    after: 'existing',
  },
  L4: { outcome: 'RELINKED', reason: 'back_above', op: 'update', after: 'desired', link: 'linked' },
  L5: { outcome: 'RETAINED_LOCAL', reason: 'local_same_key', op: 'none', after: 'existing' },
  L6: {
    outcome: 'DELETED',
    reason: 'master_item_removed',
    op: 'delete',
    after: 'none',
    link: 'none',
  },
  'L6-protected': {
    outcome: 'RETAINED_PROTECTED',
    reason: 'student_work',
    op: 'link',
    after: 'existing',
    link: 'residual',
  },
  L7: {
    outcome: 'RETAINED_LOCAL',
    reason: 'made_here',
    op: 'none',
    after: 'existing',
    silent: true,
  },
  R02: { outcome: 'RETAINED_PROTECTED', reason: 'student_work', op: 'none', after: 'existing' },
  'S02-gone': {
    outcome: 'DELETED',
    reason: 'already_gone',
    op: 'unlink',
    after: 'none',
    link: 'none',
  },
  'S04-kept': {
    outcome: 'KEPT_SOFT_LOCK',
    reason: 'soft_lock_changed',
    op: 'none',
    after: 'existing',
  },
  S13: {
    outcome: 'RELINKED',
    reason: 'baseline_linked',
    op: 'link',
    after: 'existing',
    link: 'linked',
  },
  'S13-differs': {
    outcome: 'FAILED_DESYNCED',
    reason: 'never_linked',
    op: 'none',
    after: 'existing',
  },
  'S12-local': {
    outcome: 'RETAINED_LOCAL',
    reason: 'master_item_removed',
    op: 'unlink',
    after: 'existing',
    link: 'none',
  },
  'S12-link': { outcome: 'RELINKED', reason: 'linked_by_number', op: 'update', after: 'desired' },
  O2: {
    outcome: 'RELINKED',
    reason: 'link_rebuilt',
    op: 'update',
    after: 'desired',
    link: 'linked',
  },
  O4: {
    outcome: 'RELINKED',
    reason: 'local_adopted',
    op: 'update',
    after: 'desired',
    link: 'linked',
  },
  O5: { outcome: 'RETAINED_PROTECTED', reason: 'student_work', op: 'none', after: 'existing' },
  O6: {
    outcome: 'DELETED',
    reason: 'master_item_removed',
    op: 'delete',
    after: 'none',
    link: 'none',
  },
  P09: {
    outcome: 'RETAINED_PROTECTED',
    reason: 'referenced_by_composite',
    op: 'link',
    after: 'existing',
    link: 'residual',
  },
  'P09-again': {
    outcome: 'RETAINED_PROTECTED',
    reason: 'referenced_by_composite',
    op: 'none',
    after: 'existing',
  },
  'P10-group': {
    outcome: 'WITHHELD',
    reason: 'score_group_in_use',
    op: 'update',
    after: 'planned',
    link: 'linked',
  },
  'P10-term': {
    outcome: 'WITHHELD',
    reason: 'term_in_use',
    op: 'update',
    after: 'planned',
    link: 'linked',
  },
  'P10-both': {
    outcome: 'WITHHELD',
    reason: 'score_group_and_term_in_use',
    op: 'update',
    after: 'planned',
    link: 'linked',
  },
  N02: {
    outcome: 'SET_NO_CALCULATION',
    reason: 'master_task_removed',
    op: 'update',
    after: 'planned',
    link: 'residual',
  },
  N03: {
    outcome: 'SET_NO_CALCULATION',
    reason: 'master_task_removed',
    op: 'update',
    after: 'desired',
    link: 'linked',
  },
  N05: {
    outcome: 'RETAINED_PROTECTED',
    reason: 'residual_task',
    op: 'link',
    after: 'existing',
    link: 'residual',
  },
  'N05-again': {
    outcome: 'RETAINED_PROTECTED',
    reason: 'residual_task',
    op: 'none',
    after: 'existing',
  },
  N09: {
    outcome: 'DELETED',
    reason: 'calculation_removed',
    op: 'delete',
    after: 'none',
    link: 'none',
  },
  N10: { outcome: 'DELETED', reason: 'cascade', op: 'delete', after: 'none', link: 'none' },
  C01: { outcome: 'RENAMED_LOCAL', reason: 'name_taken', op: 'update', after: 'planned' },
  'C01-residual': {
    outcome: 'RENAMED_LOCAL',
    reason: 'name_taken',
    op: 'update',
    after: 'planned',
    link: 'residual',
  },
  // Relinking removes nothing (S12): what only the master has dropped stays the master's, renamed.
  'C01-linked': {
    outcome: 'RENAMED_LOCAL',
    reason: 'name_taken',
    op: 'update',
    after: 'planned',
    link: 'linked',
  },
  M02: { outcome: 'RETAINED_LOCAL', reason: 'section_override', op: 'none', after: 'existing' },
  M23: { outcome: 'UPDATED', reason: 'override_cleared', op: 'update', after: 'desired' },
  M07: { outcome: 'SKIPPED_DEPENDENCY', reason: 'not_aligned', op: 'none', after: 'existing' },
  M13: {
    outcome: 'SKIPPED_DEPENDENCY',
    reason: 'composite_missing',
    op: 'none',
    after: 'existing',
  },
  S06: { outcome: 'SKIPPED_DEPENDENCY', reason: 'tasks_failed', op: 'none', after: 'existing' },
  A24: {
    outcome: 'WITHHELD',
    reason: 'number_taken',
    op: 'link',
    after: 'existing',
    link: 'linked',
  },
  'X07-number': { outcome: 'WITHHELD', reason: 'number_taken', op: 'none', after: 'existing' },
  G08: { outcome: 'SKIPPED_IGNORED', reason: 'ignore_master_push', op: 'none', after: 'existing' },
  G10: { outcome: 'SKIPPED_UNLOCKED', reason: 'not_locked', op: 'none', after: 'existing' },
  X03: {
    outcome: 'UPDATED',
    reason: 'changed_above',
    op: 'update',
    after: 'desired',
    link: 'linked',
  },
  'X03-same': {
    outcome: 'UNCHANGED',
    reason: 'same_as_above',
    op: 'none',
    after: 'existing',
    silent: true,
  },
  'X04-district': {
    outcome: 'SKIPPED_DEPENDENCY',
    reason: 'district_cross_site_off',
    op: 'none',
    after: 'existing',
  },
  'X04-school': {
    outcome: 'SKIPPED_DEPENDENCY',
    reason: 'school_cross_site_off',
    op: 'none',
    after: 'existing',
  },
  X06: {
    outcome: 'RETAINED_PROTECTED',
    reason: 'cross_site_mapped',
    op: 'none',
    after: 'existing',
  },
  X07: { outcome: 'SKIPPED_MIRROR', reason: 'mirror', op: 'none', after: 'existing' },
  'X07-refresh': { outcome: 'UPDATED', reason: 'mirror_refreshed', op: 'update', after: 'desired' },
  'G23-insert': { outcome: 'INSERTED', reason: 'undone', op: 'insert', after: 'planned' },
  'G23-update': { outcome: 'UPDATED', reason: 'undone', op: 'update', after: 'planned' },
  'G23-delete': { outcome: 'DELETED', reason: 'undone', op: 'delete', after: 'none' },
  'G23-link': { outcome: 'RELINKED', reason: 'undone', op: 'link', after: 'planned' },
  'G23-unlink': { outcome: 'UPDATED', reason: 'undone', op: 'unlink', after: 'existing' },
  'G23-edited': {
    outcome: 'WITHHELD',
    reason: 'changed_since_push',
    op: 'none',
    after: 'existing',
  },
  'G23-used': {
    outcome: 'RETAINED_PROTECTED',
    reason: 'student_work_since_push',
    op: 'none',
    after: 'existing',
  },
} as const satisfies Record<string, Rule>;
export type RuleName = keyof typeof RULES;
