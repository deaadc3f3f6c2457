import { createHmac } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendNotice } from '../../../activities/send-notice';
import type { Notice, NoticeSpec } from '../../../core/model/notice';

interface Heard {
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

let server: http.Server;
let heard: Heard[];
let answer: { status: number; headers?: http.OutgoingHttpHeaders };
let url: string;

beforeEach(async () => {
  heard = [];
  answer = { status: 204 };
  server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      heard.push({ headers: request.headers, body });
      response.writeHead(answer.status, answer.headers).end('the secret is in the answer');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=s3cret`;
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

const at = '2026-12-05T22:00:00.000Z';
const notice: Notice = {
  kind: 'gate-open',
  id: 'run/notice/1',
  at,
  group: 'shop',
  operation: 'failback',
  workflowId: 'failback/shop/1',
  gate: 'cutover',
  text: 'failback of shop waits at gate cutover: Go?',
};
const spec: NoticeSpec = { name: 'chat', on: ['gate-open'], urlFrom: 'CHAT_URL', format: 'cloudevents' };

const send = (more: Partial<NoticeSpec> = {}, env: Record<string, string | undefined> = {}) =>
  sendNotice({ env: { CHAT_URL: url, ...env }, now: () => at }, { spec: { ...spec, ...more }, notice });

test('a notice is a CloudEvent with an id that stays the same', async () => {
  await expect(send()).resolves.toEqual({ saw: 'answered 204' });
  const [one] = heard;
  expect(one?.headers).toMatchObject({
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'idempotency-key': 'run/notice/1',
  });
  expect(JSON.parse(one?.body ?? '')).toEqual({
    specversion: '1.0',
    type: 'dev.switchback.run.gate-open',
    source: '/switchback/groups/shop',
    subject: 'failback/shop/1',
    id: 'run/notice/1',
    time: at,
    datacontenttype: 'application/json',
    data: {
      group: 'shop',
      workflowId: 'failback/shop/1',
      operation: 'failback',
      gate: 'cutover',
      text: 'failback of shop waits at gate cutover: Go?',
    },
  });
});

test('for a chat it is one text', async () => {
  await send({ format: 'slack' });
  expect(JSON.parse(heard[0]?.body ?? '')).toEqual({ text: notice.text });
});

test('with a secret it is signed over time and body', async () => {
  await send({ secretFrom: 'CHAT_SECRET' }, { CHAT_SECRET: 'key' });
  const [one] = heard;
  const hex = createHmac('sha256', 'key')
    .update(`${at}.${one?.body ?? ''}`)
    .digest('hex');
  expect(one?.headers).toMatchObject({ 'switchback-timestamp': at, 'switchback-signature': `sha256=${hex}` });
});

test.each([
  ['an error', 500, {}, 'CHAT_URL answers 500'],
  ['a redirect, which is not followed', 302, { location: 'http://127.0.0.1:1/' }, 'CHAT_URL answers 302'],
])('%s is no success, and its answer is not repeated', async (_title, status, headers, because) => {
  answer = { status, headers };
  const error = await send().catch((thrown: unknown) => thrown as Error);
  expect(error).toMatchObject({ code: 'NoticeNotSent', message: `notice "chat": ${because}` });
  expect(heard).toHaveLength(1);
});

test.each([
  ['no address', { CHAT_URL: undefined }, {}, 'CHAT_URL is not set where the worker runs'],
  [
    'something else than an address',
    { CHAT_URL: 'file:///etc/passwd' },
    {},
    'CHAT_URL holds no http(s) address where the worker runs',
  ],
  ['no secret', {}, { secretFrom: 'CHAT_SECRET' }, 'CHAT_SECRET is not set where the worker runs'],
])('%s says which variable to set, and never what it holds', async (_title, env, more, because) => {
  const error = await send(more, env).catch((thrown: unknown) => thrown as Error);
  expect(error).toMatchObject({ code: 'NoticeNotSent', message: `notice "chat": ${because}` });
  expect(String((error as Error).message)).not.toContain('s3cret');
});

test('nobody there is said without the address', async () => {
  await new Promise((resolve) => server.close(resolve));
  const error = await send().catch((thrown: unknown) => thrown as Error);
  expect(error).toMatchObject({ message: 'notice "chat": CHAT_URL does not answer (ECONNREFUSED)' });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
