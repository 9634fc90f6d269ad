import path from 'node:path';
import { type ArtifactFormat } from '../domain/push-run.ts';
import { ChoiceUnclear } from './choose.ts';

/** The format that a file name asks for. @throws ChoiceUnclear for another ending than .csv, .xlsx */
export function formatOf(file: string): ArtifactFormat {
  const ending = path.extname(file).toLowerCase();
  if (ending === '.csv') return 'csv';
  if (ending === '.xlsx') return 'xlsx';
  throw new ChoiceUnclear(`"${file}" must end in .csv or .xlsx.`);
}
