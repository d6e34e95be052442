import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { openTcpProxy } from './tcp-proxy.ts';

let echo: Server;
let target: { port: number };

beforeAll(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  target = { port: (echo.address() as AddressInfo).port };
});

afterAll(async () => {
  await new Promise((resolve) => echo.close(resolve));
});

async function dial(port: number) {
  const socket = connect(port, '127.0.0.1');
  const heard: string[] = [];
  socket.on('data', (chunk) => heard.push(chunk.toString()));
  const failure = new Promise<NodeJS.ErrnoException>((resolve) => socket.on('error', resolve));
  await once(socket, 'connect');
  return { socket, failure, text: () => heard.join('') };
}

test('forwards both ways and passes the end on', async () => {
  const proxy = await openTcpProxy(target);
  const { socket, text } = await dial(proxy.port);
  socket.end('hello');
  await once(socket, 'close');
  expect(text()).toBe('hello');
  await eventually('the proxy forgets it', () => proxy.connections === 0);
  await proxy.close();
});

test('holds bytes back for the latency and keeps their order when it changes', async () => {
  const proxy = await openTcpProxy(target);
  const { socket, text } = await dial(proxy.port);
  proxy.setLatency(60);
  const start = performance.now();
  socket.write('one');
  await eventually('the echo came', () => text() === 'one');
  expect(performance.now() - start).toBeGreaterThanOrEqual(115);
  socket.write('two');
  await eventually('the proxy has it', () => socket.bytesWritten === 6);
  proxy.setLatency(1);
  socket.write('three');
  await eventually('all came, in order', () => text() === 'onetwothree');
  socket.destroy();
  await proxy.close();
});

test('swallows bytes while frozen and leaves the connection open', async () => {
  const proxy = await openTcpProxy(target);
  const { socket, text } = await dial(proxy.port);
  socket.write('a');
  await eventually('the echo came', () => text() === 'a');
  proxy.freeze();
  socket.write('lost');
  await expect(eventually('an echo', () => text() !== 'a', { deadlineMs: 100 })).rejects.toThrow(
    'not within 100 ms: an echo',
  );
  expect(socket.readyState).toBe('open');
  proxy.thaw();
  socket.write('b');
  await eventually('later bytes come', () => text() === 'ab');
  socket.destroy();
  await proxy.close();
});

test('mutes each connection that says a word, and no other', async () => {
  const proxy = await openTcpProxy(target);
  proxy.muteAt('work');
  const [one, other] = [await dial(proxy.port), await dial(proxy.port)];
  one.socket.write('work');
  one.socket.write('a');
  other.socket.write('b');
  await eventually('the other is answered', () => other.text() === 'b');
  expect(one.text()).toBe('');
  expect(one.socket.readyState).toBe('open');
  for (const { socket } of [one, other]) socket.destroy();
  await proxy.close();
});

test('resets open connections, and new ones while it refuses', async () => {
  const proxy = await openTcpProxy(target);
  const first = await dial(proxy.port);
  await eventually('it is joined', () => proxy.connections === 1);
  proxy.reset();
  expect((await first.failure).code).toBe('ECONNRESET');
  proxy.refuse();
  const second = connect(proxy.port, '127.0.0.1');
  const [error] = (await once(second, 'error').catch((e) => [e])) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNRESET');
  proxy.accept();
  const third = await dial(proxy.port);
  third.socket.destroy();
  await proxy.close();
});

test('drops the answer to what one connection says last, which the server got', async () => {
  const proxy = await openTcpProxy(target);
  const [one, other] = [await dial(proxy.port), await dial(proxy.port)];
  proxy.dropAnswerTo('work', 'commit');
  one.socket.write('work');
  await eventually('the work is answered', () => one.text() === 'work');
  other.socket.write('commit');
  await eventually('the other is answered', () => other.text() === 'commit');
  one.socket.write('commit');
  expect((await one.failure).code).toBe('ECONNRESET');
  other.socket.write('commit');
  await eventually('only one answer was dropped', () => other.text() === 'commitcommit');
  other.socket.destroy();
  await proxy.close();
});
