/** The stand-in's workspace as one person's client sees it. */
import {
  type AppManifest,
  type ChannelInfo,
  type LiveEvent,
  type SlackStandIn,
  type StoredFile,
  type UserGroupSeed,
} from '../slack-standin/contract.ts';
import { type PageEvent, type PageState, type ViewStack } from './wire.ts';

export interface WorkspaceOptions {
  readonly standIn: SlackStandIn;
  /** The manifest given to the stand-in: names the app, its commands and its shortcuts. */
  readonly manifest: AppManifest;
  /** By person id, what to print beside the name in "Act as", for example "Approver". */
  readonly roles?: Readonly<Record<string, string>>;
  /** Names for mentions of user groups. */
  readonly userGroups?: readonly Pick<UserGroupSeed, 'id' | 'handle'>[];
}

/** Reads the workspace for one person at a time; holds nothing but a counter. */
export class Workspace {
  private readonly options: WorkspaceOptions;
  private sequence = 0;

  constructor(options: WorkspaceOptions) {
    this.options = options;
  }

  /** @returns whether somebody who can use Slack has this id */
  knows(userId: string): boolean {
    return this.standIn.people().some((person) => person.id === userId && !person.isBot);
  }

  /** Who acts when the page is opened: the first person listed, or '' in an empty workspace. */
  firstPerson(): string {
    return this.standIn.people().find((person) => !person.isBot)?.id ?? '';
  }

  /** Everything the person's client shows. */
  stateFor(userId: string): PageState {
    const { manifest, roles = {}, userGroups = [] } = this.options;
    const channels = this.channelsOf(userId);
    return {
      me: userId,
      appName: manifest.display_information.name,
      botUserId: this.standIn.botUserId,
      people: this.standIn
        .people()
        .filter((person) => !person.isDeactivated)
        .map(({ id, name, realName, timeZone, isBot }) => {
          return { id, name, realName, timeZone, isBot, role: roles[id] ?? '' };
        }),
      channels,
      userGroups: userGroups.map(({ id, handle }) => ({ id, handle })),
      commands: manifest.features?.slash_commands ?? [],
      shortcuts: manifest.features?.shortcuts ?? [],
      messages: channels.flatMap((channel) => this.standIn.messages(channel.id)),
      ephemeral: this.standIn.ephemeral(userId),
      hasHome: manifest.features?.app_home?.home_tab_enabled === true,
      home: this.standIn.homeView(userId) ?? null,
      stack: this.stackOf(userId),
    };
  }

  /** The person's open modals now, numbered so that a late answer cannot bring back an older stack. */
  stackOf(userId: string): ViewStack {
    this.sequence += 1;
    return { sequence: this.sequence, views: this.standIn.viewStack(userId) };
  }

  /** @returns what the person's client hears of an event, or undefined when it is none of their business */
  eventFor(userId: string, event: LiveEvent): PageEvent | undefined {
    switch (event.type) {
      case 'view_opened':
      case 'view_updated':
      case 'view_closed':
        return event.user === userId ? { type: 'views', stack: this.stackOf(userId) } : undefined;
      default:
        return this.concerns(userId, event) ? event : undefined;
    }
  }

  private concerns(userId: string, event: LiveEvent): boolean {
    if ('user' in event) return event.user === userId;
    if (event.type === 'ephemeral') return event.message.user === userId;
    if ('channel' in event) return this.sees(userId, event.channel);
    if ('message' in event) return this.sees(userId, event.message.channel);
    return true;
  }

  /** @returns a file that a message in one of the person's channels carries */
  fileFor(userId: string, fileId: string): StoredFile | undefined {
    return this.channelsOf(userId)
      .flatMap((channel) => this.standIn.messages(channel.id))
      .flatMap((message) => message.files)
      .find((file) => file.id === fileId);
  }

  private sees(userId: string, channelId: string): boolean {
    return this.channelsOf(userId).some((channel) => channel.id === channelId);
  }

  private channelsOf(userId: string): readonly ChannelInfo[] {
    return this.standIn
      .channels()
      .filter((channel) => channel.kind === 'public' || channel.members.includes(userId));
  }

  private get standIn(): SlackStandIn {
    return this.options.standIn;
  }
}
