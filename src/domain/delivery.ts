/** Why a message did not arrive where it was meant to, as far as people can do something about it. */
export const DELIVERY_TROUBLES = [
  'rate_limited',
  'no_answer',
  'access_lost',
  'not_in_channel',
  'archived',
  'no_such_channel',
  'may_not_post',
  'gone',
  'blocks_refused',
  'upload_refused',
  'refused',
] as const;
export type DeliveryTrouble = (typeof DELIVERY_TROUBLES)[number];

/** A trouble and the conversation that it is about. */
export interface Detour {
  readonly trouble: DeliveryTrouble;
  readonly channelId: string;
}

/** Messages of one run that share a trouble: still tried, sent another way, or given up. */
export interface Undelivered {
  readonly runId: number;
  readonly trouble: DeliveryTrouble;
  /** Null when it is not known, as before a first attempt. */
  readonly channelId: string | null;
  readonly fate: 'waiting' | 'elsewhere' | 'lost';
  readonly messages: number;
}
