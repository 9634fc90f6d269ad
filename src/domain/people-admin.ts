import { type Person } from './ports.ts';
import { type Tool, type ToolRight } from './rights.ts';
import { type SlackState } from './standing.ts';

/** A group that a person is in. */
export interface Membership {
  readonly id: number;
  readonly name: string;
  /** True while it is given by a Slack user group, and taken with that. */
  readonly fromSlack: boolean;
}

/** A person as the people view lists them. */
export interface ListedPerson {
  readonly id: number;
  readonly slackTeamId: string;
  readonly slackUserId: string;
  readonly name: string;
  readonly active: boolean;
  /** What Slack last said of the account. */
  readonly slackState: SlackState;
  readonly groups: readonly Membership[];
}

/** Which calendars a group reaches as a whole; single places come on top. */
export type CalendarReach = 'none' | 'see' | 'modify';

/** A school, a school year, a calendar, or a school in one year; null leaves it open. */
export interface CalendarPlace {
  readonly schoolId: number | null;
  readonly schoolYearId: number | null;
  readonly calendarId: number | null;
}

export interface CalendarRight extends CalendarPlace {
  /** The place in words. */
  readonly name: string;
  readonly canModify: boolean;
}

export type ToolRights = Readonly<Partial<Record<Tool, ToolRight>>>;

export interface UserGroup {
  readonly id: number;
  readonly name: string;
  readonly members: number;
  readonly tools: ToolRights;
  readonly allCalendars: CalendarReach;
  /** Rights on single places. */
  readonly places: readonly CalendarRight[];
  /** The Slack user group whose members are in this group, `S…`. */
  readonly slackSubteamId: string | null;
}

/** A place in a word: "s1" a school, "y2" a school year, "c5" a calendar, "s1y2" a school in one year. */
export function placeCode({ schoolId, schoolYearId, calendarId }: CalendarPlace): string {
  const parts = { s: schoolId, y: schoolYearId, c: calendarId };
  return Object.entries(parts)
    .flatMap(([letter, id]) => (id === null ? [] : [`${letter}${id}`]))
    .join('');
}

/** @returns undefined for what is no place */
export function placeOf(code: string): CalendarPlace | undefined {
  const [whole, school, year, calendar] =
    /^(?:s(\d{1,9}))?(?:y(\d{1,9}))?(?:c(\d{1,9}))?$/.exec(code) ?? [];
  if (whole === undefined || whole === '') return undefined;
  const idOf = (digits: string | undefined): number | null =>
    digits === undefined ? null : Number(digits);
  return { schoolId: idOf(school), schoolYearId: idOf(year), calendarId: idOf(calendar) };
}

/** What is different in a group; whatever is left out stays as it is. */
export interface GroupChange {
  /** Null makes a new group, which needs a name. */
  readonly id: number | null;
  readonly name?: string;
  readonly tools?: ToolRights;
  readonly allCalendars?: CalendarReach;
  /** Places to give, or to give at another level. */
  readonly give?: readonly (CalendarPlace & { readonly canModify: boolean })[];
  readonly take?: readonly CalendarPlace[];
  /** Null: no Slack user group fills it any more. */
  readonly slackSubteamId?: string | null;
}

/** What is different in a person; whatever is left out stays as it is. */
export interface PersonChange {
  readonly slackTeamId: string;
  readonly slackUserId: string;
  /** A person who is not known yet needs one. */
  readonly name?: string;
  readonly active?: boolean;
  readonly join?: readonly number[];
  readonly leave?: readonly number[];
}

/** Who makes a change, and from where, for the audit log. */
export interface ByWhom {
  /** Null: whoever holds the password of the database, at the command line. */
  readonly by: Person | null;
  readonly from: string;
}

/**
 * Who may do what (domain.md section 6). Every call needs the right on User Security, looked up anew;
 * refusals are thrown as PushRefused. Nobody can take away the last such right of the district.
 */
export interface PeopleAdmin {
  /** Those of the same workspace, by name. `search` is part of a name. */
  people(query: {
    by: Person;
    search: string;
    limit: number;
    skip: number;
  }): Promise<readonly ListedPerson[]>;
  /** A mapped Slack user, active or not. */
  find(query: {
    by: Person;
    slackTeamId: string;
    slackUserId: string;
  }): Promise<ListedPerson | undefined>;
  groups(by: Person | null): Promise<readonly UserGroup[]>;
  /** Schools, school years and calendars whose name holds every word. */
  places(query: {
    by: Person | null;
    search: string;
    limit: number;
  }): Promise<readonly (CalendarPlace & { readonly name: string })[]>;
  savePerson(change: PersonChange & ByWhom): Promise<void>;
  /** @returns the group's id */
  saveGroup(change: GroupChange & ByWhom): Promise<number>;
  /** What Slack last said of a user, for when it does not answer; `unknown` when it never did. */
  slackState(slack: { teamId: string; userId: string }): Promise<SlackState>;
  /** Notes what Slack says of users now; those who are not mapped are left out. */
  noteSlackStates(said: {
    slackTeamId: string;
    states: readonly { readonly slackUserId: string; readonly state: SlackState }[];
  }): Promise<void>;
  /** Active people of whom Slack is to be asked again, the longest ago first. */
  unchecked(slackTeamId: string): Promise<readonly string[]>;
  /** Groups that a Slack user group fills. */
  subteams(): Promise<readonly { readonly groupId: number; readonly slackSubteamId: string }[]>;
  /** Puts exactly these into the group on behalf of its Slack user group, none when that is gone; those added by hand stay. */
  syncSubteam(change: {
    groupId: number;
    slackTeamId: string;
    members: readonly { readonly slackUserId: string; readonly name: string }[];
  }): Promise<void>;
}
