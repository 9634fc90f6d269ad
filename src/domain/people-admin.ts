import { type Person } from './ports.ts';
import { type Tool, type ToolRight } from './rights.ts';
import { type SlackState } from './standing.ts';

/** A person as the people view lists them. */
export interface ListedPerson {
  readonly id: number;
  readonly slackTeamId: string;
  readonly slackUserId: string;
  readonly name: string;
  readonly active: boolean;
  /** What Slack last said of the account. */
  readonly slackState: SlackState;
  readonly groups: readonly string[];
}

/** Which calendars a group reaches as a whole; single schools come on top. */
export type CalendarReach = 'none' | 'see' | 'modify';

export interface GroupRights {
  readonly name: string;
  readonly tools: Readonly<Partial<Record<Tool, ToolRight>>>;
  readonly allCalendars: CalendarReach;
  /** Schools whose calendars the group may modify, or only see. */
  readonly schools: readonly { readonly id: number; readonly canModify: boolean }[];
  /** The Slack user group whose members are in this group, `S…`. */
  readonly slackSubteamId: string | null;
}

export interface UserGroup extends GroupRights {
  readonly id: number;
  readonly members: number;
}

export interface SchoolChoice {
  readonly id: number;
  readonly name: string;
}

/** A Slack user with the groups that an administrator puts them into. */
export interface PersonChange {
  readonly slackTeamId: string;
  readonly slackUserId: string;
  readonly name: string;
  readonly active: boolean;
  readonly groupIds: readonly number[];
}

/** Who makes a change, and from where, for the audit log. */
export interface ByWhom {
  readonly by: Person;
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
  groups(by: Person): Promise<readonly UserGroup[]>;
  schools(by: Person): Promise<readonly SchoolChoice[]>;
  savePerson(change: PersonChange & ByWhom): Promise<void>;
  /** @param change `id` null makes a new group. @returns the group's id */
  saveGroup(change: GroupRights & ByWhom & { id: number | null }): Promise<number>;
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
  /** Puts exactly these into the group on behalf of its Slack user group; others stay as they are. */
  syncSubteam(change: {
    groupId: number;
    slackTeamId: string;
    members: readonly { readonly slackUserId: string; readonly name: string }[];
  }): Promise<void>;
}
