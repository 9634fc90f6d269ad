/** Slack's rich_text blocks as DOM nodes. */
import { type RichTextBlock, type RichTextBlockElement, type RichTextElement } from '@slack/types';
import { h } from './dom.ts';
import { emojiOf } from './emoji.ts';
import { type Session } from './session.ts';
import { dateText, linkTo, mentionOf } from './text.ts';

const MAX_INDENT = 8;

/** A div with the block's sections, lists, quotes and code. */
export function renderRichText(block: RichTextBlock, session: Session): HTMLElement {
  return h('div', { class: 'rich-text' }, ...block.elements.map((part) => partNode(part, session)));
}

function partNode(part: RichTextBlockElement, session: Session): HTMLElement {
  switch (part.type) {
    case 'rich_text_section':
      return h('p', {}, ...inline(part.elements, session));
    case 'rich_text_quote':
      return h('blockquote', {}, ...inline(part.elements, session));
    case 'rich_text_preformatted':
      return h('pre', {}, ...inline(part.elements, session));
    case 'rich_text_list': {
      const level = Math.min(part.indent ?? 0, MAX_INDENT);
      const items = part.elements.map((item) => h('li', {}, partNode(item, session)));
      const list = h(part.style === 'ordered' ? 'ol' : 'ul', {}, ...items);
      list.dataset['indent'] = String(level);
      return list;
    }
  }
}

function inline(elements: readonly RichTextElement[], session: Session): readonly Node[] {
  return elements.map((element) => styled(inlineNode(element, session), element));
}

function inlineNode(element: RichTextElement, session: Session): Node {
  switch (element.type) {
    case 'text':
      return document.createTextNode(element.text);
    case 'link':
      return linkTo(element.url, element.text ?? element.url);
    case 'emoji':
      return document.createTextNode(emojiOf(element.name));
    case 'user':
      return mentionOf('user', element.user_id, session);
    case 'channel':
      return mentionOf('channel', element.channel_id, session);
    case 'usergroup':
      return mentionOf('group', element.usergroup_id, session);
    case 'broadcast':
      return h('span', { class: 'mention loud' }, `@${element.range}`);
    case 'date': {
      const { fallback = '' } = element;
      return h('time', {}, dateText(element.timestamp, element.format, { session, fallback }));
    }
    default:
      return h('span', {}, `[${element.type}]`);
  }
}

function styled(node: Node, element: RichTextElement): Node {
  const style: { bold?: boolean; italic?: boolean; strike?: boolean; code?: boolean } =
    'style' in element ? element.style : {};
  let wrapped = node;
  if (style.code === true) wrapped = h('code', {}, wrapped);
  if (style.bold === true) wrapped = h('b', {}, wrapped);
  if (style.italic === true) wrapped = h('i', {}, wrapped);
  if (style.strike === true) wrapped = h('s', {}, wrapped);
  return wrapped;
}
