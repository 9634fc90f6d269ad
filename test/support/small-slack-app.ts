import { type AddressInfo } from 'node:net';

import { App, HTTPReceiver, type Logger, LogLevel, type types } from '@slack/bolt';

import { type AppManifest, type SlackStandIn } from '../../playground/slack-standin/contract.ts';

/** The manifest of the small app, over HTTP or Socket Mode, with any scopes. */
export function smallManifest(
  change: { socket?: boolean; scopes?: readonly string[] } = {},
): AppManifest {
  const {
    socket = false,
    scopes = ['commands', 'chat:write', 'files:write', 'files:read', 'users:read'],
  } = change;
  const url = {
    request_url: 'https://example.com',
    message_menu_options_url: 'https://example.com',
  };
  return {
    display_information: { name: 'Small app' },
    features: {
      app_home: { home_tab_enabled: true },
      slash_commands: ['/form', '/silent', '/late-open', '/lost', '/post'].map((command) => ({
        command,
      })),
      shortcuts: [
        { name: 'Open the form', type: 'global', callback_id: 'open_form' },
        { name: 'Show this', type: 'message', callback_id: 'show_this' },
      ],
    },
    oauth_config: { scopes: { bot: scopes } },
    settings: {
      socket_mode_enabled: socket,
      interactivity: { is_enabled: true, ...(socket ? {} : url) },
      event_subscriptions: { bot_events: ['app_home_opened'] },
    },
  };
}

/** A running small app: what went wrong in its handlers, and how to stop it. */
export interface SmallApp {
  readonly app: App;
  readonly errors: unknown[];
  readonly stop: () => Promise<void>;
}

const CATALOGS: Readonly<Record<string, readonly string[]>> = {
  '24-25': ['High School', 'Middle School'],
  '25-26': ['High School Next'],
};

/** Starts a real Bolt app against a stand-in. */
export async function startSmallApp(
  slack: SlackStandIn,
  mode: 'http' | 'socket',
): Promise<SmallApp> {
  const options = {
    token: slack.botToken,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
    logLevel: LogLevel.ERROR,
    logger: silent(),
  };
  const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, logger: silent() });
  const app =
    mode === 'http'
      ? new App({ ...options, receiver })
      : new App({ ...options, socketMode: true, appToken: slack.appToken });
  const errors: unknown[] = [];
  app.error((error) => {
    errors.push(error);
    return Promise.resolve();
  });
  listen(app);
  if (mode === 'http') {
    const server = await app.start({ port: 0, host: '127.0.0.1' });
    const { port } = server.address() as AddressInfo;
    slack.connectHttp(`http://127.0.0.1:${port}/slack/events`);
  } else {
    await app.start();
    await slack.socketConnected();
  }
  return {
    app,
    errors,
    stop: async () => {
      await app.stop();
    },
  };
}

function listen(app: App): void {
  app.command('/form', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: form('24-25') });
  });
  app.command('/silent', () => Promise.resolve());
  app.command('/late-open', async ({ ack, body, client }) => {
    await ack('Wait for it');
    await new Promise((resolve) => setTimeout(resolve, 3100));
    await client.views.open({ trigger_id: body.trigger_id, view: form('24-25') });
  });
  app.command('/post', async ({ ack, body, client }) => {
    await ack();
    await client.chat.postMessage({
      channel: body.text || body.channel_id,
      ...approval('Please approve'),
    });
  });
  app.shortcut('open_form', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: form('24-25') });
  });
  app.action('year', async ({ ack, body, action, client }) => {
    await ack();
    if (body.type !== 'block_actions' || action.type !== 'static_select' || body.view === undefined)
      return;
    const { id, hash } = body.view;
    await client.views.update({ view_id: id, hash, view: form(action.selected_option.value) });
  });
  app.options('school', async ({ ack, payload }) => {
    const names = ['Harrison High', 'Hayes High', 'Adams Middle'];
    const found = names.filter((name) =>
      name.toLowerCase().startsWith(payload.value.toLowerCase()),
    );
    await ack({ options: found.map(option) });
  });
  app.action('approve', async ({ ack, body, respond, client }) => {
    await ack();
    await respond({ text: 'You approved', response_type: 'ephemeral', replace_original: false });
    if (body.type !== 'block_actions' || body.channel === undefined || body.message === undefined)
      return;
    const done = { ...approval('Approved'), blocks: [section('Approved')] };
    await client.chat.update({ channel: body.channel.id, ts: body.message.ts, ...done });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [section('Welcome')] },
    });
  });
  app.view({ callback_id: 'form', type: 'view_closed' }, ({ ack }) => ack());
  listenToSubmission(app);
}

