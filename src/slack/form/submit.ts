import { createHash } from 'node:crypto';

import {
  type FieldErrors,
  type Person,
  type PushServices,
  type SubmitRequest,
  type SubmittedRun,
} from '../../domain/ports.ts';
import { SHORTEST_REASON } from '../../domain/approval.ts';
import { FURTHEST_DAYS } from '../../domain/push-options.ts';
import { type FormField, PushRefused } from '../../domain/errors.ts';
import { LIMITS, truncate } from '../limits.ts';
import { block, type Choices, type FormMetadata } from './choices.ts';
import { type SentView } from './view.ts';

const DAY_MS = 86_400_000;

export interface Submission {
  readonly person: Person;
  readonly choices: Choices;
  readonly metadata: FormMetadata;
  /** Slack's id of the opened form: the same form never makes two equal runs (B08). */
  readonly viewId: string;
  readonly now: Date;
}

/**
 * Faults that the form itself can see, by field. Rights, stale ids and the state of the district
 * are checked by the service.
 */
export function faultsOf({ choices, now }: Submission): FieldErrors {
  return {
    ...placeFaults(choices),
    ...reasonFaults(choices),
    ...(choices.dataTypes.length === 0 ? { types: 'Choose at least one kind of data.' } : {}),
    ...timeFaults(choices, now),
  };
}

function placeFaults(choices: Choices): FieldErrors {
  if (choices.yearId === null) return { year: 'Choose a year.' };
  if (choices.catalogId === null) return { catalog: 'Choose a course catalog of this year.' };
  if (choices.scope === null) {
    return {
      catalog: 'The calendars below were still loading. Check them and submit again.',
    };
  }
  return choices.scope === 'chosen' && choices.calendarIds.length === 0
    ? { calendars: 'Choose at least one calendar.' }
    : {};
}

function reasonFaults({ mode, reason }: Choices): FieldErrors {
  return mode === 'overwrite' && reason.length < SHORTEST_REASON
    ? { reason: `Say why in at least ${SHORTEST_REASON} characters: the approver reads it.` }
    : {};
}

function timeFaults({ when, at }: Choices, now: Date): FieldErrors {
  if (when === 'now') return {};
  if (at === null) return { at: 'Choose a date and time.' };
  if (at <= now) return { at: 'This time is in the past. Choose a later one, or Run Now.' };
  return at.getTime() > now.getTime() + FURTHEST_DAYS * DAY_MS
    ? { at: `Choose a time within the next ${FURTHEST_DAYS} days.` }
    : {};
}

/**
 * Makes the run that the form asks for; "All Calendars" is resolved to a list by the service (G04).
 * @throws PushRefused with the field it is about
 */
export async function submitPush(
  services: PushServices,
  submission: Submission,
): Promise<SubmittedRun> {
  const { person, choices, metadata } = submission;
  const { yearId, catalogId } = choices;
  if (yearId === null || catalogId === null) {
    throw new PushRefused('invalid_options', 'Choose a year and a course catalog.', {
      field: yearId === null ? 'year' : 'catalog',
    });
  }
  const request: SubmitRequest = {
    person,
    options: {
      schoolYearId: yearId,
      catalogId,
      ...(metadata.masterId === undefined ? {} : { courseMasterId: metadata.masterId }),
      calendarIds: choices.scope === 'chosen' ? choices.calendarIds : [],
      allCalendars: choices.scope === 'all',
      mode: choices.mode,
      toSections: choices.toSections,
      crossSite: choices.crossSite,
      dataTypes: choices.dataTypes,
    },
    schedule:
      choices.when === 'now' || choices.at === null
        ? { kind: 'now' }
        : { kind: 'batch', at: choices.at },
    idempotencyKey: keyOf(submission),
    channelId: choices.notify ?? metadata.channelId ?? person.slackUserId,
    from: `slack:${metadata.channelId ?? 'modal'}`,
    ...(choices.mode === 'overwrite' ? { comment: choices.reason } : {}),
  };
  return services.submit(request);
}

/**
 * The same form with the same choices is the same request, however often Slack or the person sends
 * it. The choices are part of the key: someone who saw a time-out, changed a field and sent the form
 * again must not get the first request for the second.
 */
function keyOf({ person, viewId, choices }: Submission): string {
  const digest = createHash('sha256').update(JSON.stringify(choices)).digest('hex').slice(0, 16);
  return `slack:${person.slackTeamId}:${viewId}:${digest}`;
}

/** Which blocks can show a field's error, best first. */
const BLOCKS_OF: Readonly<Record<FormField, readonly string[]>> = {
  year: [block.year],
  catalog: ['catalog~', block.year],
  calendars: ['picks~', 'scope~', 'catalog~', block.year],
  mode: [block.mode],
  reason: [block.reason, block.mode],
  options: [block.options],
  types: ['types~'],
  when: [block.when],
  at: [block.at, block.when],
};

/**
 * Puts each error at an input block of the view, as Slack demands (F16).
 * @returns undefined when one of them has no block in this view
 */
export function atBlocks(errors: FieldErrors, view: SentView): Record<string, string> | undefined {
  const inputs = view.blocks
    .filter(({ type }) => type === 'input')
    .map(({ block_id: id }) => id ?? '');
  const placed: Record<string, string> = {};
  for (const [field, places] of Object.entries(BLOCKS_OF)) {
    const sentence = errorAt(errors, field);
    if (sentence === undefined) continue;
    const blockId = places
      .flatMap((place) =>
        inputs.filter((id) => id === place || (place.endsWith('~') && id.startsWith(place))),
      )
      .at(0);
    if (blockId === undefined) return undefined;
    placed[blockId] = truncate(sentence, LIMITS.fieldError);
  }
  return placed;
}

function errorAt(errors: FieldErrors, field: string): string | undefined {
  return Object.entries(errors).find(([name]) => name === field)?.[1];
}
