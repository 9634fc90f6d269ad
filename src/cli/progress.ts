import { Presets, SingleBar } from 'cli-progress';
import { type RunView } from '../domain/push-run.ts';
import { type CliContext } from './context.ts';
import { stateWords } from './run-words.ts';

/** Shows how far a run is, beside the answer. */
export interface Progress {
  show(run: RunView): void;
  stop(): void;
}

/** A bar on a terminal; nothing for machines. */
export function openProgress({ terminal }: CliContext): Progress {
  if (terminal === undefined) return { show: () => undefined, stop: () => undefined };
  const bar = new SingleBar(
    {
      format: '{state} [{bar}] {value}/{total} courses',
      stream: terminal,
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    show: (run) => {
      const total = run.calendars.reduce((sum, { coursesTotal }) => sum + coursesTotal, 0);
      const done = run.calendars.reduce((sum, { coursesDone }) => sum + coursesDone, 0);
      if (!started) bar.start(total, done, { state: stateWords(run) });
      started = true;
      bar.setTotal(total);
      bar.update(done, { state: stateWords(run) });
    },
    stop: () => {
      bar.stop();
    },
  };
}
