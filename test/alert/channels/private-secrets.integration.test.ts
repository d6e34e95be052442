import type { ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import type { ChannelOptions } from '../../../src/alert/channels/channel.ts';
import type { Resolve } from '../../../src/alert/outbound.ts';
import { freePort } from '../../support/child-server.ts';
import { type Address, alertFor, channelsWith } from './outgoing.ts';
import { openReceiver } from './receiver.ts';

/** Both change when they are URL-encoded. The key is as long as PagerDuty's. */
const canaries = ['cAnary~p@th+7f3a9d41', 'cAnary~k&y+8e2b6c70d15f94a3b8e7'] as const;
const [pathCanary, keyCanary] = canaries;
const secret = `whsec_${Buffer.from('cAnary of the signature, 32 bytes').toString('base64')}`;
const path = `/services/${encodeURIComponent(pathCanary)}/hook?token=${encodeURIComponent(pathCanary)}`;

/** How a text looks inside base64, whichever of three places it begins at. */
function inBase64(text: string): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.from(' '.repeat(before) + text);
    return (['base64', 'base64url'] as const).map((form) =>
      bytes
        .toString(form)
        .replace(/=+$/, '')
        .slice(before === 0 ? 0 : before + 1, -2),
    );
  });
}

const forms = [...canaries, secret.slice(6)].flatMap((text) => [
  text,
  encodeURI(text),
  encodeURIComponent(text),
  encodeURIComponent(encodeURIComponent(text)),
  JSON.stringify(text).slice(1, -1),
  Buffer.from(text).toString('hex'),
  ...inBase64(text),
]);

const echo = [path, pathCanary, keyCanary, secret].join(' ');

type Options = Partial<ChannelOptions>;
interface Breakage {
  readonly origin: string;
  readonly options?: Options;
}

async function http(answer: (response: ServerResponse) => void): Promise<Breakage> {
  const open = await openReceiver(answer);
  onTestFinished(() => open.close());
  return { origin: open.origin };
}

/** A server that is no HTTP server. */
async function tcp(scheme: string, greet: (socket: Socket) => void): Promise<Breakage> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    greet(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  return { origin: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const answering = (status: number, headers: Record<string, string> = {}, body = echo) =>
  http((response) => response.writeHead(status, headers).end(body));

const failingLookup: Resolve = (name, _, answered) =>
  answered(Object.assign(new Error(`${name} ${echo}`), { code: 'ENOTFOUND' }), []);
const hostileLookup: Resolve = (_, __, answered) =>
  answered(Object.assign(new Error(echo), { code: `E_${echo}` }), []);

const breakages: Readonly<Record<string, () => Breakage | Promise<Breakage>>> = {
  'nothing listens': async () => ({ origin: `http://127.0.0.1:${await freePort()}` }),
  'the connection is reset': () => http((response) => response.socket?.resetAndDestroy()),
  'the connection ends': () => tcp('http', (socket) => socket.end()),
  'another protocol answers': () => tcp('http', (socket) => socket.end(`SSH-2.0-${echo}\r\n`)),
  'TLS meets garbage': () => tcp('https', (socket) => socket.end(`garbage ${echo}`)),
  'TLS meets plain HTTP': async () => {
    const { origin } = await answering(200);
    return { origin: origin.replace('http:', 'https:') };
  },
  'no answer comes': async () => ({ ...(await http(() => undefined)), options: { timeoutMs: 40 } }),
  'the answer breaks off': () =>
    http((response) => {
      response.writeHead(200, { 'content-length': '5000' }).write(echo);
      setTimeout(() => response.socket?.resetAndDestroy(), 20);
    }),
  'the headers are too long': () => answering(200, { 'x-long': 'x'.repeat(100_000) }),
  'the headers are wrong': () =>
    tcp('http', (socket) => socket.end(`HTTP/1.1 200 OK\r\n${echo}\u0000\r\n\r\n`)),
  'the address is private': async () => ({
    ...(await answering(200)),
    options: { allowPrivateNetworks: false },
  }),
  'the name is unknown': () => ({
    origin: 'http://hooks.example',
    options: { allowPrivateNetworks: false, resolve: failingLookup },
  }),
  'the lookup fails in an odd way': () => ({
    origin: 'http://hooks.example',
    options: { allowPrivateNetworks: false, resolve: hostileLookup },
  }),
  '400 says it all back': () =>
    tcp('http', (socket) =>
      socket.once('data', (sent) =>
        socket.end(`HTTP/1.1 400 ${pathCanary}\r\nx-key: ${keyCanary}\r\n\r\n${echo}${sent}`),
      ),
    ),
  '200 says it all back': () => answering(200),
  '200 names an error and says it all back': () => answering(200, {}, `HTTP error 429 ${echo}`),
  '429 asks for a secret time': () => answering(429, { 'retry-after': echo }),
  '500 says it all back': () => answering(500),
  'a redirect leads to it': () => answering(302, { location: path }),
  'the protocol is switched': () =>
    http((response) =>
      response
        .writeHead(101, { connection: 'upgrade', upgrade: 'websocket', 'x-key': echo })
        .flushHeaders(),
    ),
  'the URL is none': () => ({ origin: 'http://127.0.0.1:99999' }),
  'the URL is none and may not be private': () => ({
    origin: 'http://127.0.0.1:99999',
    options: { allowPrivateNetworks: false },
  }),
};

/** Everything that leaves the channels: what they answer, what they throw, what a log makes of it. */
async function outcomes({ origin, options }: Breakage): Promise<string> {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const address: Address = { url: origin + path, routingKey: keyCanary, secret };
  const shown: string[] = [];
  for (const channel of channelsWith(address, { allowPrivateNetworks: true, ...options })) {
    for (const stops of [false, true]) {
      const stop = new AbortController();
      const attempt = channel.deliver(alertFor(channel.format), stop.signal);
      if (stops) stop.abort(new Error('closing'));
      const outcome: unknown = await attempt.catch((error: unknown) => error);
      log.error({ err: outcome, outcome, channel: channel.id }, 'delivery');
      shown.push(JSON.stringify(outcome), inspect(outcome, { depth: 20, showHidden: true }));
      if (outcome instanceof Error) shown.push(outcome.message, String(outcome.stack));
    }
  }
  return [...shown, ...lines].join('\n');
}

test.each(Object.keys(breakages))('no secret is shown when %s', async (name) => {
  const breakage = await breakages[name]?.();
  if (breakage === undefined) throw new Error('no such breakage');
  const said = await outcomes(breakage);
  expect(said).toContain('"kind"');
  for (const form of forms) expect(said).not.toContain(form);
});

test('every encoding of a secret would be found', () => {
  for (const text of canaries) {
    const hidden = [0, 1, 2, 3].map((n) => Buffer.from(`${'-'.repeat(n)}${text}--`));
    for (const bytes of hidden) {
      for (const shape of ['utf8', 'base64', 'base64url', 'hex'] as const) {
        const found = forms.some((form) => bytes.toString(shape).includes(form));
        expect(found, `${shape} of ${text}`).toBe(true);
      }
    }
  }
});
