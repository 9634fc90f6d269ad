import { type App, type BlockAction, type ViewSubmitAction } from '@slack/bolt';
import { type ModalView } from '@slack/types';

import { type Person } from '../../domain/ports.ts';
import { holds } from '../../domain/rights.ts';
import {
  rightForReport,
  SETUP_REPORT_TOOLS,
  SETUP_REPORTS,
  type SetupReport,
} from '../../domain/setup-report.ts';
import { sentenceOf } from '../approval/visitor.ts';
import { type InteractiveClient, type SlackContext, whoOf } from '../context.ts';
import { messageView, sentenceView } from '../form/view.ts';
import { bare } from '../listeners/command.ts';
import { admitAnybody } from '../listeners/entry.ts';
import { openModal, type Opening } from '../listeners/open-form.ts';
import { plain } from '../messages/answers.ts';
import { listed, safeName } from '../wording.ts';
import { showView } from '../show-view.ts';
import { makeReport } from './make.ts';
import {
  calendarOptionsOf,
  readReportChoices,
  readReportMetadata,
  REPORT,
  REPORT_FIELD,
  reportView,
} from './view.ts';

/** Opens the modal of the report that the word after `report` names. */
export function openReport(context: SlackContext, opening: Opening, word: string): Promise<void> {
  return openModal(context, opening, async () => {
    const entry = await admitAnybody(context, opening.client, opening.who);
    if (entry.kind === 'refused') return entry;
    const report = SETUP_REPORTS.find((one) => bare(one) === bare(word));
    if (report === undefined) {
      const known = listed(
        SETUP_REPORTS.map((one) => `\`report ${one}\``),
        'or',
      );
      const typed =
        word === '' ? '' : `I don't know \`${safeName(word, 40).replaceAll('`', "'")}\`. `;
      return { kind: 'refused', answer: plain(`${typed}Say which report: ${known}.`) };
    }
    const lack = lackOf(entry.person, report);
    if (lack !== undefined) return { kind: 'refused', answer: plain(lack) };
    return { kind: 'view', view: await loadReport(context, { report, yearId: null }) };
  });
}

/** The fields of the modal, and the report itself. */
export function registerReports(app: App, context: SlackContext): void {
  app.action<BlockAction>(
    { type: 'block_actions', action_id: REPORT_FIELD.year },
    async ({ ack, body, client }) => {
      await ack();
      const { view } = body;
      if (view === undefined) return;
      const entry = await admitAnybody(context, client, whoOf(body));
      const next =
        entry.kind === 'refused'
          ? messageView(entry.answer)
          : await loadReport(context, {
              report: readReportMetadata(view.private_metadata),
              yearId: readReportChoices(view.state.values).yearId,
            });
      await showView(client, view, next);
    },
  );
  app.options<'block_suggestion'>(
    { type: 'block_suggestion', action_id: REPORT_FIELD.calendars },
    async ({ ack, options, client }) => {
      const entry = await admitAnybody(context, client, {
        teamId: options.team?.id ?? '',
        userId: options.user.id,
      });
      const yearId = Number(/^report_calendars~(\d{1,9})$/.exec(options.block_id)?.[1] ?? 0);
      const calendars =
        entry.kind === 'refused'
          ? []
          : await context.reports.calendars({
              ...{ person: entry.person, schoolYearId: yearId, catalogId: 0 },
            });
      await ack({ options: calendarOptionsOf(calendars, options.value).options });
    },
  );
  app.view<ViewSubmitAction>(
    { type: 'view_submission', callback_id: REPORT },
    async ({ ack, body, client }) => {
      await ack({ response_action: 'update', view: sentenceView('Working out the report…') });
      const view = await answered(context, client, body);
      await showView(client, { id: body.view.id }, view);
    },
  );
}

/** Never rejects: whatever goes wrong becomes a sentence. */
async function answered(
  context: SlackContext,
  client: InteractiveClient,
  body: ViewSubmitAction,
): Promise<ModalView> {
  try {
    const entry = await admitAnybody(context, client, whoOf(body));
    if (entry.kind === 'refused') return messageView(entry.answer);
    const report = readReportMetadata(body.view.private_metadata);
    const { yearId, catalogId, ...wish } = readReportChoices(body.view.state.values);
    return sentenceView(
      await makeReport(context, client, {
        ...{ person: entry.person, report, ...wish },
        ...{ schoolYearId: yearId ?? 0, catalogId: catalogId ?? 0 },
      }),
    );
  } catch (error) {
    return sentenceView(sentenceOf(context, error, context.zone));
  }
}

async function loadReport(
  { services }: SlackContext,
  wish: { readonly report: SetupReport; readonly yearId: number | null },
): Promise<ModalView> {
  const years = await services.years();
  const year =
    years.find(({ id }) => id === wish.yearId) ??
    years.find(({ isActive }) => isActive) ??
    years[0];
  const catalogs = year === undefined ? [] : await services.catalogs(year.id);
  return reportView({ report: wish.report, years, yearId: year?.id ?? null, catalogs });
}

function lackOf({ rights }: Person, report: SetupReport): string | undefined {
  return holds(rights, SETUP_REPORT_TOOLS[report], 'read')
    ? undefined
    : `You may not see this report: it needs the right ${rightForReport(report)}.`;
}
