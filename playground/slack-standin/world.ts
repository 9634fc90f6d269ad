import {
  type ChannelInfo,
  type ChannelSeed,
  type PersonInfo,
  type PersonSeed,
  StandInSetupError,
  type StandInOptions,
  type UserGroupSeed,
} from './contract.ts';
import { type Journal } from './journal.ts';

/** The ids and secrets of the workspace and of the app that is installed in it. */
export const INSTALLATION = {
  teamId: 'T000000001',
  teamName: 'Grand Bend ISD',
  teamDomain: 'grand-bend',
  appId: 'A0PUSHMASTER',
  botId: 'B0PUSHMASTER',
  botUserId: 'U0PUSHMASTER',
  botToken: 'xoxb-000000000001-stand-in',
  appToken: 'xapp-1-A0PUSHMASTER-stand-in',
  signingSecret: '0123456789abcdef0123456789abcdef',
  verificationToken: 'stand-in-verification-token',
} as const;

/** People, channels and user groups of the workspace. */
export class World {
  readonly people = new Map<string, PersonInfo>();
  readonly channels = new Map<string, ChannelInfo>();
  readonly userGroups = new Map<string, UserGroupSeed>();
  readonly #journal: Journal;

  constructor(options: StandInOptions, journal: Journal) {
    this.#journal = journal;
    this.people.set(INSTALLATION.botUserId, botInfo(options));
    for (const seed of options.people) this.addPerson(seed);
    for (const seed of options.channels) this.addChannel(seed);
    for (const group of options.userGroups ?? []) this.userGroups.set(group.id, group);
  }

  addPerson(seed: PersonSeed): void {
    if (!/^[UW][A-Z0-9]+$/.test(seed.id) || this.people.has(seed.id)) {
      throw new StandInSetupError(
        `A person's id must be new and look like U0ALICE, not "${seed.id}".`,
      );
    }
    this.people.set(seed.id, {
      timeZone: 'America/Chicago',
      locale: 'en-US',
      email: `${seed.name}@grand-bend.example`,
      isAdmin: false,
      isRestricted: false,
      isDeactivated: false,
      teamId: INSTALLATION.teamId,
      ...seed,
      isBot: false,
    });
    this.#changed();
  }

  changePerson(
    userId: string,
    change: Pick<PersonSeed, 'isDeactivated' | 'isRestricted' | 'teamId'>,
  ): void {
    this.people.set(userId, { ...this.person(userId), ...change });
    this.#changed();
  }

  addChannel(seed: ChannelSeed): void {
    if (!/^[CG][A-Z0-9]+$/.test(seed.id) || this.channels.has(seed.id)) {
      throw new StandInSetupError(
        `A channel's id must be new and look like C0GENERAL, not "${seed.id}".`,
      );
    }
    const everyone = [...this.people.values()].filter((person) => !person.isBot);
    const members = seed.members ?? everyone.map((person) => person.id);
    for (const member of members) this.person(member);
    this.channels.set(seed.id, {
      id: seed.id,
      name: seed.name,
      kind: seed.isPrivate === true ? 'private' : 'public',
      isArchived: seed.isArchived ?? false,
      isExternallyShared: seed.isExternallyShared ?? false,
      members: (seed.hasBot ?? true) ? [...members, INSTALLATION.botUserId] : [...members],
    });
    this.#changed();
  }

  /** The direct conversation of the bot with a person, once it exists. */
  directWith(userId: string): ChannelInfo | undefined {
    return [...this.channels.values()].find(
      (channel) => channel.kind === 'direct' && channel.members.includes(userId),
    );
  }

  addDirect(id: string, userId: string): ChannelInfo {
    const known = this.channels.get(id);
    if (known !== undefined) return known;
    const direct: ChannelInfo = {
      id,
      name: this.person(userId).name,
      kind: 'direct',
      isArchived: false,
      isExternallyShared: false,
      members: [userId, INSTALLATION.botUserId],
    };
    this.channels.set(id, direct);
    this.#changed();
    return direct;
  }

  setMember(channelId: string, userId: string, isMember: boolean): void {
    const channel = this.channel(channelId);
    this.person(userId);
    const others = channel.members.filter((member) => member !== userId);
    this.channels.set(channelId, { ...channel, members: isMember ? [...others, userId] : others });
    this.#changed();
  }

  setArchived(channelId: string, isArchived: boolean): void {
    this.channels.set(channelId, { ...this.channel(channelId), isArchived });
    this.#changed();
  }

  /** @throws StandInSetupError for an id nobody has */
  person(userId: string): PersonInfo {
    const person = this.people.get(userId);
    if (person === undefined) throw new StandInSetupError(`Nobody here has the id "${userId}".`);
    return person;
  }

  /** @throws StandInSetupError for an id no channel has */
  channel(channelId: string): ChannelInfo {
    const channel = this.channels.get(channelId);
    if (channel === undefined) throw new StandInSetupError(`No channel has the id "${channelId}".`);
    return channel;
  }

  #changed(): void {
    this.#journal.emit({ type: 'people_or_channels_changed' });
  }
}

function botInfo(options: StandInOptions): PersonInfo {
  const name =
    options.manifest.features?.bot_user?.display_name ?? options.manifest.display_information.name;
  return {
    id: INSTALLATION.botUserId,
    name,
    realName: name,
    timeZone: 'America/Chicago',
    locale: 'en-US',
    email: '',
    isAdmin: false,
    isRestricted: false,
    isDeactivated: false,
    teamId: INSTALLATION.teamId,
    isBot: true,
  };
}
