/** The day the demo district is seen on: in the second quarter of its active year. */
export const TODAY = '2026-11-23';

export interface Term {
  id: string;
  title: string;
  start: string;
  end: string;
  semester: string;
}

/** A school year with its semesters and quarters; `schoolYear` is the year it ends in. */
export interface SchoolYear {
  id: string;
  schoolYear: number;
  start: string;
  end: string;
  semesters: readonly { id: string; title: string; start: string; end: string }[];
  terms: readonly Term[];
}

function yearOf(startYear: number, first: string, last: string): SchoolYear {
  const label = `${startYear}-${startYear + 1}`;
  const id = `lk-${label}`;
  const fall = { id: `${id}-fall`, start: `${startYear}-${first}`, end: `${startYear}-12-18` };
  const spring = {
    id: `${id}-spring`,
    start: `${startYear + 1}-01-05`,
    end: `${startYear + 1}-${last}`,
  };
  const term = (quarter: number, start: string, end: string): Term => ({
    id: `${id}-q${quarter}`,
    title: `Quarter ${quarter}`,
    start,
    end,
    semester: quarter <= 2 ? fall.id : spring.id,
  });
  return {
    id,
    schoolYear: startYear + 1,
    start: fall.start,
    end: spring.end,
    semesters: [
      { ...fall, title: `${label} Fall Semester` },
      { ...spring, title: `${label} Spring Semester` },
    ],
    terms: [
      term(1, fall.start, `${startYear}-10-16`),
      term(2, `${startYear}-10-19`, fall.end),
      term(3, spring.start, `${startYear + 1}-03-19`),
      term(4, `${startYear + 1}-03-29`, spring.end),
    ],
  };
}

/** The year in session on `TODAY`. */
export const ACTIVE_YEAR: SchoolYear = yearOf(2026, '08-17', '06-11');

/** The year that calendars were already rolled into (F01). */
export const FUTURE_YEAR: SchoolYear = yearOf(2027, '08-16', '06-09');
