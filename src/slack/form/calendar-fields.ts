import { type KnownBlock, type PlainTextOption } from '@slack/types';

import { type CalendarChoice } from '../../domain/ports.ts';
import { LIMITS } from '../limits.ts';
import { count, number, plainName } from '../wording.ts';
import { block, FIELD } from './choices.ts';
import { choice, namedChoices, note, plainText, radio } from './fields.ts';
import { type FormModel } from './model.ts';

/**
 * 3. Calendars of the year that the person may modify: all of them, or a choice out of a list up
 * to 100 or a search above, each with its number of linked courses (G04, G05).
 */
export function calendarFields({ calendars: found, choices }: FormModel): KnownBlock[] {
  const { yearId, catalogId } = choices;
  if (yearId === null || catalogId === null || found === null) {
    return [note('Choose a course catalog to see the calendars of the year.')];
  }
  const { calendars, leftOut } = found;
  if (calendars.length === 0) {
    return [
      note(`There is no calendar of this year that you may modify.${leftOutSentence(leftOut)}`),
    ];
  }
  const scope: KnownBlock = {
    type: 'input',
    block_id: block.scope(yearId, catalogId),
    dispatch_action: true,
    label: plainText('Calendars'),
    ...(leftOut === 0 ? {} : { hint: plainText(leftOutSentence(leftOut).trim()) }),
    element: radio(
      FIELD.scope,
      [
        choice('all', `All Calendars (${number(calendars.length)})`, linkedInAll(calendars)),
        choice('chosen', 'Choose calendars'),
      ],
      choices.scope === 'chosen' ? 1 : 0,
    ),
  };
  return choices.scope === 'chosen'
    ? [scope, picksField(calendars, choices.calendarIds, block.picks(yearId, catalogId))]
    : [scope];
}

/** The calendars as options, each with its number of linked courses. */
export function calendarOptions(calendars: readonly CalendarChoice[]): PlainTextOption[] {
  return namedChoices(
    calendars.map(({ id, name, school, linkedCourses, isSummer }) => ({
      id,
      name,
      description: `${count(linkedCourses, 'linked course')} · ${plainName(school, 40)}${isSummer ? ' · summer' : ''}`,
    })),
  );
}

/** Those calendars whose name or school holds every word typed. */
export function searchCalendars(
  calendars: readonly CalendarChoice[],
  typed: string,
): CalendarChoice[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return calendars.filter(({ name, school }) => {
    const text = `${name} ${school}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function picksField(
  calendars: readonly CalendarChoice[],
  picked: readonly number[],
  blockId: string,
): KnownBlock {
  const few = calendars.length <= LIMITS.options;
  const wanted = new Set(picked);
  const kept = calendars.filter(({ id }) => wanted.has(id)).slice(0, LIMITS.options);
  // Slack compares initial options with the list as a whole, so both come from one set of labels.
  const options = calendarOptions(few ? calendars : kept);
  const initial = options.filter(({ value }) => wanted.has(Number(value)));
  const element = few
    ? { type: 'multi_static_select' as const, options }
    : { type: 'multi_external_select' as const, min_query_length: 0 };
  const lost = picked.length - kept.length;
  return {
    type: 'input',
    block_id: blockId,
    label: plainText('Calendars to push'),
    ...(lost > 0 ? { hint: plainText(lostSentence(lost)) } : {}),
    element: {
      ...element,
      action_id: FIELD.picks,
      placeholder: plainText(few ? 'Choose one or more' : 'Search by calendar or school'),
      ...(initial.length === 0 ? {} : { initial_options: initial }),
    },
  };
}

/** "138 linked courses", and in how many of the calendars they are where some have none. */
function linkedInAll(calendars: readonly CalendarChoice[]): string {
  const linked = calendars.filter(({ linkedCourses }) => linkedCourses > 0);
  const courses = count(
    linked.reduce((sum, { linkedCourses }) => sum + linkedCourses, 0),
    'linked course',
  );
  return linked.length === 0 || linked.length === calendars.length
    ? courses
    : `${courses} in ${number(linked.length)} of them`;
}

function leftOutSentence(leftOut: number): string {
  if (leftOut === 0) return '';
  return ` ${count(leftOut, 'calendar')} of this year ${leftOut === 1 ? 'is' : 'are'} left out: you may not modify ${leftOut === 1 ? 'it' : 'them'}.`;
}

function lostSentence(lost: number): string {
  return `${count(lost, 'calendar')} chosen before could not be kept: check the list.`;
}
