import { type PushServices } from '../../domain/ports.ts';
import { type ArtifactKind, type RunView } from '../../domain/push-run.ts';
import { type InteractiveClient } from '../context.ts';
import { filesComment } from '../messages/files.ts';
import { subject } from '../messages/run-words.ts';
import { sendDirectly } from '../reports/send-files.ts';
import { messageText, safeName } from '../wording.ts';

/**
 * Sends the kept reports of a run to a person directly, under a message that says what they are.
 * @returns how many files; 0 when none is kept any more, and then nothing is sent
 * @throws UploadFailed, and what the Web API throws
 */
export function sendReport(
  services: PushServices,
  client: InteractiveClient,
  to: { readonly run: RunView; readonly userId: string },
): Promise<number> {
  const { run } = to;
  return sendFiles(services, client, {
    ...to,
    kinds: ['push_report', 'change_log'],
    title: messageText(`The report files of push ${run.id}, ${safeName(subject(run))}:`),
    comment: filesComment(run),
  });
}

/** Sends files of some kinds of a run to a person directly. @returns how many */
export async function sendFiles(
  services: PushServices,
  client: InteractiveClient,
  to: {
    readonly run: RunView;
    readonly userId: string;
    readonly kinds: readonly ArtifactKind[];
    readonly title: string;
    readonly comment: string;
  },
): Promise<number> {
  const { run, userId, kinds } = to;
  const found = await Promise.all(
    run.artifacts
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ kind, format }) => services.artifact(run.id, kind, format)),
  );
  const artifacts = found.filter((artifact) => artifact !== undefined);
  if (artifacts.length === 0) return 0;
  await sendDirectly(client, { userId, title: to.title, comment: to.comment, files: artifacts });
  return artifacts.length;
}
