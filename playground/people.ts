import { type ChannelSeed, type PersonSeed } from './slack-standin/contract.ts';

export interface PlaygroundPerson extends PersonSeed {
  /** Printed beside the name in "Act as". */
  readonly role: string;
  /** User groups of the product; without one the person is unknown to it. */
  readonly groups: readonly string[];
}

/** Who one can be in the playground. */
export const PEOPLE: readonly PlaygroundPerson[] = [
  {
    id: 'U0ALICE001',
    name: 'alice',
    realName: 'Alice Anderson',
    role: 'Admin',
    groups: ['Curriculum Admin'],
    isAdmin: true,
  },
  {
    id: 'U0BOB00001',
    name: 'bob',
    realName: 'Bob Baker',
    role: 'Approver',
    groups: ['District SIS Admin'],
  },
  {
    id: 'U0CAROL001',
    name: 'carol',
    realName: 'Carol Cole',
    role: 'Approver',
    groups: ['District SIS Admin'],
  },
  {
    id: 'U0TERESA01',
    name: 'teresa',
    realName: 'Teresa Torres',
    role: 'Teacher',
    groups: ['Read-only'],
  },
  { id: 'U0NORA0001', name: 'nora', realName: 'Nora Novak', role: 'No rights', groups: [] },
];

/** Where overwrites are put up for approval. */
export const APPROVERS_CHANNEL = 'C0APPROVE1';

export const CHANNELS: readonly ChannelSeed[] = [
  { id: 'C0MASTERS1', name: 'course-masters' },
  { id: APPROVERS_CHANNEL, name: 'approvers' },
  { id: 'C0GENERAL1', name: 'general' },
  { id: 'C0NOBOT001', name: 'without-the-bot', hasBot: false },
];
