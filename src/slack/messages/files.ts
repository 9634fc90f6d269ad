import { type RunView } from '../../domain/push-run.ts';
import { count, messageText } from '../wording.ts';
import { type Message, lines } from './rich-text.ts';
import { didWord, runName } from './run-words.ts';

/** The sentence above the report files. */
export function filesComment(run: RunView): string {
  const rows = (kind: string): number =>
    run.artifacts.find((artifact) => artifact.kind === kind)?.rows ?? 0;
  const formats = new Set(run.artifacts.map(({ format }) => format));
  return messageText(
    `Reports of ${runName(run)}: the push report (what could not be ${didWord(run)}) has ${count(rows('push_report'), 'line')}, ` +
      `the change log ${count(rows('change_log'), 'line')}.` +
      (formats.size > 1 ? ' CSV is for machines, XLSX for people.' : ''),
  );
}

/** The sentence above the files of a plan. */
export function planFilesComment(run: RunView): string {
  const plans = run.artifacts.filter(({ kind }) => kind === 'plan');
  const rows = plans[0]?.rows ?? 0;
  const alone = plans.length === 1 ? ' So long, it comes as CSV alone.' : '';
  return messageText(
    `The full plan of ${runName(run)} has ${count(rows, 'line')}, one for every field that would change or ` +
      `could not be ${didWord(run)}.${alone}`,
  );
}

/** Said in the thread when the files of the push, or those of its plan, could not be attached for good. */
export function filesLost(run: RunView, which: 'report' | 'plan' = 'report'): Message {
  const sentence =
    which === 'plan'
      ? `The files of the plan of ${runName(run)} could not be attached here. “Full plan as a file” under the plan sends them to you. The plan itself is not affected.`
      : `The report files of ${runName(run)} could not be attached here. “Get the report” in the queue (/push-course-masters queue) sends them to you. The push itself is not affected.`;
  return { text: sentence, blocks: [lines([sentence])] };
}
