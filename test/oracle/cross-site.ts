import { itemKey } from '../../src/domain/item-payload.ts';
import { type Reason } from '../../src/domain/outcome.ts';
import { count, findLink, type Place, report, type Run, setLink } from './draft.ts';
import { type Master, type Section } from './state.ts';

const ITEM = { dataType: 'cross_site', key: itemKey.crossSite } as const;

/** X04: the switch that is missing for a school, or null. */
export function missingSwitch(run: Run, school: string): Reason | null {
  if (run.state.participation === 'disable') return 'district_cross_site_off';
  const flagged = run.state.schools.find((s) => s.id === school)?.crossSiteEnabled ?? false;
  return flagged ? null : 'school_cross_site_off';
}

/** X03: course flag := master flag, then section flags := course flag; never judged for drift. */
export function pushCrossSite(run: Run, place: Place, master: Master): void {
  const { course } = place;
  const enabled = master.crossSiteEnabled;
  const outcome = course.crossSiteEnabled === enabled ? 'UNCHANGED' : 'UPDATED';
  course.crossSiteEnabled = enabled;
  setLink(place, { ...ITEM, base: { enabled } });
  (outcome === 'UNCHANGED' ? count : report)(run, place, { ...ITEM, outcome });
  for (const section of course.sections) pushSection(run, { course, section });
}

/** X06 */
function isInUse(section: Section): boolean {
  return section.mapStatuses.includes('mapped') || section.crossSiteStudents > 0;
}

/** X01, X11. OD: offered the first time a push makes it cross-site, which its link remembers. */
function wasOffered(place: Place): boolean {
  return findLink(place, 'cross_site', itemKey.crossSite)?.base['offered'] === true;
}

function pushSection(run: Run, place: Place): void {
  const { section, course } = place;
  if (section === null) return;
  const enabled = course.crossSiteEnabled;
  if (section.crossSiteEnabled && !enabled && isInUse(section)) {
    const reason = 'cross_site_mapped'; // X06
    report(run, place, { ...ITEM, outcome: 'RETAINED_PROTECTED', reason });
    return;
  }
  const known = wasOffered(place);
  const first = enabled && !section.crossSiteEnabled && !known;
  const outcome = section.crossSiteEnabled === enabled ? 'UNCHANGED' : 'UPDATED';
  section.crossSiteEnabled = enabled;
  if (first) section.crossSiteOffered = true;
  setLink(place, { ...ITEM, base: first || known ? { enabled, offered: true } : { enabled } });
  (outcome === 'UNCHANGED' ? count : report)(run, place, { ...ITEM, outcome });
}
