/** Times in the acting person's zone, which may differ from the browser's. */

const MINUTE_MS = 60_000;

function wallParts(unixSeconds: number, timeZone: string): Record<string, number> {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(unixSeconds * 1000);
  return Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
}

/** @returns `YYYY-MM-DDTHH:mm`, what a datetime-local input takes */
export function toWallClock(unixSeconds: number, timeZone: string): string {
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = wallParts(unixSeconds, timeZone);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

/** @returns Unix seconds of a wall-clock time in the zone; undefined when it is no time */
export function fromWallClock(wallClock: string, timeZone: string): number | undefined {
  const asUtc = Date.parse(`${wallClock}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  // The zone's offset depends on the moment, so it is looked up twice to settle around a clock change.
  let guess = asUtc;
  for (let round = 0; round < 2; round += 1) {
    const shown = Date.parse(`${toWallClock(guess / 1000, timeZone)}Z`);
    guess += asUtc - shown;
  }
  return Math.round(guess / MINUTE_MS) * 60;
}

/** "Today", "Yesterday" or the date. */
export function dayName(unixSeconds: number, timeZone: string): string {
  const day = (seconds: number): string => toWallClock(seconds, timeZone).slice(0, 10);
  const now = Date.now() / 1000;
  if (day(unixSeconds) === day(now)) return 'Today';
  if (day(unixSeconds) === day(now - 86_400)) return 'Yesterday';
  if (day(unixSeconds) === day(now + 86_400)) return 'Tomorrow';
  return format(unixSeconds, timeZone, { weekday: 'long', month: 'long', day: 'numeric' });
}

/** "7:41 PM" */
export function clockTime(unixSeconds: number, timeZone: string): string {
  return format(unixSeconds, timeZone, { hour: 'numeric', minute: '2-digit' });
}

function format(
  unixSeconds: number,
  timeZone: string,
  options: Intl.DateTimeFormatOptions,
): string {
  return new Intl.DateTimeFormat('en-US', { ...options, timeZone }).format(unixSeconds * 1000);
}

const DATE_TOKENS: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  date: { year: 'numeric', month: 'long', day: 'numeric' },
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date_slash: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  time: { hour: 'numeric', minute: '2-digit' },
  time_secs: { hour: 'numeric', minute: '2-digit', second: '2-digit' },
};

/** Fills Slack's date format, for example `{date_short_pretty} at {time}`. Unknown tokens stay. */
export function formatSlackDate(unixSeconds: number, pattern: string, timeZone: string): string {
  return pattern.replaceAll(/\{(\w+)\}/g, (token, name: string) => {
    const pretty = name.endsWith('_pretty');
    const near = pretty ? dayName(unixSeconds, timeZone) : '';
    if (near === 'Today' || near === 'Yesterday' || near === 'Tomorrow') return near;
    const options = DATE_TOKENS[pretty ? name.slice(0, -'_pretty'.length) : name];
    return options === undefined ? token : format(unixSeconds, timeZone, options);
  });
}
