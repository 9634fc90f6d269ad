import { describe, expect, it } from '@jest/globals';
import { readPlaygroundSettings } from '../../../playground/settings.ts';

describe('Given the environment of the playground', () => {
  it('takes a free port and imports the demo district unless told', () => {
    expect(readPlaygroundSettings({})).toEqual({ port: 0, demoDistrict: true });
    expect(readPlaygroundSettings({ PLAYGROUND_PORT: '3100', PLAYGROUND_DEMO: 'off' })).toEqual({
      port: 3100,
      demoDistrict: false,
    });
  });

  it('names every variable that is faulty, in one sentence', () => {
    const faulty = { PLAYGROUND_PORT: '65536', PLAYGROUND_DEMO: 'no' };
    expect(() => readPlaygroundSettings(faulty)).toThrow(
      'PLAYGROUND_PORT must be a number from 0 to 65535; PLAYGROUND_DEMO must be on or off.',
    );
  });
});
