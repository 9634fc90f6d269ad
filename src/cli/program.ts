import { Command } from 'commander';
import { registerAudit } from './audit.ts';
import { type CliContext } from './context.ts';
import { registerExport } from './export.ts';
import { registerImport } from './import.ts';
import { registerPeople } from './people.ts';
import { registerPlan } from './plan.ts';
import { registerPush } from './push.ts';
import { registerReport } from './report.ts';
import { registerRoles } from './roles.ts';
import { registerRuns } from './runs.ts';
import { registerUndo } from './undo.ts';

/** The commands of `push-course-masters`. */
export function createProgram(context: CliContext): Command {
  const program = new Command('push-course-masters')
    .description('Push course masters from a course catalog to linked courses and sections.')
    .enablePositionalOptions()
    .showHelpAfterError();
  registerRoles(program, context);
  registerPeople(program, context);
  registerImport(program, context);
  registerExport(program, context);
  registerPlan(program, context);
  registerPush(program, context);
  registerUndo(program, context);
  registerRuns(program, context);
  registerReport(program, context);
  registerAudit(program, context);
  return program;
}
