import { expect, test } from 'vitest';
import { createNetworks } from '../../../src/config/http/http-addresses.ts';
import { findClient } from '../../../src/http/guard/find-client.ts';

const isTrusted = createNetworks(['10.0.0.0/8', '127.0.0.1']);
const find = (peer: string, forwarded?: string, proto?: string) =>
  findClient(peer, { for: forwarded, proto }, isTrusted);

test.each([
  ['a stranger says nothing for others', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['a trusted proxy names its client', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
  [
    'only what trusted proxies appended counts',
    '10.0.0.1',
    '1.1.1.1, 198.51.100.1',
    '198.51.100.1',
  ],
  ['several trusted proxies', '127.0.0.1', '1.1.1.1, 198.51.100.1, 10.9.9.9', '198.51.100.1'],
  ['trusted proxies alone', '127.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
  ['no list', '10.0.0.1', undefined, '10.0.0.1'],
  ['words that are no address', '10.0.0.1', 'unknown', '10.0.0.1'],
  ['words before a proxy', '10.0.0.1', 'x, 10.0.0.2', '10.0.0.2'],
  ['IPv4 in IPv6', '::ffff:10.0.0.1', '::ffff:198.51.100.1', '198.51.100.1'],
  ['ports', '10.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
  ['IPv6 with a port', '10.0.0.1', '[2001:db8::1]:4711', '2001:db8::1'],
  ['IPv6 with a zone', 'fe80::1%eth0', undefined, 'fe80::1'],
  ['a very long list', '10.0.0.1', '10.0.0.2,'.repeat(1_000), '10.0.0.1'],
])('%s', (_what, peer, forwarded, address) => {
  expect(find(peer, forwarded).address).toBe(address);
});

test('only a trusted proxy says that the request came over TLS', () => {
  expect(find('10.0.0.1', undefined, 'https').isSecure).toBe(true);
  expect(find('10.0.0.1', undefined, 'http, HTTPS').isSecure).toBe(true);
  expect(find('10.0.0.1', undefined, 'https, http').isSecure).toBe(false);
  expect(find('10.0.0.1').isSecure).toBe(false);
  expect(find('203.0.113.9', '10.0.0.1', 'https').isSecure).toBe(false);
});
