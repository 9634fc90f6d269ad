import { type WebClient } from '@slack/web-api';

import { type Notice } from '../../domain/ports.ts';
import { type Workspaces } from '../workspaces.ts';
import { createDelivery, type Delivery } from './deliver.ts';
import { type DeliverySettings } from './sending.ts';

export type NotifierSettings = Omit<DeliverySettings, 'client' | 'approversChannel'> & {
  readonly workspaces: Workspaces;
  /** Where requests for approval are posted, beside directly to each approver. */
  readonly approversChannel?: ApproversChannel | undefined;
};

/** A channel, and its workspace where there are several. */
export interface ApproversChannel {
  readonly teamId?: string | undefined;
  readonly channelId: string;
}

/** Who delivers what, by workspace; undefined while the app is not installed there. */
export interface PostOffice {
  deliveryOf(notice: Notice): Promise<Delivery | undefined>;
  /** In the workspace of the person who asked for the run. */
  deliveryToRequester(notice: Notice): Promise<Delivery | undefined>;
  /** Whether every workspace said to wait. */
  isHeld(): boolean;
}

/** A delivery for each workspace: its own client, and its own pace, as Slack counts by workspace. */
export function createPostOffice({
  workspaces,
  approversChannel,
  ...settings
}: NotifierSettings): PostOffice {
  const deliveries = new Map<string, { readonly client: WebClient; readonly delivery: Delivery }>();
  const teamOf = ({ kind, about, teamId }: Notice): string =>
    kind === 'approval' && about.slackUserId === undefined
      ? (approversChannel?.teamId ?? teamId)
      : teamId;
  const deliveryIn = async (teamId: string, notice: Notice): Promise<Delivery | undefined> => {
    const client = await workspaces.client(teamId);
    if (client === undefined) {
      settings.logger.warn({ teamId, notice: notice.key }, 'the app is not installed there');
      return undefined;
    }
    const known = deliveries.get(teamId);
    if (known?.client === client) return known.delivery;
    const { channelId } = approversChannel ?? {};
    const delivery = createDelivery({ ...settings, client, approversChannel: channelId });
    deliveries.set(teamId, { client, delivery });
    return delivery;
  };
  return {
    deliveryOf: (notice) => deliveryIn(teamOf(notice), notice),
    deliveryToRequester: (notice) => deliveryIn(notice.requesterTeamId, notice),
    isHeld: () =>
      deliveries.size > 0 &&
      [...deliveries.values()].every(({ delivery }) => delivery.pace.untilFree() > 0),
  };
}
