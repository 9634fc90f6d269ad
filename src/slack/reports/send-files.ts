import { type InteractiveClient } from '../context.ts';
import { sendBytes, shareFiles } from '../delivery/files.ts';

/**
 * Sends files to a person directly, under a message that says what they are.
 * @throws UploadFailed, and what the Web API throws
 */
export async function sendDirectly(
  client: InteractiveClient,
  to: {
    readonly userId: string;
    /** mrkdwn, escaped by the caller. */
    readonly title: string;
    readonly comment: string;
    readonly files: readonly { readonly fileName: string; readonly body: Buffer }[];
  },
): Promise<void> {
  const posted = await client.chat.postMessage({
    channel: to.userId,
    text: to.title,
    unfurl_links: false,
    unfurl_media: false,
  });
  const shared: { id: string; title: string }[] = [];
  for (const file of to.files) {
    const { file_id: id = '', upload_url: url = '' } = await client.files.getUploadURLExternal({
      filename: file.fileName,
      length: file.body.byteLength,
    });
    await sendBytes(file, url);
    shared.push({ id, title: file.fileName });
  }
  await shareFiles(client, shared, {
    comment: to.comment,
    channelId: posted.channel ?? to.userId,
    threadTs: posted.ts ?? null,
    again: false,
  });
}
