import { holds, missingForPush } from '../../domain/rights.ts';
import { listed, plainName } from '../wording.ts';
import { type FormModel } from './model.ts';

type Asking = Pick<FormModel, 'person' | 'grantors'> & Partial<Pick<FormModel, 'master'>>;

/** What the person lacks for any push at all, in a sentence; null when the form has something to offer. */
export function closedSentence({ person, master, grantors }: Asking): string | null {
  const missing = missingForPush(person.rights, {
    ...{ mode: 'push_locked', toSections: false, crossSite: false, calendarIds: [] },
    singleMaster: master !== undefined,
  });
  return missing.length === 0
    ? null
    : `You may look at pushes, not start one. You lack: ${missing.join('; ')}. ${askSentence(grantors)}`;
}

/** True when the person may ask for an overwrite. */
export function mayOverwrite({ person }: Pick<FormModel, 'person'>): boolean {
  return holds(person.rights, 'push_all_course_masters.overwrite', 'write');
}

/** "Left out, for lack of rights: Overwrite (Write). Ann Baker can give them." */
export function leftOutSentence(rights: readonly string[], grantors: readonly string[]): string {
  return `Left out, for lack of rights: ${listed(rights)}. ${askSentence(grantors)}`;
}

/** Who can give rights. */
function askSentence(grantors: readonly string[]): string {
  const names = grantors.map((name) => plainName(name));
  return names.length === 0
    ? 'Ask a district administrator for them.'
    : `${listed(names, 'or')} can give them.`;
}
