import { type ChannelInfo } from '../contract.ts';
import { type Core, enforce, SlackApiError } from '../core.ts';
import { type Finding, refusal } from '../rules/finding.ts';
import { INSTALLATION } from '../world.ts';

/**
 * Finds the conversation a message goes to and checks that the bot may write there.
 * A person's id stands for the direct conversation with them.
 * @throws SlackApiError channel_not_found, not_in_channel, is_archived
 * @returns the channel, or the id of a person with whom no conversation exists yet
 */
export function writableChannel(core: Core, where: string, id: string): ChannelInfo | string {
  const person = core.world.people.get(id);
  if (person !== undefined && !person.isBot && !person.isDeactivated)
    return core.world.directWith(id) ?? id;
  const channel = findChannel(core, id);
  if (channel === undefined || hides(channel)) return noChannel(core, where, id);
  refuseWhen(core, where, [
    [channel.isArchived, 'is_archived', `#${channel.name} is archived.`],
    [
      !isBotIn(channel) && !core.scopes.includes('chat:write.public'),
      'not_in_channel',
      `The bot is not in #${channel.name}.`,
    ],
  ]);
  return channel;
}

/** Finds a conversation for reading. A private one the bot is not in does not exist for it. */
export function readableChannel(core: Core, where: string, id: string): ChannelInfo {
  const channel = core.world.channels.get(id);
  return channel === undefined || hides(channel) ? noChannel(core, where, id) : channel;
}

/** The read, history or write scope of a kind of conversation. */
export function scopeFor(channel: ChannelInfo, right: 'read' | 'history'): string {
  return `${{ public: 'channels', private: 'groups', direct: 'im' }[channel.kind]}:${right}`;
}

export function isBotIn(channel: ChannelInfo): boolean {
  return channel.members.includes(INSTALLATION.botUserId);
}

/** Reports the first condition that holds and refuses the call with its code. */
export function refuseWhen(
  core: Core,
  where: string,
  conditions: readonly (readonly [boolean, string, string])[],
): void {
  const first = conditions.find(([holds]) => holds);
  if (first === undefined) return;
  const finding: Finding = { ...refusal('V29', [], first[2]), error: first[1] };
  enforce(core, where, { findings: [finding], usualError: first[1] });
}

/** A reply needs its thread's first message: somebody may have deleted it. */
export function refuseGoneThread(
  core: Core,
  where: string,
  { channel, threadTs }: { channel: string; threadTs: string | undefined },
): void {
  const isGone = threadTs !== undefined && core.messages.wasRemoved(channel, threadTs);
  refuseWhen(core, where, [[isGone, 'thread_not_found', `The thread ${threadTs ?? ''} is gone.`]]);
}

function noChannel(core: Core, where: string, id: string): never {
  refuseWhen(core, where, [
    [true, 'channel_not_found', `No conversation "${id}" that the bot can see.`],
  ]);
  throw new SlackApiError('channel_not_found');
}

function findChannel(core: Core, id: string): ChannelInfo | undefined {
  const name = id.replace(/^#/, '');
  return (
    core.world.channels.get(id) ??
    [...core.world.channels.values()].find(
      (channel) => channel.kind !== 'direct' && channel.name === name,
    )
  );
}

function hides(channel: ChannelInfo): boolean {
  return channel.kind !== 'public' && !isBotIn(channel);
}
