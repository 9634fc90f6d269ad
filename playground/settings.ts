import { z } from 'zod';
import { EnvironmentFaulty, type Environment } from '../src/config/env.ts';

export interface PlaygroundSettings {
  /** Of the page; 0 takes a free one. */
  readonly port: number;
  readonly demoDistrict: boolean;
}

const PORT = 'must be a number from 0 to 65535';
const settings = z.object({
  PLAYGROUND_PORT: z.coerce.number(PORT).int(PORT).min(0, PORT).max(65_535, PORT).default(0),
  PLAYGROUND_DEMO: z.enum(['on', 'off'], 'must be on or off').default('on'),
});

/** Reads what the playground may be told. @throws EnvironmentFaulty naming every faulty variable */
export function readPlaygroundSettings(env: Environment): PlaygroundSettings {
  const parsed = settings.safeParse(env);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new EnvironmentFaulty(`${faults.join('; ')}.`);
  }
  const { PLAYGROUND_PORT: port, PLAYGROUND_DEMO: demo } = parsed.data;
  return { port, demoDistrict: demo === 'on' };
}
