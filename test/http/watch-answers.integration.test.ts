import { createServer, get, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { watchAnswers } from '../../src/http/watch-answers.ts';
import { eventually } from '../support/eventually.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A server that begins its answers and leaves the end of them to the test. */
async function open() {
  const begun: ServerResponse[] = [];
  server = createServer((_request, response) => {
    response.write('first half');
    begun.push(response);
  });
  const answers = watchAnswers(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const ask = () => get({ port, host: '127.0.0.1', agent: false }, (reply) => reply.resume());
  return { begun, answers, ask };
}

test('nothing under way has ended already', async () => {
  await (await open()).answers.ended();
});

test('an answer is under way until its last byte, or until its connection is lost', async () => {
  const { begun, answers, ask } = await open();
  ask();
  const impatient = ask();
  impatient.on('error', () => undefined);
  await eventually('both are begun', () => begun.length === 2);
  let ended = false;
  const waiting = answers.ended().then(() => {
    ended = true;
  });
  impatient.destroy();
  await eventually('one is lost', () => begun.some(({ closed }) => closed));
  expect(ended).toBe(false);
  for (const response of begun) response.end('second half');
  await waiting;
});
