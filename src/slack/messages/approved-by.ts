import { type RunView } from '../../domain/push-run.ts';
import { mention, type Part } from './rich-text.ts';

/** A quorum is at most ten people. */
const MOST_APPROVERS = 10;

/** Mentions who approved a run, so that they are notified as well; nothing when nobody was asked. */
export function approvedBy(run: RunView): readonly Part[] {
  const people = run.approvedBy.slice(0, MOST_APPROVERS);
  if (people.length === 0) return [];
  const mentions = people.flatMap(({ slackUserId }, index) => [
    ...(index === 0 ? [] : [' and ']),
    mention(slackUserId),
  ]);
  return [' Approved by ', ...mentions, '.'];
}

/** The same for a message's `text`. */
export function approvedText(run: RunView): string {
  const people = run.approvedBy
    .slice(0, MOST_APPROVERS)
    .map(({ slackUserId }) => `<@${slackUserId}>`);
  return people.length === 0 ? '' : ` Approved by ${people.join(' and ')}.`;
}
