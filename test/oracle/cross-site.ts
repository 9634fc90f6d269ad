import { itemKey } from '../../src/domain/item-payload.ts';
import { type Reason } from '../../src/domain/outcome.ts';
import { count, findLink, type Place, report, type Run, setLink } from './draft.ts';
import { type Master, type Payload, type Section } from './state.ts';

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
  record(run, place, { outcome, base: { enabled } });
  for (const section of course.sections) pushSection(run, { course, section });
}

/** X06 */
function isInUse(section: Section): boolean {
  return section.mapStatuses.includes('mapped') || section.crossSiteStudents > 0;
}

/** S01: the link remembers what was written; what was not written has none. */
function record(
  run: Run,
  place: Place,
  { outcome, base }: { outcome: 'UNCHANGED' | 'UPDATED'; base: Payload },
): void {
  if (outcome === 'UPDATED') setLink(place, { ...ITEM, base });
  (outcome === 'UNCHANGED' ? count : report)(run, place, { ...ITEM, outcome });
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
  const outcome = section.crossSiteEnabled === enabled ? 'UNCHANGED' : 'UPDATED';
  // X01, X11. OD: offered the first time a push makes it cross-site, which its link remembers.
  const first = findLink(place, ITEM.dataType, ITEM.key) === undefined;
  if (enabled && outcome === 'UPDATED' && first) section.crossSiteOffered = true;
  section.crossSiteEnabled = enabled;
  record(run, place, { outcome, base: { enabled, offered: section.crossSiteOffered } });
}
