import { type Logger, pino } from 'pino';

/** JSON lines on standard error, without secrets. Standard output belongs to the commands' answers. */
export function createLogger(settings: { level: string; name: string }): Logger {
  return pino(
    {
      name: settings.name,
      level: settings.level,
      redact: {
        paths: [
          '*.token',
          '*.headers',
          '*.config',
          '*.authorization',
          'err.request',
          'err.original',
        ],
        remove: true,
      },
    },
    process.stderr,
  );
}
