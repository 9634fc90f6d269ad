import { type SlackStandIn, type StoredMessage } from '../../playground/slack-standin/contract.ts';
import { type PushDistrict } from './push-district.ts';
import { until } from './until.ts';

/** Makes due at once what waits for a next try, and lets claims of a sender that ended run out. */
const HURRY = `update slack_outbox set not_before = now(), lease_until = null,
    in_doubt_since = case when lease_until is not null and ts is null and kind <> 'progress'
      then now() else in_doubt_since end
  where state in ('pending', 'unknown')
    and (not_before > now() + interval '3 seconds' or lease_until < now() + interval '28 seconds')`;

const OPEN = `select count(*)::int as n from slack_outbox where state in ('pending', 'unknown')`;

/** Waits until every notice is sent or given up; pauses before a next try are cut short. */
export async function settleOutbox(district: PushDistrict, limitMs = 50_000): Promise<void> {
  let open = 1;
  let looking = Promise.resolve();
  const look = async (): Promise<void> => {
    await district.run(HURRY);
    const [row] = await district.rows<{ n: number }>(OPEN);
    open = row?.n ?? 0;
  };
  const watch = setInterval(() => {
    looking = looking.then(look);
  }, 200);
  try {
    await until('every notice to be sent or given up', () => open === 0, limitMs);
  } finally {
    clearInterval(watch);
    await looking;
  }
}

/** The key of a message, by which the sender finds it again. */
export function keyOf({ metadata }: StoredMessage): string | undefined {
  const payload = metadata?.['event_payload'];
  if (typeof payload !== 'object' || payload === null) return undefined;
  const key: unknown = Reflect.get(payload, 'key');
  return typeof key === 'string' ? key : undefined;
}

/** Everything that stands in any conversation. */
export function everywhere(slack: SlackStandIn): readonly StoredMessage[] {
  return slack.channels().flatMap(({ id }) => slack.messages(id));
}

/** Messages that a person got directly. */
export function directTo(slack: SlackStandIn, userId: string): readonly StoredMessage[] {
  return slack
    .channels()
    .filter(({ kind, members }) => kind === 'direct' && members.includes(userId))
    .flatMap(({ id }) => slack.messages(id));
}
