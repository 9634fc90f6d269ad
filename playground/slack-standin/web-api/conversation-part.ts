import { type ChannelInfo, type JsonObject } from '../contract.ts';
import { INSTALLATION } from '../world.ts';
import { isBotIn } from './channels.ts';

/** A conversation as conversations.info and conversations.open show it. */
export function conversationPart(channel: ChannelInfo): JsonObject {
  return {
    id: channel.id,
    name: channel.name,
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_im: channel.kind === 'direct',
    is_mpim: false,
    is_private: channel.kind !== 'public',
    is_archived: channel.isArchived,
    is_member: isBotIn(channel),
    is_shared: channel.isExternallyShared,
    is_ext_shared: channel.isExternallyShared,
    is_org_shared: false,
    is_pending_ext_shared: false,
    context_team_id: INSTALLATION.teamId,
    ...(channel.kind === 'direct'
      ? { user: channel.members.find((id) => id !== INSTALLATION.botUserId) ?? '' }
      : {}),
  };
}
