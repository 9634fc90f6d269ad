import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { type Person, type SlackStandIn } from '../../playground/slack-standin/contract.ts';
import { signatureHeaders } from '../../playground/slack-standin/transport/signed-http.ts';
import { type SmallApp, startSmallApp } from '../support/small-slack-app.ts';
import {
  ALICE,
  BOB,
  clientOf,
  GENERAL,
  SECRET,
  startSmallWorkspace,
} from '../support/small-workspace.ts';
import { until } from '../support/until.ts';

async function openForm(slack: SlackStandIn, person: Person): Promise<void> {
  await person.slash('/form', '', GENERAL);
  await until('the form', () => slack.viewStack(person.info.id)[0]);
}

async function fillForm(person: Person, reason: string): Promise<void> {
  await person.choose('catalog', 'High School');
  await person.type('reason', reason);
}

describe.each(['http', 'socket'] as const)('The Slack stand-in with a Bolt app over %s', (mode) => {
  let slack: SlackStandIn;
  let app: SmallApp;
  let alice: Person;

  beforeAll(async () => {
    slack = await startSmallWorkspace({ socket: mode === 'socket' });
    app = await startSmallApp(slack, mode);
    alice = slack.person(ALICE);
  });
  afterAll(async () => {
    await app.stop();
    await slack.close();
  });

  it('opens a modal from a slash command with its initial values and the current channel (F21)', async () => {
    await openForm(slack, alice);
    const values = slack.viewStack(ALICE)[0]?.values;
    expect(values?.['year']?.['year']?.['selected_option']).toMatchObject({ value: '24-25' });
    expect(values?.['notify']?.['where']?.['selected_conversation']).toBe(GENERAL);
    await alice.close();
    expect(slack.viewStack(ALICE)).toHaveLength(0);
  });

  it('keeps what was filled in where block_id and action_id stay, and drops the dependents (F14)', async () => {
    await openForm(slack, alice);
    await fillForm(alice, 'because');
    await alice.choose('year', '25-26');
    const view = await until('the update', () => {
      const top = slack.viewStack(ALICE)[0];
      return top?.values['catalog~25-26'] === undefined ? undefined : top;
    });
    expect(view.values['reason']?.['text']?.['value']).toBe('because');
    expect(view.values['catalog~25-26']?.['catalog']?.['selected_option']).toBeNull();
    expect(view.values['catalog~24-25']).toBeUndefined();
    await alice.close();
  });

  it('gets options for an external select by typing and lets only those be chosen (F18)', async () => {
    await openForm(slack, alice);
    await expect(alice.choose('school', ['Harrison High'])).rejects.toThrow('is not offered');
    const { options } = await alice.suggest('school', 'ha');
    expect(options.map((one) => one.value)).toEqual(['Harrison High', 'Hayes High']);
    const chosen = await alice.choose('school', ['Hayes High']);
    expect(chosen.view?.values['schools']?.['school']?.['selected_options']).toHaveLength(1);
    await expect(alice.choose('catalog', 'Nowhere')).rejects.toThrow('is not offered');
    await alice.close();
  });

  it('stops a form with empty required fields or too short a text in the client, without a request', async () => {
    await openForm(slack, alice);
    await alice.type('reason', 'no');
    const result = await alice.submit();
    expect(result).toMatchObject({ ok: false, error: 'client_refused' });
    expect(Object.keys(result.fieldErrors ?? {})).toEqual(['catalog~24-25', 'reason']);
    await alice.type('reason', 'x'.repeat(21));
    const long = await alice.submit();
    expect(long.fieldErrors).toMatchObject({ reason: 'Please enter at most 20 characters.' });
    await alice.close();
  });

  it('shows errors at their fields and keeps the modal (F16)', async () => {
    await openForm(slack, alice);
    await fillForm(alice, 'errors');
    const result = await alice.submit();
    expect(result).toMatchObject({ ok: true, fieldErrors: { reason: 'Say why.' } });
    expect(result.view?.errors).toEqual({ reason: 'Say why.' });
    await alice.close();
  });

  it('refuses errors for blocks that are no inputs (F16)', async () => {
    await openForm(slack, alice);
    await fillForm(alice, 'wrong errors');
    expect(await alice.submit()).toMatchObject({ ok: false, error: 'invalid_ack' });
    expect(slack.violations().at(-1)).toMatchObject({ rule: 'F16', refused: true });
    await alice.close();
  });

  it('updates, pushes and clears modals as the answer says, three deep at most (F12)', async () => {
    await openForm(slack, alice);
    await fillForm(alice, 'update');
    const updated = await alice.submit();
    expect(updated.view?.view['title']).toMatchObject({ text: 'Got update' });
    expect(updated.view?.values['reason']?.['text']?.['value']).toBe('update');
    await alice.choose('catalog', 'High School Next');
    await alice.type('reason', 'push');
    await alice.submit();
    await alice.choose('catalog', 'High School Next');
    await alice.type('reason', 'push');
    const third = await alice.submit();
    expect(slack.viewStack(ALICE)).toHaveLength(3);
    expect(third.view?.previousViewId).toBe(slack.viewStack(ALICE)[1]?.id);
    await alice.choose('catalog', 'High School Next');
    await alice.type('reason', 'push');
    expect(await alice.submit()).toMatchObject({ ok: false, error: 'push_limit_reached' });
    await alice.type('reason', 'clear');
    await alice.submit();
    expect(slack.viewStack(ALICE)).toHaveLength(0);
  });

  it('takes a whole request: message, thread, three-call upload, ephemeral (V28)', async () => {
    await openForm(slack, alice);
    await fillForm(alice, 'all of it');
    expect(await alice.submit()).toMatchObject({ ok: true });
    expect(slack.viewStack(ALICE)).toHaveLength(0);
    const whisper = await until('the ephemeral', () =>
      slack.ephemeral(ALICE).find((one) => one.text === 'Only for you'),
    );
    const messages = slack.messages(GENERAL);
    const root = messages.find((message) => message.text === 'Asked: all of it');
    const replies = messages.filter((message) => message.isReply && message.threadTs === root?.ts);
    expect(whisper.channel).toBe(GENERAL);
    expect(root).toMatchObject({ replyCount: 2, user: slack.botUserId });
    expect(replies.map((reply) => reply.text)).toEqual(['Working on it', 'The report']);
    const file = replies[1]?.files[0];
    expect(file).toMatchObject({ name: 'push-1.csv', title: 'Push report', mimeType: 'text/csv' });
    expect(Buffer.from(slack.fileContent(file?.id ?? '')).toString()).toBe(
      'course,outcome\nPHOTJOUR,ignored\n',
    );
  });

  it('carries a click to the app, its answer to the response_url and the message’s update (F5, F25)', async () => {
    await alice.slash('/post', '', GENERAL);
    const posted = await until('the post', () =>
      slack.messages(GENERAL).findLast((one) => one.text === 'Please approve'),
    );
    const result = await slack.person(BOB).click({ channel: GENERAL, ts: posted.ts }, 'approve');
    expect(result.ok).toBe(true);
    const approved = await until('the update', () =>
      slack.messages(GENERAL).find((one) => one.ts === posted.ts && one.text === 'Approved'),
    );
    expect(approved.isEdited).toBe(false);
    expect(slack.ephemeral(BOB).map((one) => one.text)).toContain('You approved');
  });

  it('opens the Home tab and a global shortcut’s modal (F22)', async () => {
    await alice.openHome();
    const home = await until('Home', () => slack.homeView(ALICE));
    expect(home.view.blocks[0]).toMatchObject({ type: 'section', text: { text: 'Welcome' } });
    await alice.shortcut('open_form');
    await until('the form', () => slack.viewStack(ALICE)[0]);
    await alice.close();
  });

  it('shows a time-out when nothing is acknowledged within three seconds (F1)', async () => {
    const startedAt = performance.now();
    const result = await alice.slash('/silent', '', GENERAL);
    expect(result).toMatchObject({ ok: false, error: 'operation_timeout' });
    expect(result.shown).toBe('/silent failed with the error "operation_timeout"');
    expect(performance.now() - startedAt).toBeGreaterThan(2900);
    expect(slack.violations().at(-1)).toMatchObject({ rule: 'F1', error: 'operation_timeout' });
  });

  it('refuses a trigger_id after three seconds (F3)', async () => {
    const result = await alice.slash('/late-open', '', GENERAL);
    expect(result).toMatchObject({ ok: true, shown: 'Wait for it' });
    const late = await until('the refusal', () =>
      slack.calls().find((call) => call.response['error'] === 'expired_trigger_id'),
    );
    expect(late.method).toBe('views.open');
  });

  it('took everything else without a violation that Slack refuses', async () => {
    const refused = slack.violations().filter((violation) => violation.refused);
    expect(refused.map((violation) => violation.error).sort()).toEqual(
      ['expired_trigger_id', 'invalid_ack', 'operation_timeout', 'push_limit_reached'].sort(),
    );
    const errors = await until(
      'the app to see the refusal',
      () => app.errors.length > 0 && app.errors,
    );
    expect(errors).toHaveLength(1);
  });
});

