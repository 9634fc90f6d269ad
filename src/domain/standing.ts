/** What Slack last said of a person's account; a stranger of a shared channel and a bot count as guests. */
export type SlackState = 'member' | 'guest' | 'deactivated' | 'unknown';

/** Whether somebody counts at all, whatever rights their groups give. */
export interface Standing {
  readonly name: string;
  /** False when an administrator deactivated them in this product. */
  readonly active: boolean;
  readonly slackState: SlackState;
}

/**
 * Why the person may do nothing at present, to be read after their name; null when they count (T04, T09).
 * @param needsSlack true when Slack must have said that they are a full member, as for all that is done there
 */
export function standingFault(
  { active, slackState }: Standing,
  { needsSlack }: { readonly needsSlack: boolean },
): string | null {
  if (!active) return 'is no longer active in this product';
  switch (slackState) {
    case 'member':
      return null;
    case 'deactivated':
      return 'is deactivated in Slack';
    case 'guest':
      return 'is only a guest in Slack';
    case 'unknown':
      return needsSlack ? 'is not known to be a full member in Slack' : null;
  }
}
