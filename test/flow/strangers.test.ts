import { createServer, type Server } from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SlackStandIn } from '../../playground/slack-standin/contract.ts';
import { SignedHttp } from '../../playground/slack-standin/transport/signed-http.ts';
import { type PeopleAdmin } from '../../src/domain/people-admin.ts';
import { type EntryPoint, entryPoints, payloadOf, type Sender } from '../support/entry-points.ts';
import {
  memoryDistrict,
  memoryNotices,
  memoryPeople,
  memoryQueue,
  memoryReports,
  memoryServices,
  memorySubscriptions,
  personNamed,
} from '../support/memory-services.ts';
import { startBot, startWorkspace } from '../support/slack-bot.ts';
import { until } from '../support/until.ts';

const MEMBERS_ONLY = 'Only full members of this workspace can push course masters';
const UNKNOWN = 'I do not know you yet';
const ELSEWHERE = 'This works only for members of the workspace that installed it.';
const UNSAID = 'Slack does not say at present whether you are a full member';

/** Finding out who somebody is, and whether a Home tab is out of date: shown to nobody, changes nothing. */
const ASKING_WHO = ['findPerson', 'slackState', 'noteSlackStates', 'workers', 'mark'];

describe('Given somebody who may not even come in, when they use any way into the app (T03, T04, T05)', () => {
  const done: string[] = [];
  const told: string[] = [];
  const district = memoryDistrict();
  let slack: SlackStandIn;
  let bot: { port: number; stop(): Promise<void> };
  let answers: Server;
  let answersUrl: string;

  /** The same object, which notes the calls of its functions. */
  const noted = <Services extends object>(services: Services): Services =>
    new Proxy(services, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key);
        if (typeof member === 'function') done.push(String(key));
        else if (typeof member === 'object' && member !== null) return noted(member);
        return member;
      },
    });

  beforeAll(async () => {
    const ids = ['U0GUEST', 'U0GONE', 'U0UNMAPPED', 'U0OFF', 'U0ELSEWHERE', 'U0GRID', 'U0UNSAID'];
    slack = await startWorkspace('http', {
      people: ids.map((id) => ({
        ...{ id, name: id.toLowerCase(), realName: id },
        isRestricted: id === 'U0GUEST',
        isDeactivated: id === 'U0GONE',
      })),
      channels: [{ id: 'C1', name: 'pushes' }],
    });
    answers = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => {
        body += part.toString();
      });
      request.on('end', () => {
        told.push(`${request.url ?? ''} ${body}`);
        response.end('ok');
      });
    });
    await new Promise<void>((resolve) => answers.listen(0, '127.0.0.1', resolve));
    const address = answers.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    answersUrl = `http://127.0.0.1:${address.port}`;
    const people: PeopleAdmin = memoryPeople();
    bot = await startBot(slack, 'http', {
      services: noted(memoryServices(district)),
      queue: noted(memoryQueue()),
      people: noted(people),
      subscriptions: noted(memorySubscriptions()),
      reports: noted(memoryReports()),
      notices: memoryNotices(district).box,
    });
    for (const id of ids)
      if (!['U0UNMAPPED', 'U0OFF'].includes(id))
        district.people.push(personNamed(id, slack.teamId));
  });
  afterAll(async () => {
    await bot.stop();
    await slack.close();
    await new Promise((resolve) => answers.close(resolve));
  });

  let marks = 0;
  /** Sends one payload. @returns all that the app answered to it, in one text that grows */
  async function use(point: EntryPoint, who: Pick<Sender, 'userId' | 'teamId' | 'enterpriseId'>) {
    marks += 1;
    const [triggerId, viewId, path] = [`t.${marks}.x`, `V0N${marks}X`, `/r/${marks}/`];
    const sender = { ...who, triggerId, viewId, responseUrl: `${answersUrl}${path}` };
    const server = new SignedHttp(`http://127.0.0.1:${bot.port}/slack/events`, slack.signingSecret);
    const before = slack.calls().length;
    const ack = await server.deliver(payloadOf(point, sender));
    const isOurs = (text: string): boolean =>
      [triggerId, viewId].some((mark) => text.includes(mark)) ||
      (point.id.startsWith('home') && text.includes(who.userId));
    return {
      ack,
      text: () =>
        [
          JSON.stringify(ack),
          ...told.filter((one) => one.startsWith(path)),
          ...slack
            .calls()
            .slice(before)
            .map(({ method, args }) => `${method} ${JSON.stringify(args)}`)
            .filter((text) => text.startsWith('views.') && isOurs(text)),
        ].join('\n'),
    };
  }

  const strangers: readonly {
    readonly who: string;
    readonly userId: string;
    readonly says: string;
    readonly teamId?: string;
    readonly enterpriseId?: string;
  }[] = [
    { who: 'a guest', userId: 'U0GUEST', says: MEMBERS_ONLY },
    { who: 'somebody deactivated in Slack', userId: 'U0GONE', says: MEMBERS_ONLY },
    { who: 'somebody whom nobody mapped', userId: 'U0UNMAPPED', says: UNKNOWN },
    { who: 'somebody deactivated here', userId: 'U0OFF', says: UNKNOWN },
    {
      ...{ who: 'somebody of another workspace', userId: 'U0ELSEWHERE', says: ELSEWHERE },
      teamId: 'T0FOREIGN',
    },
    {
      ...{ who: 'somebody of another organization', userId: 'U0GRID', says: ELSEWHERE },
      enterpriseId: 'E0FOREIGN',
    },
    { who: 'somebody whom Slack does not name', userId: 'U0UNSAID', says: UNSAID },
  ];

  it.each(strangers)('$who is told so everywhere, and nothing happens', async (stranger) => {
    const { userId, says, teamId = slack.teamId, enterpriseId } = stranger;
    if (userId === 'U0UNSAID')
      slack.faults.next('users.info', { kind: 'error', error: 'missing_scope' }, 1000);
    done.length = 0;
    const points = entryPoints();
    expect(points.length).toBeGreaterThan(60);
    const unanswered: string[] = [];
    for (const point of points) {
      const who = { userId, teamId, ...(enterpriseId === undefined ? {} : { enterpriseId }) };
      const used = await use(point, who);
      const name = `${point.kind} ${point.id}`;
      if (point.kind === 'options') {
        if (JSON.stringify(used.ack) !== NO_OPTIONS) unanswered.push(`${name}: ${used.text()}`);
        continue;
      }
      // Nothing is published on the Home tab of somebody who is none of ours.
      if (point.kind === 'home' && says === ELSEWHERE) continue;
      await until(name, () => used.text().includes(says), 3000).catch(() => {
        unanswered.push(`${name}: ${used.text()}`);
      });
    }
    expect(unanswered).toEqual([]);
    expect(done.filter((call) => !ASKING_WHO.includes(call))).toEqual([]);
    expect(district.submitted).toEqual([]);
  });
});

const NO_OPTIONS = JSON.stringify({ outcome: 'acknowledged', body: { options: [] } });
