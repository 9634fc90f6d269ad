import { randomBytes } from 'node:crypto';
import { fromGlobalSetup } from './environment.ts';

/** The Redis of this run, and a Bull prefix that no other test file uses. */
export function testRedis(): { url: string; prefix: string } {
  return {
    url: fromGlobalSetup('TEST_REDIS_URL'),
    prefix: `pcm-test-${randomBytes(6).toString('hex')}`,
  };
}
