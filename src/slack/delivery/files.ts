import { type WebClient, WebAPIPlatformError } from '@slack/web-api';
import { z } from 'zod';

import {
  type Artifact,
  type Notice,
  type NoticeBox,
  type PushServices,
} from '../../domain/ports.ts';
import { type RunView } from '../../domain/push-run.ts';
import { type SentMessage } from './find-message.ts';
import { type Pace } from './pace.ts';
import { UploadFailed } from './trouble.ts';

const UPLOAD_TIMEOUT_MS = 20_000;

/** What is kept between attempts: each file's id, and whether its bytes have arrived. */
const uploads = z.record(z.string(), z.object({ id: z.string(), arrived: z.boolean() }));
const savedProgress = z.object({ uploads }).catch({ uploads: {} });
type Uploads = z.infer<typeof uploads>;

export interface FileShare {
  readonly client: WebClient;
  readonly services: PushServices;
  readonly notices: NoticeBox;
  readonly pace: Pace;
}

/**
 * Uploads the report files of a run, each once: the first two of Slack's three calls, with their
 * progress saved in between (F30, F32).
 * @returns ids and titles for `shareFiles`; empty when the run has no files
 * @throws UploadFailed, and what the Web API throws
 */
export async function uploadFiles(
  share: FileShare,
  run: RunView,
  notice: Notice,
): Promise<{ readonly id: string; readonly title: string }[]> {
  let done: Uploads = savedProgress.parse(notice.progress).uploads;
  const save = async (next: Uploads): Promise<void> => {
    done = next;
    await share.notices.saveProgress(notice.id, { uploads: next });
  };
  const files: { id: string; title: string }[] = [];
  for (const { kind, format } of run.artifacts) {
    if ((kind === 'plan') !== (notice.kind === 'plan_files')) continue;
    const artifact = await share.services.artifact(run.id, kind, format);
    if (artifact === undefined) continue;
    const title = artifact.fileName;
    const earlier = done[title];
    if (earlier?.arrived === true) {
      files.push({ id: earlier.id, title });
      continue;
    }
    share.pace.mustBeFree();
    const { file_id: id = '', upload_url: url = '' } =
      await share.client.files.getUploadURLExternal({
        filename: title,
        length: artifact.body.byteLength,
      });
    await save({ ...done, [title]: { id, arrived: false } });
    await sendBytes(artifact, url);
    await save({ ...done, [title]: { id, arrived: true } });
    files.push({ id, title });
  }
  return files;
}

/** Where files are shown, and what is said of them. */
export interface ShareTarget {
  readonly comment: string;
  readonly channelId: string;
  readonly threadTs: string | null;
  /** An earlier call may have shown them already. */
  readonly again: boolean;
}

/** The third call: shows all files as one message in the thread. Sharing them again changes nothing. */
export async function shareFiles(
  client: WebClient,
  files: readonly { readonly id: string; readonly title: string }[],
  to: ShareTarget,
): Promise<void> {
  const [first, ...rest] = files;
  if (first === undefined) return;
  try {
    await client.files.completeUploadExternal({
      files: [first, ...rest],
      initial_comment: to.comment,
      ...(to.threadTs === null
        ? { channel_id: to.channelId }
        : { channel_id: to.channelId, thread_ts: to.threadTs }),
    });
  } catch (error) {
    // The answer to an earlier call was lost, and Slack knows these uploads no more: they are shared.
    if (to.again && error instanceof WebAPIPlatformError && error.data.error === 'file_not_found')
      return;
    throw error;
  }
}

/** Whether a message carries one of the files that the notice uploaded. */
export function carriesFilesOf(notice: Notice): (message: SentMessage) => boolean {
  const uploaded = Object.values(savedProgress.parse(notice.progress).uploads);
  const ids = new Set(uploaded.map(({ id }) => id));
  return (message) => message.fileIds.some((id) => ids.has(id));
}

/** The second of Slack's three calls. @throws UploadFailed */
export async function sendBytes(
  artifact: Pick<Artifact, 'fileName' | 'body'>,
  url: string,
): Promise<void> {
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: 'POST',
      body: new Uint8Array(artifact.body),
      headers: { 'content-type': 'application/octet-stream' },
      signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
    });
  } catch (cause) {
    throw new UploadFailed(`sending ${artifact.fileName} to Slack`, { cause });
  }
  if (!answer.ok) {
    const { status } = answer;
    throw new UploadFailed(`sending ${artifact.fileName} to Slack: HTTP ${status}`, { status });
  }
}
