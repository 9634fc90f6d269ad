import { COMMAND, SHORTCUT, SHOW_SHORTCUT } from '../listeners/ways-in.ts';
import { OPTIONAL_SCOPES, REQUIRED_SCOPES } from './scopes.ts';

/** The path at which Bolt's HTTP receiver listens. */
const EVENTS_PATH = '/slack/events';
/** The path to which Slack sends people back who installed the app. */
const REDIRECT_PATH = '/slack/oauth_redirect';
/** By which a workspace that removes the app is forgotten. */
const UNINSTALL_EVENTS = ['app_uninstalled', 'tokens_revoked'] as const;

/** How Slack reaches the bot; over HTTP also with workspaces that install it by themselves. */
export const MANIFEST_MODES = ['socket-mode', 'http', 'several-workspaces'] as const;
export type ManifestMode = (typeof MANIFEST_MODES)[number];

/** The keys of Slack's manifest that we use. */
export interface SlackManifest {
  readonly _metadata: { readonly major_version: number; readonly minor_version: number };
  readonly display_information: {
    readonly name: string;
    readonly description: string;
    readonly long_description: string;
    readonly background_color: string;
  };
  readonly features: {
    readonly app_home: {
      readonly home_tab_enabled: boolean;
      readonly messages_tab_enabled: boolean;
      readonly messages_tab_read_only_enabled: boolean;
    };
    readonly bot_user: { readonly display_name: string; readonly always_online: boolean };
    readonly shortcuts: readonly {
      readonly name: string;
      readonly type: 'global' | 'message';
      readonly callback_id: string;
      readonly description: string;
    }[];
    readonly slash_commands: readonly {
      readonly command: string;
      readonly url?: string;
      readonly description: string;
      readonly usage_hint: string;
      readonly should_escape: boolean;
    }[];
  };
  readonly oauth_config: {
    readonly redirect_urls?: readonly string[];
    readonly scopes: { readonly bot: readonly string[]; readonly bot_optional: readonly string[] };
  };
  readonly settings: {
    readonly interactivity: {
      readonly is_enabled: boolean;
      readonly request_url?: string;
      readonly message_menu_options_url?: string;
    };
    readonly event_subscriptions: {
      readonly request_url?: string;
      readonly bot_events: readonly string[];
    };
    readonly org_deploy_enabled: boolean;
    readonly socket_mode_enabled: boolean;
    readonly token_rotation_enabled: boolean;
  };
}

const SHORTCUTS: SlackManifest['features']['shortcuts'] = [
  {
    name: 'Push course masters',
    type: 'global',
    callback_id: SHORTCUT,
    description: 'Push a course catalog to its linked courses',
  },
  {
    name: 'Show this push',
    type: 'message',
    callback_id: SHOW_SHORTCUT,
    description: 'Show the push that a message is about, and what you can do with it',
  },
];

/**
 * The app manifest (F62–F64), one source for all files in manifests/.
 * @param baseUrl where the bot is reached from the internet; only the HTTP variant carries it
 */
export function appManifest(mode: ManifestMode, baseUrl = 'https://example.com'): SlackManifest {
  const origin = baseUrl.replace(/\/+$/, '');
  const url = `${origin}${EVENTS_PATH}`;
  const isHttp = mode !== 'socket-mode';
  const isInstalled = mode === 'several-workspaces';
  return {
    _metadata: { major_version: 1, minor_version: 1 },
    display_information: {
      name: 'Push Course Masters',
      description: 'Push All Course Masters: grading setup and attributes to linked courses.',
      long_description:
        'Pushes grading setup and course master attributes from a course catalog to the courses that are linked to its ' +
        'course masters. Give the command /push-course-masters, fill in the form, and follow the push in its thread: ' +
        'progress, result, and report files that say what could not be pushed and why. Data that teachers use stays.',
      background_color: '#1f4e79',
    },
    features: {
      app_home: {
        home_tab_enabled: true,
        messages_tab_enabled: true,
        messages_tab_read_only_enabled: true,
      },
      bot_user: { display_name: 'Push Course Masters', always_online: true },
      shortcuts: SHORTCUTS,
      slash_commands: [
        {
          command: COMMAND,
          ...(isHttp ? { url } : {}),
          description: 'Push a course catalog to its linked courses',
          usage_hint:
            '[new · master 1010 · queue · approvals · show 1042 · cancel 1042 · report · notify · people · help]',
          should_escape: false,
        },
      ],
    },
    oauth_config: {
      ...(isInstalled ? { redirect_urls: [`${origin}${REDIRECT_PATH}`] } : {}),
      scopes: { bot: [...REQUIRED_SCOPES], bot_optional: [...OPTIONAL_SCOPES] },
    },
    settings: {
      interactivity: {
        is_enabled: true,
        ...(isHttp ? { request_url: url, message_menu_options_url: url } : {}),
      },
      event_subscriptions: {
        ...(isHttp ? { request_url: url } : {}),
        bot_events: ['app_home_opened', 'user_change', ...(isInstalled ? UNINSTALL_EVENTS : [])],
      },
      org_deploy_enabled: false,
      socket_mode_enabled: !isHttp,
      token_rotation_enabled: false,
    },
  };
}
