/** Slack's text objects as DOM nodes: mrkdwn is parsed here, plain_text is left as it is. */
import { type MrkdwnElement, type PlainTextElement } from '@slack/types';
import { h } from './dom.ts';
import { emojiOf, withEmoji } from './emoji.ts';
import { type Session } from './session.ts';
import { formatSlackDate } from './zone.ts';

export type TextObject = MrkdwnElement | PlainTextElement;

/** A span holding the text object; line breaks are kept by the style sheet. */
export function renderText(text: TextObject, session: Session): HTMLElement {
  const node = h('span', { class: 'text' });
  if (text.type === 'plain_text') {
    node.append(text.emoji === false ? text.text : withEmoji(text.text));
  } else {
    node.append(...parseMrkdwn(text.text, session));
  }
  return node;
}

/** @returns nodes for Slack's mrkdwn; only `<…>` written by the app is special, never `&lt;…&gt;` */
export function parseMrkdwn(source: string, session: Session): readonly Node[] {
  return splitQuotes(source).map(({ quoted, text }) =>
    quoted
      ? h('blockquote', {}, ...parseInline(text, session))
      : h('span', {}, ...parseInline(text, session)),
  );
}

function splitQuotes(source: string): readonly { quoted: boolean; text: string }[] {
  const parts: { quoted: boolean; text: string }[] = [];
  for (const line of source.split('\n')) {
    const quoted = /^(?:&gt;|>)/.test(line);
    const text = quoted ? line.replace(/^(?:&gt;|>) ?/, '') : line;
    const last = parts.at(-1);
    if (last?.quoted === quoted) last.text += `\n${text}`;
    else parts.push({ quoted, text });
  }
  return parts;
}

const INLINE = new RegExp(
  [
    '```\\n?(?<pre>[\\s\\S]+?)```',
    '`(?<code>[^`\\n]+)`',
    '<(?<special>[^<>\\n]+)>',
    '(?<![\\p{L}\\p{N}])\\*(?=\\S)(?<bold>[^*\\n]+?)(?<=\\S)\\*(?![\\p{L}\\p{N}])',
    '(?<![\\p{L}\\p{N}])_(?=\\S)(?<italic>[^_\\n]+?)(?<=\\S)_(?![\\p{L}\\p{N}])',
    '(?<![\\p{L}\\p{N}])~(?=\\S)(?<strike>[^~\\n]+?)(?<=\\S)~(?![\\p{L}\\p{N}])',
    ':(?<emoji>[a-z0-9_+-]+):',
  ].join('|'),
  'gu',
);

function parseInline(source: string, session: Session): readonly Node[] {
  const nodes: Node[] = [];
  let at = 0;
  for (const match of source.matchAll(INLINE)) {
    if (match.index > at) nodes.push(plain(source.slice(at, match.index)));
    nodes.push(inlineNode(match.groups ?? {}, session));
    at = match.index + match[0].length;
  }
  if (at < source.length) nodes.push(plain(source.slice(at)));
  return nodes;
}

function inlineNode(found: Readonly<Record<string, string | undefined>>, session: Session): Node {
  const { pre, code, special, bold, italic, strike, emoji } = found;
  if (pre !== undefined) return h('pre', {}, unescape(pre));
  if (code !== undefined) return h('code', {}, unescape(code));
  if (special !== undefined) return specialNode(special, session);
  if (bold !== undefined) return h('b', {}, ...parseInline(bold, session));
  if (italic !== undefined) return h('i', {}, ...parseInline(italic, session));
  if (strike !== undefined) return h('s', {}, ...parseInline(strike, session));
  return plain(emojiOf(emoji ?? ''));
}

function specialNode(special: string, session: Session): Node {
  const bar = special.indexOf('|');
  const target = bar < 0 ? special : special.slice(0, bar);
  const label = bar < 0 ? undefined : unescape(special.slice(bar + 1));
  if (target.startsWith('@')) return mentionOf('user', target.slice(1), session);
  if (target.startsWith('#')) return mentionOf('channel', target.slice(1), session);
  if (target.startsWith('!subteam^')) return mentionOf('group', target.slice(9), session);
  if (target.startsWith('!date^')) return dateNode(target, label ?? '', session);
  if (target.startsWith('!')) return h('span', { class: 'mention loud' }, `@${target.slice(1)}`);
  return linkTo(unescape(target), label ?? unescape(target));
}

/** A person, channel or user group, by name where it is known. */
export function mentionOf(kind: 'user' | 'channel' | 'group', id: string, session: Session): Node {
  const { people, channels, userGroups, me } = session.state;
  const names = {
    user: people.find((person) => person.id === id)?.realName,
    channel: channels.find((channel) => channel.id === id)?.name,
    group: userGroups.find((group) => group.id === id)?.handle,
  };
  const sign = kind === 'channel' ? '#' : '@';
  const style = id === me ? 'mention loud' : 'mention';
  return h('span', { class: style, title: id }, `${sign}${names[kind] ?? id}`);
}

/** A link in a new tab; an address that is no web or mail address stays text. */
export function linkTo(address: string, label: string): Node {
  if (!/^(?:https?:|mailto:)/i.test(address)) return plain(label);
  return h('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, label);
}

function dateNode(target: string, fallback: string, session: Session): Node {
  const [, seconds = '', pattern = '', link] = target.split('^');
  const shown = dateText(Number(seconds), pattern, { session, fallback });
  return link === undefined ? h('time', { title: fallback }, shown) : linkTo(link, shown);
}

/** A moment in the acting person's zone, or the fallback when it is no moment. */
export function dateText(
  seconds: number,
  pattern: string,
  how: { readonly session: Session; readonly fallback: string },
): string {
  if (!Number.isFinite(seconds) || pattern === '') return how.fallback;
  return formatSlackDate(seconds, pattern, how.session.me.timeZone);
}

function plain(text: string): Text {
  return document.createTextNode(unescape(text));
}

function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