/** Reasons that are answered with errors; the second names a block that is no input. */
const ERRORS: Readonly<Record<string, Record<string, string>>> = {
  errors: { reason: 'Say why.' },
  'wrong errors': { intro: 'No input here.' },
};

function listenToSubmission(app: App): void {
  app.view('form', async ({ ack, view, body, client }) => {
    const reason = view.state.values['reason']?.['text']?.value ?? '';
    if (reason === 'update' || reason === 'push') {
      await ack({
        response_action: reason,
        view: { ...form('25-26'), title: plain(`Got ${reason}`) },
      });
      return;
    }
    const errors = ERRORS[reason];
    if (errors !== undefined) {
      await ack({ response_action: 'errors', errors });
      return;
    }
    if (reason === 'clear') {
      await ack({ response_action: 'clear' });
      return;
    }
    await ack();
    const channel = view.state.values['notify']?.['where']?.selected_conversation ?? '';
    await report(client, { channel, user: body.user.id, reason });
  });
}

async function report(
  client: App['client'],
  { channel, user, reason }: { channel: string; user: string; reason: string },
): Promise<void> {
  const root = await client.chat.postMessage({ channel, ...approval(`Asked: ${reason}`) });
  if (root.ts === undefined) return;
  const text = 'Working on it';
  await client.chat.postMessage({
    channel,
    thread_ts: root.ts,
    text,
    unfurl_links: false,
    unfurl_media: false,
  });
  await uploadReport(client, { channel, threadTs: root.ts });
  await client.chat.postEphemeral({ channel, user, text: 'Only for you' });
}

async function uploadReport(
  client: App['client'],
  to: { channel: string; threadTs: string },
): Promise<void> {
  const bytes = Buffer.from('course,outcome\nPHOTJOUR,ignored\n');
  const { upload_url: url = '', file_id: id = '' } = await client.files.getUploadURLExternal({
    filename: 'push-1.csv',
    length: bytes.length,
  });
  await fetch(url, { method: 'POST', body: bytes });
  await client.files.completeUploadExternal({
    files: [{ id, title: 'Push report' }],
    channel_id: to.channel,
    thread_ts: to.threadTs,
    initial_comment: 'The report',
  });
}

function form(year: string): types.ModalView {
  return {
    type: 'modal',
    callback_id: 'form',
    title: plain('Push'),
    submit: plain('Check'),
    close: plain('Cancel'),
    notify_on_close: true,
    blocks: [
      { ...section('What to push'), block_id: 'intro' },
      {
        type: 'input',
        block_id: 'year',
        dispatch_action: true,
        label: plain('Year'),
        element: {
          type: 'static_select',
          action_id: 'year',
          options: Object.keys(CATALOGS).map(option),
          initial_option: option(year),
        },
      },
      {
        type: 'input',
        block_id: `catalog~${year}`,
        label: plain('Catalog'),
        element: {
          type: 'static_select',
          action_id: 'catalog',
          options: (CATALOGS[year] ?? []).map(option),
        },
      },
      {
        type: 'input',
        block_id: 'schools',
        optional: true,
        label: plain('Schools'),
        element: { type: 'multi_external_select', action_id: 'school', min_query_length: 1 },
      },
      {
        type: 'input',
        block_id: 'reason',
        label: plain('Reason'),
        element: { type: 'plain_text_input', action_id: 'text', min_length: 3, max_length: 20 },
      },
      {
        type: 'input',
        block_id: 'notify',
        label: plain('Channel'),
        element: {
          type: 'conversations_select',
          action_id: 'where',
          default_to_current_conversation: true,
        },
      },
    ],
  };
}

function approval(text: string): {
  text: string;
  blocks: types.KnownBlock[];
  unfurl_links: false;
  unfurl_media: false;
} {
  return {
    text,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      section(text),
      {
        type: 'actions',
        elements: [{ type: 'button', action_id: 'approve', text: plain('Approve'), value: '1' }],
      },
    ],
  };
}

function section(text: string): types.SectionBlock {
  return { type: 'section', text: plain(text) };
}

function option(name: string): types.PlainTextOption {
  return { text: plain(name), value: name };
}

function plain(text: string): types.PlainTextElement {
  return { type: 'plain_text', text };
}

/** Bolt logs expected refusals as errors; the tests look at `errors` instead. */
export function silent(): Logger {
  const nothing = (): void => undefined;
  return {
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
    setLevel: nothing,
    getLevel: () => LogLevel.ERROR,
    setName: nothing,
  };
}
