import { writeFile } from 'node:fs/promises';
import { type Command } from 'commander';
import { SETUP_REPORT_NAMES, SETUP_REPORTS, type SetupReport } from '../domain/setup-report.ts';
import { listChoices } from '../runs/list-choices.ts';
import { setupReports } from '../runs/setup-reports.ts';
import { choose } from './choose.ts';
import { type CliContext, withDatabase } from './context.ts';
import { formatOf } from './formats.ts';
import { chooseCatalog, chooseTypes, chooseYear, collect, findAsker } from './push-flags.ts';

interface Flags {
  readonly as: string;
  readonly year?: string;
  readonly catalog?: string;
  readonly calendar?: readonly string[];
  readonly type?: readonly string[];
  readonly removals?: true;
  readonly linked?: true;
  readonly out?: string;
}

/** `report residual` and its like: reports on the setup as it is now. */
export function registerSetupReports(report: Command, context: CliContext): void {
  for (const name of SETUP_REPORTS) {
    report
      .command(name)
      .description(`make the ${SETUP_REPORT_NAMES[name]}`)
      .requiredOption('--as <person>', 'who asks: name or Slack member id; their rights count')
      .option('--year <year>', 'school year; the active one unless told')
      .option('--catalog <name>', 'course catalog; may be left out when the year has only one')
      .option('--calendar <name>', 'only this calendar; repeat for several', collect)
      .option('--type <type>', 'only this kind of data; repeat for several', collect)
      .option('--linked', 'audit: list too the courses that are linked')
      .option('--removals', 'residual: list too what the next overwrite would remove')
      .option('--out <file>', 'file to write; the CSV goes to standard output unless told')
      .action((flags: Flags) => make(context, name, flags));
  }
}

async function make(context: CliContext, report: SetupReport, flags: Flags): Promise<void> {
  const format = flags.out === undefined ? 'csv' : formatOf(flags.out);
  const made = await withDatabase(context, async (db) => {
    const person = await findAsker(db, flags.as);
    const reports = setupReports(db);
    const choices = listChoices(db);
    const schoolYearId = await chooseYear(choices, flags.year);
    const catalogId = await chooseCatalog(choices, schoolYearId, flags.catalog);
    const calendars = await reports.calendars({ person, schoolYearId, catalogId });
    return reports.make({
      ...{ person, report, schoolYearId, catalogId },
      calendarIds: (flags.calendar ?? []).map((name) => choose('calendar', name, calendars).id),
      dataTypes: chooseTypes(flags.type),
      withRemovals: flags.removals === true,
      withLinked: flags.linked === true,
    });
  });
  const file = made.files.find(({ fileName }) => fileName.endsWith(`.${format}`));
  if (file === undefined) throw new Error('The report is too long for XLSX; write a .csv file.');
  if (flags.out === undefined) context.print(file.body.toString('utf8').trimEnd());
  else {
    await writeFile(flags.out, file.body);
    context.note(`Wrote ${flags.out}: ${made.rows} row(s).`);
  }
}
