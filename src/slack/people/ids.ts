/** callback_ids. */
export const PEOPLE = 'people_list';
export const PERSON = 'people_person';
export const GROUPS = 'people_groups';
export const GROUP = 'people_group';

/** action_ids; those of rows carry an id behind a tilde (V3). */
export const ACTION = {
  pick: 'people_pick',
  groups: 'people_open_groups',
  newGroup: 'people_new_group',
  next: 'people_next',
  previous: 'people_previous',
  name: 'people_name',
  memberOf: 'people_member_of',
  active: 'people_active',
  groupName: 'people_group_name',
  rights: 'people_rights',
  reach: 'people_reach',
  modifyPlaces: 'people_modify_places',
  seePlaces: 'people_see_places',
  subteam: 'people_subteam',
} as const;
export const changePerson = (slackUserId: string): string => `people_change~${slackUserId}`;
export const CHANGE_PERSON = /^people_change~([UW][A-Z0-9]+)$/;
export const changeGroup = (groupId: number): string => `people_group~${groupId}`;
export const CHANGE_GROUP = /^people_group~(\d{1,9})$/;
