import { type PushServices } from '../../domain/ports.ts';
import { type RunView } from '../../domain/push-run.ts';
import { type InteractiveClient } from '../context.ts';
import { planFilesComment } from '../messages/files.ts';
import { sendFiles } from '../queue/send-report.ts';
import { subject } from '../messages/run-words.ts';
import { count, messageText, safeName } from '../wording.ts';

/** Sends the files of a run's plan to a person directly. @returns what to tell them, one sentence */
export async function sendPlanFile(
  services: PushServices,
  client: InteractiveClient,
  to: { readonly run: RunView; readonly userId: string },
): Promise<string> {
  const { run } = to;
  const sent = await sendFiles(services, client, {
    ...to,
    kinds: ['plan'],
    title: messageText(`The full plan of push ${run.id}, ${safeName(subject(run))}, as files:`),
    comment: planFilesComment(run),
  });
  return sent === 0
    ? `There is no file of the plan of push #${run.id}.`
    : `${count(sent, 'file')} with the full plan of push #${run.id} sent to you as a direct message.`;
}
