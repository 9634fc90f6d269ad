import { itemKey } from '../../src/domain/item-payload.ts';
import { omit, type Place, type Run } from './draft.ts';
import { hasTestScores } from './evidence.ts';
import { type TypeAt } from './standard.ts';
import { type AssessmentRow, type Master, type Payload } from './state.ts';

const payloadOf = (row: AssessmentRow): Payload => omit(row, ['test']);

const testOf = (key: string): string => key.slice('assess:'.length);

/** Assessments at a course (M19, M40). Sections have none (M20, M41). */
export function assessmentsAt(run: Run, place: Place, master: Master): TypeAt {
  const { setup } = place.course;
  const byKey = (rows: readonly AssessmentRow[]): Map<string, Payload> =>
    new Map(rows.map((row) => [itemKey.assessment(row.test), payloadOf(row)]));
  return {
    place,
    type: 'assessments',
    above: byKey(master.setup.assessments),
    below: () => byKey(setup.assessments),
    keepsLocal: (key) => hasTestScores(run, place, testOf(key)),
    gone: (key, pushed) =>
      hasTestScores(run, place, testOf(key))
        ? { keep: 'student_work' }
        : { remove: pushed ? 'master_item_removed' : null },
    write: (key, payload) => {
      const row = setup.assessments.find((own) => own.test === testOf(key));
      if (row !== undefined) Object.assign(row, payload);
      else
        setup.assessments.push({
          ...(payload as Omit<AssessmentRow, 'test'>),
          test: testOf(key),
        });
    },
    remove: (key) => {
      setup.assessments = setup.assessments.filter((own) => own.test !== testOf(key));
    },
  };
}
