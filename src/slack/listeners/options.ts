import { type App } from '@slack/bolt';

import { CHANGE_FIELD } from '../approval/change-search.ts';
import {
  type Ask,
  findCalendars,
  findCourses,
  findLeftOutCalendars,
  findLeftOutCourses,
  type Found,
} from '../approval/searches.ts';
import { type InteractiveClient, type SlackContext } from '../context.ts';
import { calendarOptions, searchCalendars } from '../form/calendar-fields.ts';
import { catalogBlockYear, FIELD, picksOf, readMetadata } from '../form/choices.ts';
import { catalogOptions } from '../form/fields.ts';
import { LIMITS } from '../limits.ts';
import { REPORT_FIELD } from '../reports/view.ts';
import { admit } from './entry.ts';
import { type Answer, firstHundred } from './first-hundred.ts';

interface Question {
  readonly team: { readonly id: string } | null;
  readonly user: { readonly id: string; readonly team_id?: string };
  readonly block_id: string;
  /** The form that the menu is in. */
  readonly view?: { readonly private_metadata: string };
  /** What the person has typed. */
  readonly value: string;
}

/** The menus that search: more than 100 catalogs, and calendars (thousands are possible). */
export function registerOptions(app: App, context: SlackContext): void {
  const searches = [
    { field: FIELD.picks, search: calendarSearch },
    { field: FIELD.catalog, search: catalogSearch },
    { field: REPORT_FIELD.catalog, search: catalogSearch },
    { field: CHANGE_FIELD.calendars, search: changeSearch(findCalendars) },
    { field: CHANGE_FIELD.calendarsOut, search: changeSearch(findCalendars) },
    { field: CHANGE_FIELD.calendarsBack, search: changeSearch(findLeftOutCalendars) },
    { field: CHANGE_FIELD.courses, search: changeSearch(findCourses) },
    { field: CHANGE_FIELD.coursesBack, search: changeSearch(findLeftOutCourses) },
  ];
  for (const { field, search } of searches) {
    app.options<'block_suggestion'>(
      { type: 'block_suggestion', action_id: field },
      async ({ ack, options, client }) => {
        const answer = await search(context, client, options).catch((error: unknown) => {
          context.logger.error({ err: error, field }, 'searching for a menu');
          return { options: [] };
        });
        await ack(answer);
      },
    );
  }
}

async function calendarSearch(
  context: SlackContext,
  client: InteractiveClient,
  question: Question,
): Promise<Answer> {
  const scope = picksOf(question.block_id);
  const entry = await admit(context, client, whoOf(question));
  if (scope === undefined || entry.kind === 'refused') return { options: [] };
  const { calendars } = await context.services.calendars({
    person: entry.person,
    schoolYearId: scope.yearId,
    catalogId: scope.catalogId,
    courseMasterId:
      question.view === undefined
        ? undefined
        : readMetadata(question.view.private_metadata).masterId,
  });
  const found = searchCalendars(calendars, question.value);
  return firstHundred(calendarOptions(found.slice(0, LIMITS.options)), found.length);
}

async function catalogSearch(
  context: SlackContext,
  client: InteractiveClient,
  question: Question,
): Promise<Answer> {
  const yearId = catalogBlockYear(question.block_id);
  const entry = await admit(context, client, whoOf(question));
  if (yearId === undefined || entry.kind === 'refused') return { options: [] };
  const wanted = question.value.toLowerCase().trim();
  const found = (await context.services.catalogs(yearId)).filter(({ name }) =>
    name.toLowerCase().includes(wanted),
  );
  return firstHundred(catalogOptions(found.slice(0, LIMITS.options)), found.length);
}

/** The menus of "Change and plan again". */
function changeSearch(find: (ask: Ask) => Promise<Found>): typeof calendarSearch {
  return async (context, client, question) => {
    const entry = await admit(context, client, whoOf(question));
    if (entry.kind === 'refused') return { options: [] };
    const { options, total } = await find({
      context,
      blockId: question.block_id,
      typed: question.value,
      person: entry.person,
    });
    return firstHundred(options, total);
  };
}

function whoOf({ team, user }: Question): { teamId: string; userId: string } {
  return { teamId: team?.id ?? user.team_id ?? '', userId: user.id };
}
