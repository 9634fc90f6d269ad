import { pino } from 'pino';
import { EnvironmentFaulty, readLogLevel } from '../src/config/env.ts';
import { onSignals } from '../src/roles/until-signal.ts';
import { PortUnavailable } from './page/server.ts';
import { readPlaygroundSettings } from './settings.ts';
import { type Playground, startPlayground } from './start.ts';

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

try {
  stopOnSignal(await start());
} catch (error) {
  if (!(error instanceof EnvironmentFaulty || error instanceof PortUnavailable)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function start(): Promise<Playground> {
  const { env } = process;
  const playground = await startPlayground({
    ...readPlaygroundSettings(env),
    today: new Date().toISOString().slice(0, 10),
    logger: pino({ level: readLogLevel(env) }, pino.destination(2)),
    print,
  });
  print(`\nThe playground is ready. Open ${playground.url}\nStop it with Ctrl-C.`);
  return playground;
}

function stopOnSignal(playground: Playground): void {
  onSignals({
    first: () => {
      void playground.stop().then(() => {
        process.exitCode = 0;
        setImmediate(() => process.exit());
      });
    },
    again: () => process.exit(1),
  });
}
