import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { type AddressInfo } from 'node:net';
import { type SlackStandIn } from '../../playground/slack-standin/contract.ts';
import {
  catalogsOf,
  dataTable,
  detailsView,
  everyBlock,
  formView,
  homeView,
} from './kitchen-sink-views.ts';

export interface KitchenSink {
  /** `state.values` of the last accepted submission. */
  submitted(): unknown;
  close(): Promise<void>;
}

/** No previews of links. */
const QUIET = { unfurl_links: false, unfurl_media: false } as const;

/** Starts a Bolt app that answers everything the kitchen sink's manifest offers. */
export async function startKitchenSink(standIn: SlackStandIn): Promise<KitchenSink> {
  const receiver = new HTTPReceiver({
    signingSecret: standIn.signingSecret,
    logLevel: LogLevel.ERROR,
  });
  const app = new App({
    receiver,
    token: standIn.botToken,
    // Asked at the first event instead: a test may end before an answer at the start.
    tokenVerificationEnabled: false,
    logLevel: LogLevel.ERROR,
    // No second try: a call that the test's end cuts off would keep the process alive for half an hour.
    clientOptions: { slackApiUrl: standIn.apiUrl, retryConfig: { retries: 0 } },
  });
  let submitted: unknown;
  addCommands(app);
  addForm(app, (values) => {
    submitted = values;
  });
  addButtons(app);
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  const { port } = server.address() as AddressInfo;
  standIn.connectHttp(`http://127.0.0.1:${port}/slack/events`);
  return {
    submitted: () => submitted,
    close: async () => {
      await app.stop();
    },
  };
}

function addCommands(app: App): void {
  app.command('/kitchen-sink', async ({ ack, body, client, command }) => {
    await ack(command.text === 'whisper' ? { text: 'Only you read *this*.' } : undefined);
    const channel = body.channel_id;
    if (command.text === '' || command.text === 'form') {
      await client.views.open({ trigger_id: body.trigger_id, view: formView('2024-25', 'locked') });
    }
    if (command.text === 'post') {
      const text = 'Bob asks to overwrite 96 categories. Approve or reject.';
      await client.chat.postMessage({ ...QUIET, channel, text, blocks: everyBlock('waiting') });
      await client.chat.postMessage({
        ...QUIET,
        channel,
        text: 'Courses by pushed items.',
        blocks: [dataTable()],
      });
    }
    if (command.text === 'files') await postFile(app, channel);
  });
  // No answer at all: what Slack shows then is what the page must show.
  app.command('/kitchen-timer', () => Promise.resolve());
  app.shortcut('open_form', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: formView('2024-25', 'locked') });
  });
  app.shortcut('show_message', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: detailsView() });
  });
}

async function postFile(app: App, channel: string): Promise<void> {
  const root = await app.client.chat.postMessage({
    ...QUIET,
    channel,
    text: 'The report is in the thread.',
  });
  if (root.ts === undefined) throw new Error('The message has no ts.');
  const content = Buffer.from('outcome,count\npushed,28\n');
  const filename = 'push-1042-report.csv';
  const place = await app.client.files.getUploadURLExternal({ filename, length: content.length });
  if (place.upload_url === undefined || place.file_id === undefined)
    throw new Error('No upload address.');
  await fetch(place.upload_url, { method: 'POST', body: content });
  await app.client.files.completeUploadExternal({
    files: [{ id: place.file_id, title: 'Push report' }],
    channel_id: channel,
    thread_ts: root.ts,
    initial_comment: 'Everything that was pushed.',
  });
}

function addForm(app: App, accept: (values: unknown) => void): void {
  const chosenYear = new Map<string, string>();
  app.options('catalog', async ({ ack, options }) => {
    const year = chosenYear.get(options.view?.id ?? '') ?? '2024-25';
    await ack({ options: catalogsOf(year, options.value) });
  });
  app.options('calendars', async ({ ack, options }) => {
    const all = ['Harrison High', 'Adams Middle', 'Lincoln High'];
    await ack({
      options: all
        .filter((name) => name.toLowerCase().includes(options.value.toLowerCase()))
        .map((name) => ({ text: { type: 'plain_text', text: name }, value: name })),
    });
  });
  for (const actionId of ['year', 'mode']) {
    app.action({ type: 'block_actions', action_id: actionId }, async ({ ack, body, client }) => {
      await ack();
      if (body.view === undefined) return;
      const { values } = body.view.state;
      const year = values['year']?.['year']?.selected_option?.value ?? '';
      const mode = values['mode']?.['mode']?.selected_option?.value ?? '';
      chosenYear.set(body.view.id, year);
      await client.views.update({
        view_id: body.view.id,
        hash: body.view.hash,
        view: formView(year, mode),
      });
    });
  }
  app.action({ type: 'block_actions', action_id: 'push_view' }, async ({ ack, body, client }) => {
    await ack();
    await client.views.push({ trigger_id: body.trigger_id, view: detailsView() });
  });
  app.view('form', async ({ ack, view, client }) => {
    const name = view.state.values['name']?.['name']?.value ?? '';
    if (name === 'taken') {
      await ack({ response_action: 'errors', errors: { name: 'This name is taken.' } });
      return;
    }
    // A server that hangs: no acknowledgement ever comes.
    if (name === 'hang') return;
    await ack();
    accept(view.state.values);
    const channel = view.state.values['notify']?.['notify']?.selected_conversation;
    if (typeof channel === 'string')
      await client.chat.postMessage({ ...QUIET, channel, text: `Planned "${name}".` });
  });
}

function addButtons(app: App): void {
  let clicks = 0;
  app.event('app_home_opened', async ({ event, client }) => {
    if (event.tab !== 'home') return;
    await client.views.publish({ user_id: event.user, view: homeView(event.user, clicks) });
  });
  app.action({ type: 'block_actions', action_id: 'count_click' }, async ({ ack, body, client }) => {
    await ack();
    clicks += 1;
    await client.views.publish({ user_id: body.user.id, view: homeView(body.user.id, clicks) });
  });
  for (const [actionId, state] of [
    ['approve', 'approved'],
    ['reject', 'rejected'],
  ] as const) {
    app.action({ type: 'block_actions', action_id: actionId }, async ({ ack, body, client }) => {
      await ack();
      const channel = body.channel?.id;
      const ts = body.message?.ts;
      if (channel === undefined || ts === undefined) return;
      await client.chat.update({
        channel,
        ts,
        text: `The push is ${state}.`,
        blocks: everyBlock(state),
      });
      await client.chat.postMessage({
        ...QUIET,
        channel,
        thread_ts: ts,
        text: `<@${body.user.id}> ${state} this push.`,
      });
    });
  }
  app.action(
    { type: 'block_actions', action_id: 'row_menu' },
    async ({ ack, body, client, action }) => {
      await ack();
      const channel = body.channel?.id;
      if (channel === undefined || action.type !== 'overflow') return;
      const text = `You chose ${action.selected_option.value}.`;
      await client.chat.postEphemeral({ channel, user: body.user.id, text });
    },
  );
  app.action({ type: 'block_actions', action_id: /^(?:show_top|from)$/ }, async ({ ack }) => {
    await ack();
  });
}
