// A process that starts servers and then ends in the way its first argument says (see servers.test.ts).
import { startPostgres } from '../../playground/servers/postgres.ts';
import { startRedis } from '../../playground/servers/redis.ts';

const [, , ending, ...names] = process.argv;
const { PATH } = process.env;
const starts = { postgres: startPostgres, redis: startRedis };
const pids: (number | undefined)[] = [];
for (const [name, start] of Object.entries(starts)) {
  if (names.includes(name)) pids.push((await start({ env: { PATH } })).pid);
}
process.stdout.write(`${JSON.stringify(pids)}\n`);

if (ending === 'throw') throw new Error('on purpose');
if (ending !== 'return') process.stdin.resume(); // until a signal comes
