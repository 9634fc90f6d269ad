import { type SetupReportRequest } from '../../domain/setup-report.ts';
import { type InteractiveClient, type SlackContext } from '../context.ts';
import { count, messageText, safeName } from '../wording.ts';
import { sendDirectly } from './send-files.ts';

/** Reports being made, by person and wish: a second click while one is made asks for nothing new. */
const underWay = new Set<string>();

/**
 * Makes a report and sends it to whoever asked, directly.
 * @returns what to tell the person, one sentence
 * @throws PushRefused
 */
export async function makeReport(
  context: SlackContext,
  client: InteractiveClient,
  request: SetupReportRequest,
): Promise<string> {
  const { person, ...wish } = request;
  const key = `${person.id}:${JSON.stringify(wish)}`;
  if (underWay.has(key)) return 'This report is already being made. It comes as a direct message.';
  underWay.add(key);
  try {
    const { title, rows, files } = await context.reports.make(request);
    const found = rows === 0 ? 'nothing is on it' : count(rows, 'row');
    await sendDirectly(client, {
      userId: person.slackUserId,
      title: messageText(`The ${safeName(title, 200)}: ${found}.`),
      comment: 'CSV for machines, XLSX for people; as of now, counts only.',
      files,
    });
    return `${title}: ${found}. The files are in a direct message to you.`;
  } finally {
    underWay.delete(key);
  }
}
