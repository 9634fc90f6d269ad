import { Redis, type RedisOptions } from 'ioredis';

/** A Redis that may lose jobs on purpose. Says what to set. */
export class RedisUnfit extends Error {
  override readonly name = 'RedisUnfit';
}

/** Redis does not answer. */
export class RedisAway extends Error {
  override readonly name = 'RedisAway';
}

/** Connections that Bull asks for and does not close: they are kept here until `disconnect`. */
export interface Connections {
  open(options: RedisOptions): Redis;
  disconnect(): void;
}

/** Opens connections to one Redis that try again after at most 2 s, never in step with each other. */
export function connectionsTo(url: string): Connections {
  const opened: Redis[] = [];
  return {
    open: (options) => {
      const redis = new Redis(url, { retryStrategy, ...options });
      // Each broken command rejects by itself; without a listener ioredis prints to the console.
      redis.on('error', () => undefined);
      opened.push(redis);
      return redis;
    },
    disconnect: () => {
      for (const redis of opened) redis.disconnect();
    },
  };
}

function retryStrategy(times: number): number {
  return Math.min(times * 100, 2000) * (0.75 + Math.random() / 2);
}

const ANSWER_MS = 5000;

/**
 * Reads what Redis does when memory runs out or it restarts (reliability.md section 1.2).
 * @returns a warning when a restart of Redis forgets its jobs (they are found again by their rows)
 * @throws RedisUnfit when it may evict jobs, RedisAway when it does not answer within 5 s
 */
export async function checkRedis(url: string): Promise<string | undefined> {
  const connections = connectionsTo(url);
  const redis = connections.open({ commandTimeout: ANSWER_MS, maxRetriesPerRequest: null });
  try {
    const text = await redis.info().catch((cause: unknown) => {
      throw new RedisAway(`REDIS_URL: no answer within ${ANSWER_MS / 1000} s.`, { cause });
    });
    const info = new Map(text.split('\r\n').map((line) => splitOnce(line)));
    const policy = info.get('maxmemory_policy') ?? 'noeviction';
    if (policy !== 'noeviction')
      throw new RedisUnfit(
        `REDIS_URL: Redis may evict jobs (maxmemory-policy ${policy}). Set maxmemory-policy noeviction.`,
      );
    return info.get('aof_enabled') === '1'
      ? undefined
      : 'Redis keeps no append-only file: after its restart, waiting pushes start some seconds later.';
  } finally {
    connections.disconnect();
  }
}

function splitOnce(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1)];
}
