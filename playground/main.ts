import { pino } from 'pino';
import { startPlayground } from './start.ts';

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const playground = await startPlayground({
  today: new Date().toISOString().slice(0, 10),
  demoDistrict: process.env['PLAYGROUND_DEMO'] !== 'off',
  logger: pino({ level: process.env['LOG_LEVEL'] ?? 'warn' }, pino.destination(2)),
  print,
  port: Number(process.env['PLAYGROUND_PORT'] ?? 0),
});
print(`\nThe playground is ready. Open ${playground.url}\nStop it with Ctrl-C.`);

let stopping = false;
const stop = (): void => {
  if (stopping) process.exit(1);
  stopping = true;
  void playground.stop().then(() => {
    process.exitCode = 0;
    setImmediate(() => process.exit());
  });
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