describe('The stand-in and a Bolt app', () => {
  let slack: SlackStandIn;
  let app: SmallApp;
  let requestUrl: string;

  beforeAll(async () => {
    slack = await startSmallWorkspace();
    const connectHttp = (url: string): void => {
      requestUrl = url;
      slack.connectHttp(url);
    };
    app = await startSmallApp({ ...slack, connectHttp }, 'http');
  });
  afterAll(async () => {
    await app.stop();
    await slack.close();
  });

  it('answers hash_conflict to an update with an old hash (F13) and exchanged_trigger_id to a second use (F3)', async () => {
    const alice = slack.person(ALICE);
    await openForm(slack, alice);
    const client = clientOf(slack);
    const open = slack.viewStack(ALICE)[0];
    const view = {
      type: 'modal' as const,
      title: { type: 'plain_text' as const, text: 'New' },
      blocks: [{ type: 'divider' as const }],
    };
    const update = (hash: string): Promise<unknown> =>
      client.views.update({ view_id: open?.id ?? '', hash, view });
    await expect(update(open?.hash ?? '')).resolves.toMatchObject({ ok: true });
    await expect(update(open?.hash ?? '')).rejects.toThrow('hash_conflict');
    const opened = slack.calls().find((call) => call.method === 'views.open');
    const trigger = z.string().parse(opened?.args['trigger_id']);
    await expect(client.views.open({ trigger_id: trigger, view })).rejects.toThrow(
      'exchanged_trigger_id',
    );
    await alice.close();
    await expect(update('')).rejects.toThrow('not_found');
  });

  it('is refused with 401 when its signature is wrong (F10)', async () => {
    const body = 'command=%2Fform&text=';
    const send = (secret: string): Promise<Response> =>
      fetch(requestUrl, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...signatureHeaders(secret, body),
        },
        body,
      });
    expect((await send('wrong')).status).toBe(401);
    expect((await send(slack.signingSecret)).status).not.toBe(401);
  });

  it('refuses what a client does not have: unknown commands, other people’s channels, deactivated people', async () => {
    const bob = slack.person(BOB);
    expect(await bob.slash('/unknown', '', GENERAL)).toMatchObject({
      ok: false,
      error: 'invalid_command',
    });
    await expect(bob.slash('/form', '', SECRET)).rejects.toThrow('is not in');
    await expect(bob.submit()).rejects.toThrow('No modal is open');
    slack.setDeactivated(BOB, true);
    await expect(bob.slash('/form', '', GENERAL)).rejects.toThrow('deactivated');
  });

  it('stops a manifest that Slack refuses', async () => {
    await expect(startSmallWorkspace({ scopes: ['chat:write'] })).rejects.toThrow(
      'need the scope commands',
    );
  });
});
