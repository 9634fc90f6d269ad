import { type AppManifest } from '../../playground/slack-standin/contract.ts';

/** An app that uses every surface and element, to try the playground's page with. */
export const KITCHEN_SINK_MANIFEST: AppManifest = {
  display_information: { name: 'Kitchen Sink' },
  features: {
    bot_user: { display_name: 'Kitchen Sink' },
    app_home: { home_tab_enabled: true },
    slash_commands: [
      {
        command: '/kitchen-sink',
        description: 'Open the form with every element',
        usage_hint: '[form · post · files · whisper]',
      },
      { command: '/kitchen-timer', description: 'Never answers in time' },
    ],
    shortcuts: [
      { name: 'Open the form', type: 'global', callback_id: 'open_form' },
      { name: 'Show this message', type: 'message', callback_id: 'show_message' },
    ],
  },
  oauth_config: { scopes: { bot: ['commands', 'chat:write', 'files:write'] } },
  settings: {
    interactivity: {
      is_enabled: true,
      request_url: 'https://example.test/slack/events',
      message_menu_options_url: 'https://example.test/slack/events',
    },
    event_subscriptions: { bot_events: ['app_home_opened'] },
  },
};
