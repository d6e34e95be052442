import { expect, test } from 'vitest';
import { createOwnHosts, isAddress } from '../../../src/http/guard/own-hosts.ts';

const hosts = createOwnHosts({
  host: '0.0.0.0',
  hosts: ['Keysweep.internal', 'fd00::5'],
  publicUrl: 'https://keysweep.example/base',
});

test.each([
  ...['localhost', 'localhost:8080', 'LOCALHOST.', '127.0.0.1:1', '127.9.9.9', '[::1]', '[::1]:80'],
  ...['keysweep.example', 'keysweep.example:8443', 'KEYSWEEP.internal.', '[fd00::5]:80'],
])('%s is this server', (host) => expect(hosts.isOurs(host)).toBe(true));

test.each([
  ...['evil.example', 'keysweep.example.evil.example', 'xkeysweep.example', '10.0.0.1', '[::2]'],
  ...['0.0.0.0', '[::]', '', ':80', 'localhost:', 'localhost:80:80', 'localhost@evil.example'],
  ...['localhost/evil', 'evil.example localhost', '127.0.0.1.evil.example', '2130706433', 'ä'],
])('%j is not this server', (host) => expect(hosts.isOurs(host)).toBe(false));

test('an address that the server listens at is its name too', () => {
  const bound = createOwnHosts({ host: '10.0.0.7', hosts: [], publicUrl: undefined });
  expect(bound.isOurs('10.0.0.7:8080')).toBe(true);
  expect(bound.isOurs('10.0.0.8:8080')).toBe(false);
});

test.each([
  ['https://keysweep.example', 'keysweep.example'],
  ['https://keysweep.example', 'keysweep:8080'],
  ['http://localhost:8080', 'localhost:8080'],
  ['http://127.0.0.1', '127.0.0.1:80'],
  ['http://keysweep.internal:8080', 'Keysweep.internal:8080'],
  ['https://keysweep.internal', 'keysweep.internal'],
  ['http://[::1]:8080', '[::1]:8080'],
])('%s is a page of this server, asked as %s', (origin, host) => {
  expect(hosts.isOwnOrigin(origin, host)).toBe(true);
});

test.each([
  ['http://keysweep.example', 'keysweep.example'],
  ['https://keysweep.example:8443', 'keysweep.example:8443'],
  ['http://localhost:3000', 'localhost:8080'],
  ['http://evil.example', 'localhost:8080'],
  ['https://evil.example', 'keysweep.example'],
  ['null', 'localhost:8080'],
  ['', 'localhost:8080'],
  ['file://', 'localhost:8080'],
  ['http://localhost:8080/', 'localhost:8080'],
  ['http://evil.example@localhost:8080', 'localhost:8080'],
  ['http://localhost:8080', ''],
])('%j is no page of this server, asked as %j', (origin, host) => {
  expect(hosts.isOwnOrigin(origin, host)).toBe(false);
});

test('an address without a name is told from names', () => {
  expect(['10.0.0.1', '10.0.0.1:80', '[fd00::1]:80', '127.0.0.1'].filter(isAddress)).toHaveLength(
    4,
  );
  expect(['a', 'localhost', '10.0.0.1.a', '', '[a]'].filter(isAddress)).toEqual([]);
});
