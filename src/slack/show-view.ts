import { type ModalView } from '@slack/types';

import { type InteractiveClient } from './context.ts';
import { codeOf } from './delivery/trouble.ts';

/** A view to bring up to date; its hash, when known, keeps an older state from replacing a newer one (F13). */
export interface Shown {
  readonly id: string;
  readonly hash?: string;
}

/**
 * Shows another view in its place. Where the person has closed it meanwhile, or a newer update came
 * first, there is nothing to bring up to date.
 */
export async function showView(
  client: InteractiveClient,
  { id, hash }: Shown,
  view: ModalView,
): Promise<void> {
  try {
    await client.views.update({ view_id: id, view, ...(hash === undefined ? {} : { hash }) });
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'not_found' && code !== 'hash_conflict') throw error;
  }
}
