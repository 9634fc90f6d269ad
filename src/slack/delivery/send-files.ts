import { type MessagePlace, type Notice } from '../../domain/ports.ts';
import { filesComment, planFilesComment } from '../messages/files.ts';
import { carriesFilesOf, shareFiles, uploadFiles } from './files.ts';
import { lookFor, note, settled } from './once.ts';
import { type Sending, type ThreadedRun } from './sending.ts';
import { inThread } from './thread.ts';

/** The files of a run, or of its plan, as one message in the thread. */
export async function sendFiles(
  delivery: Sending,
  run: ThreadedRun,
  notice: Notice,
): Promise<void> {
  const { client, notices, pace } = delivery;
  const files = await uploadFiles(delivery, run, notice);
  if (files.length === 0) {
    await notices.drop(notice.id, 'the run has no files');
    return;
  }
  const comment = notice.kind === 'files' ? filesComment(run) : planFilesComment(run);
  const share = async (wanted: MessagePlace): Promise<{ channelId: string; ts: string | null }> => {
    const place = await settled(delivery, wanted);
    const isIt = carriesFilesOf(notice);
    const earlier = await lookFor(delivery, notice, { place, isIt });
    if (earlier !== undefined) return earlier;
    await note(delivery, notice, place);
    await pace.inTurn(place.channelId, async () => {
      pace.mustBeFree();
      await shareFiles(client, files, { comment, ...place, again: notice.outcomeUnknown });
    });
    return { channelId: place.channelId, ts: null };
  };
  const { result, detour } = await inThread(delivery, { run, notice }, share);
  await notices.sent(notice.id, { ...result, detour });
}
