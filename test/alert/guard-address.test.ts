import { expect, test } from 'vitest';
import { isPublicAddress } from '../../src/alert/guard-address.ts';
import { guardedLookup, isPrivateHost } from '../../src/alert/outbound.ts';

test.each([
  ...['0.0.0.0', '127.0.0.1', '127.255.255.254', '10.0.0.1', '169.254.169.254', '255.255.255.255'],
  ...['172.16.0.0', '172.31.255.255', '192.168.1.1', '100.64.0.0', '100.127.255.255', '224.0.0.1'],
  ...['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fdff::1', 'ff02::1', '::127.0.0.1'],
  ...['::ffff:127.0.0.1', '::ffff:7f00:1', '::FFFF:10.0.0.1', '0:0:0:0:0:ffff:a00:1', '::ffff:0:1'],
  ...['64:ff9b::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::8.8.8.8', '2002:7f00:1::', '2001::1'],
  ...['2001:db8::1', '100::1', '', 'localhost', '127.1', '168.63.129.16', '100.100.100.200'],
  ...['64:ff9b::7f00:1', '64:ff9b::1', '64:ff9b::1:7f00:1', '::ffff:0:7f00:1', 'fd00:ec2::254'],
])('refuses %s', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  ...[
    '8.8.8.8',
    '172.15.255.255',
    '172.32.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '223.255.255.255',
  ],
  ...[
    '168.63.129.15',
    '168.63.129.17',
    '128.0.0.0',
    '169.253.255.255',
    '192.167.255.255',
    '2606:4700::1111',
    '2a00:1450::1',
  ],
  ...['::ffff:8.8.8.8', '64:ff9b::8.8.8.8'],
])('accepts %s', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  ...['http://0/', 'http://2130706433/', 'http://0x7f.1/', 'http://017700000001/', 'http://127.1/'],
  ...[
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::10.0.0.1]/',
    'http://0x0a.1/',
  ],
  ...[
    'http://127.0.0.1./',
    'http://localhost./',
    'http://LOCALHOST/',
    'http://a.localhost/',
    'http://a.localhost./',
    'http://localhost%2e/',
    'http://ⓛocalhost/',
    'http://１２７.0.0.1/',
    'http://127。0。0。1/',
    'http://0177.0.0.1/',
    'http://user:word@127.0.0.1/',
  ],
])('detects that %s is private', (url) => {
  expect(isPrivateHost(new URL(url))).toBe(true);
});

test('accepts names and public addresses, which the lookup checks', () => {
  expect(isPrivateHost(new URL('http://notlocalhost/'))).toBe(false);
  expect(isPrivateHost(new URL('http://localhost.example/'))).toBe(false);
  expect(isPrivateHost(new URL('https://8.8.8.8/'))).toBe(false);
});

/** Looks a name up that resolves to these addresses. */
function lookUp(addresses: string[], all: boolean): Promise<unknown> {
  const answer = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const lookup = guardedLookup((_, __, answered) => answered(null, answer));
  return new Promise((resolve, reject) => {
    lookup('hooks.example', { all }, (error, found, family) =>
      error === null ? resolve(all ? found : { address: found, family }) : reject(error),
    );
  });
}

test('returns exactly the addresses that were checked', async () => {
  const [a, b] = ['8.8.8.8', '2606:4700::1111'];
  expect(await lookUp([a, b], false)).toEqual({ address: a, family: 4 });
  expect(await lookUp([a, b], true)).toEqual([
    { address: a, family: 4 },
    { address: b, family: 6 },
  ]);
});

test.each([[['127.0.0.1']], [['8.8.8.8', '10.0.0.1']], [[]]])(
  'refuses a name that resolves to %j',
  async (addresses) => {
    const refused = { code: 'KEYSWEEP_ADDRESS_REFUSED' };
    await expect(lookUp(addresses, true)).rejects.toMatchObject(refused);
    await expect(lookUp(addresses, false)).rejects.toMatchObject(refused);
  },
);
