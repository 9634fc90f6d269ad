/** The emoji a chat bot uses. Others show by their name, as Slack shows an unknown one. */

const EMOJI: Readonly<Record<string, string>> = {
  white_check_mark: '✅',
  raised_hand: '✋',
  clipboard: '📋',
  heavy_check_mark: '✔️',
  ballot_box_with_check: '☑️',
  x: '❌',
  no_entry: '⛔',
  no_entry_sign: '🚫',
  warning: '⚠️',
  rotating_light: '🚨',
  exclamation: '❗',
  grey_question: '❔',
  question: '❓',
  information_source: 'ℹ️',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  clock1: '🕐',
  alarm_clock: '⏰',
  calendar: '📆',
  date: '📅',
  spiral_calendar_pad: '🗓️',
  lock: '🔒',
  unlock: '🔓',
  key: '🔑',
  memo: '📝',
  page_facing_up: '📄',
  bar_chart: '📊',
  inbox_tray: '📥',
  outbox_tray: '📤',
  open_file_folder: '📂',
  books: '📚',
  school: '🏫',
  mortar_board: '🎓',
  arrows_counterclockwise: '🔄',
  repeat: '🔁',
  arrow_right: '➡️',
  double_vertical_bar: '⏸️',
  black_square_for_stop: '⏹️',
  fast_forward: '⏩',
  rocket: '🚀',
  tada: '🎉',
  wave: '👋',
  thumbsup: '👍',
  '+1': '👍',
  '-1': '👎',
  bulb: '💡',
  bell: '🔔',
  mag: '🔍',
  gear: '⚙️',
  link: '🔗',
  pushpin: '📌',
  busts_in_silhouette: '👥',
  bust_in_silhouette: '👤',
  red_circle: '🔴',
  large_yellow_circle: '🟡',
  large_green_circle: '🟢',
  large_blue_circle: '🔵',
  white_circle: '⚪',
  black_circle: '⚫',
};

/** @returns the character, or `:name:` */
export function emojiOf(name: string): string {
  return EMOJI[name] ?? `:${name}:`;
}

/** Replaces `:name:` in plain text. */
export function withEmoji(text: string): string {
  return text.replaceAll(/:([a-z0-9_+-]+):/g, (_all, name: string) => emojiOf(name));
}
