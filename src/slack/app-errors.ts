import { type App } from '@slack/bolt';
import { type WebClient } from '@slack/web-api';
import { type Logger } from 'pino';
import { z } from 'zod';

import { newReference } from './context.ts';
import { sentenceView, withAlert } from './form/view.ts';
import { faultSentence, plain } from './messages/answers.ts';
import { type Workspaces } from './workspaces.ts';

const faulty = z.looseObject({
  response_url: z.string().optional(),
  trigger_id: z.string().optional(),
  user: z.looseObject({ id: z.string() }).optional().catch(undefined),
  user_id: z.string().optional(),
  team: z.looseObject({ id: z.string() }).nullish().catch(undefined),
  team_id: z.string().nullish(),
  view: z
    .looseObject({
      id: z.string(),
      hash: z.string(),
      callback_id: z.string(),
      private_metadata: z.string(),
      title: z.looseObject({ text: z.string() }),
      submit: z.looseObject({ text: z.string() }).nullable(),
      close: z.looseObject({ text: z.string() }).nullable(),
      blocks: z.array(z.looseObject({ type: z.string(), block_id: z.string().optional() })),
    })
    .optional(),
});
type Faulty = z.infer<typeof faulty>;

/** Whoever asked gets an answer, also when we broke; the same reference is in the log (5.8). */
export function registerErrors(
  app: App,
  { workspaces, logger }: { readonly workspaces: Workspaces; readonly logger: Logger },
): void {
  app.error(async ({ error, body }: { readonly error: Error; readonly body: unknown }) => {
    const reference = newReference();
    const cause: unknown = 'original' in error ? error.original : error;
    logger.error({ err: cause, reference }, 'answering a Slack request');
    const parsed = faulty.safeParse(body);
    if (!parsed.success) return;
    try {
      const client = await workspaces.client(parsed.data.team?.id ?? parsed.data.team_id ?? '');
      if (client !== undefined) await tell(client, parsed.data, faultSentence(reference));
    } catch (unanswered) {
      logger.error({ err: unanswered, reference }, 'telling the person about a fault');
    }
  });
}

async function tell(client: WebClient, body: Faulty, sentence: string): Promise<void> {
  const { response_url: responseUrl, view } = body;
  const userId = body.user?.id ?? body.user_id;
  if (view !== undefined) {
    // Fields keep what was typed, because all block_ids stay (F14).
    const { submit } = view;
    const next = submit === null ? sentenceView(sentence) : withAlert(view, sentence);
    await client.views.update({ view_id: view.id, hash: view.hash, view: next });
  } else if (responseUrl !== undefined) {
    await fetch(responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        response_type: 'ephemeral',
        replace_original: false,
        ...plain(sentence),
      }),
      signal: AbortSignal.timeout(2000),
    });
  } else if (userId !== undefined) {
    await client.chat.postMessage({
      channel: userId,
      unfurl_links: false,
      unfurl_media: false,
      ...plain(sentence),
    });
  }
}
