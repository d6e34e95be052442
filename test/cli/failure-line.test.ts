import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { failureLine } from '../../src/cli/failure-line.ts';

const failed = (code: string, more: object) =>
  failureLine(Object.assign(new Error('words of the system'), { code, ...more }));

test.each([
  ['EACCES', { path: '/x/y', syscall: 'open' }, '/x/y: this user has no permission (EACCES)'],
  ['EPERM', { path: '/x/y', syscall: 'link' }, '/x/y: the system forbids it (EPERM)'],
  ['EACCES', { syscall: 'connect', address: '10.0.0.1', port: 5432 }, /^10\.0\.0\.1:5432 forbids/],
  ['ECONNREFUSED', { address: '::1', port: 1 }, /^\[::1\]:1 refuses connections \(ECONNREFUSED\)/],
  ['CERT_HAS_EXPIRED', {}, /^a server has a certificate that has expired/],
  [
    'EACCES',
    { syscall: 'listen', address: '127.0.0.1', port: 80 },
    /127\.0\.0\.1:80, may not be used/,
  ],
])('names what %s is about', (code, more, words) => {
  const line = failed(code, more);
  if (typeof words === 'string') expect(line).toBe(`keysweep: ${words}`);
  else
    expect(
      line.replace('keysweep: ', '').replace(/^the address of the http section, /, ''),
    ).toMatch(words);
  expect(line).not.toMatch(/unexpected|words of the system/);
});

test('names real files and addresses of the system', async () => {
  const missing = await readFile('/gone/file').catch((error) => failureLine(error));
  expect(missing).toBe('keysweep: /gone/file: there is no such file or folder (ENOENT)');
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  const taken = await new Promise<string>((done) => {
    const second = createServer().on('error', (error) => done(failureLine(error)));
    second.listen(port, '127.0.0.1');
  });
  server.close();
  expect(taken).toContain(`the address of the http section, 127.0.0.1:${port}, is in use`);
});

test('an error without a known code stays unexpected', () => {
  expect(failureLine(new TypeError('x'))).toBe('keysweep: unexpected TypeError: x');
});
