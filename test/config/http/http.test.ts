import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  createNetworks,
  wrongHost,
  wrongNetwork,
} from '../../../src/config/http/http-addresses.ts';
import { hashToken } from '../../../src/config/http/http-config.ts';
import { goodConfig, mistakesOf, readGood } from '../workspace.ts';

const withHttp = (http: string, more: Record<string, string> = {}) => ({
  files: { 'config/keysweep.yaml': `${goodConfig}http: ${http}\n`, ...more },
  env: { KEYSWEEP_TOKEN: 'canary-of-ops-1234567890' },
});

const canary = 'canary-of-ops-1234567890';
const sha256 = hashToken(canary).toString('hex');

test.each([
  ['a token in the file', `token: ${canary}`],
  ['a variable', `token: \${KEYSWEEP_TOKEN}`],
  ['a file', 'tokenFile: ops-token'],
  ['a hash', `tokenSha256: ${sha256}`],
  ['a hash in capitals', `tokenSha256: ${sha256.toUpperCase()}`],
])('a token given as %s is kept as its SHA-256 alone', async (_how, given) => {
  const http = `{ tokens: [{ name: ops, ${given}, role: auditor }] }`;
  const { config, secrets } = await readGood(withHttp(http, { 'config/ops-token': `${canary}\n` }));
  expect(secrets.tokens).toEqual([{ name: 'ops', role: 'auditor', sha256: hashToken(canary) }]);
  expect(config.http?.tokens).toEqual([{ name: 'ops', role: 'auditor', isShort: false }]);
  expect(JSON.stringify({ ...secrets, config })).not.toContain(canary);
});

test('a token of 8 characters is taken and is short; of 20 it is not short', async () => {
  const isShort = async (token: string) => {
    const http = `{ tokens: [{ name: ops, token: "${token}", role: viewer }] }`;
    return (await readGood(withHttp(http))).config.http?.tokens[0]?.isShort;
  };
  expect(await isShort('x'.repeat(8))).toBe(true);
  expect(await isShort('x'.repeat(19))).toBe(true);
  expect(await isShort('x'.repeat(20))).toBe(false);
});

const provider = 'clientId: k, clientSecret: canary-secret';

test('a provider is kept apart from the secret that keysweep has there', async () => {
  const roles = 'roles: { claim: groups, operator: [sec], viewer: ["*"] }';
  const oidc = `oidc: { issuer: "https://login.example/", ${provider}, ${roles} }`;
  const http = `{ host: 0.0.0.0, publicUrl: "https://k.example", ${oidc} }`;
  const { config, secrets } = await readGood(withHttp(http));
  expect(config.http?.oidc).toEqual({
    ...{ issuer: 'https://login.example/', clientId: 'k' },
    roles: { claim: 'groups', operator: ['sec'], auditor: [], viewer: ['*'] },
  });
  expect(config.http?.ownTokenFile).toBeUndefined();
  expect(secrets.oidcClientSecret).toBe('canary-secret');
});

test.each([
  ['issuer: "https://l.example"', 'roles: { claim: g, viewer: [a] }', 'needs http.publicUrl: the'],
  ['issuer: "http://l.example"', 'roles: { claim: g, viewer: [a] }', 'must begin with https://,'],
  ['issuer: "http://[::1]:9"', 'roles: { claim: g, viewer: [a] }', undefined],
  ['issuer: "http://127.0.0.1:9"', 'roles: { claim: g, viewer: [a] }', undefined],
  ['issuer: "https://l.example"', 'roles: { claim: g }', 'gives nobody a role'],
  ['issuer: "https://l.example"', 'roles: { claim: g, viewer: [] }', 'must hold at least one'],
  ['issuer: "https://l.example?a"', 'roles: { claim: g, viewer: [a] }', 'must not hold a query'],
])('a provider with %s and %s: %s', async (issuer, roles, mistake) => {
  const isPublic = mistake?.startsWith('needs') !== true;
  const publicUrl = isPublic ? 'publicUrl: "https://k.example", ' : '';
  const http = `{ ${publicUrl}oidc: { ${issuer}, ${provider}, ${roles} } }`;
  const found = await mistakesOf(withHttp(http));
  expect(found).toEqual(mistake === undefined ? [] : [expect.stringContaining(mistake)]);
  expect(found.join('')).not.toContain('canary');
});

describe('what is wrong with http is said, and never shows a token', () => {
  const ops = `{ name: ops, token: ${canary}, role: operator }`;
  test.each([
    ['{ tokens: [] }', '10:17 http.tokens: must hold at least one'],
    [
      '{ tokens: [{ name: ops, token: canary7, role: viewer }] }',
      '10:38 http.tokens.0.token: must have at least 8 characters',
    ],
    [
      '{ tokens: [{ name: ops, token: "canary of ops", role: viewer }] }',
      '10:38 http.tokens.0.token: must be printable ASCII without spaces',
    ],
    [
      '{ tokens: [{ name: ops, role: viewer }] }',
      '10:18 http.tokens.0: needs a token, a tokenFile or a tokenSha256',
    ],
    [
      `{ tokens: [{ name: ops, token: ${canary}, tokenSha256: ${sha256}, role: viewer }] }`,
      '10:77 http.tokens.0.tokenSha256: has a token already; give one of token, tokenFile and tokenSha256',
    ],
    [
      `{ tokens: [${ops}, { name: ops, token: other-token, role: viewer }] }`,
      '10:90 http.tokens.1.name: ops is given twice',
    ],
    [
      `{ tokens: [${ops}, { name: two, token: ${canary}, role: viewer }] }`,
      '10:102 http.tokens.1.token: is the token of ops already',
    ],
    [
      `{ tokens: [{ name: anonymous, token: ${canary}, role: viewer }] }`,
      '10:26 http.tokens.0.name: anonymous is a reserved name',
    ],
    [
      '{ host: 0.0.0.0 }',
      '10:15 http.host: must be a loopback address such as 127.0.0.1, unless http.tokens or http.oidc says who ' +
        `may ask: tokens: [{ name: ops, token: \${KEYSWEEP_TOKEN}, role: operator }]`,
    ],
    [
      `{ host: 0.0.0.0, open: true, tokens: [${ops}] }`,
      '10:15 http.host: must be a loopback address such as 127.0.0.1, as http.open is true',
    ],
    [
      `{ tokenFile: t, tokens: [${ops}] }`,
      '10:20 http.tokenFile: is not used, as http.tokens is given: leave one out',
    ],
    [
      '{ tokenFile: t, open: true }',
      '10:20 http.tokenFile: is not used, as http.open is true: leave one out',
    ],
    [
      '{ hosts: ["https://a.example"] }',
      '10:17 http.hosts.0: must be a host name or an address, without port: keysweep.example, 127.0.0.1, ::1',
    ],
    [
      '{ trustedProxies: [10.0.0.0/33] }',
      '10:26 http.trustedProxies.0: must be an address or a network: 10.0.0.5, 10.0.0.0/8, fd00::/8',
    ],
  ])('%s', async (http, mistake) => {
    const found = await mistakesOf(withHttp(http));
    if (mistake !== undefined) expect(found).toEqual([`config/keysweep.yaml:${mistake}`]);
    expect(found.join('\n')).not.toContain('canary');
  });
});

test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])(
  '%s needs no tokens, as only this machine can connect',
  async (host) => {
    expect(await mistakesOf(withHttp(`{ host: "${host}" }`))).toEqual([]);
  },
);

test.each(['0.0.0.0', '::', '10.0.0.1', 'h.example', '127.0.0.1.example', '128.0.0.1'])(
  '%s needs tokens',
  async (host) => {
    expect(await mistakesOf(withHttp(`{ host: "${host}" }`))).toHaveLength(1);
    const tokens = `[{ name: ops, token: ${canary}, role: operator }]`;
    expect(await mistakesOf(withHttp(`{ host: "${host}", tokens: ${tokens} }`))).toEqual([]);
  },
);

describe('the file of the token that start makes', () => {
  const fileOf = async (http: string, lines = '') => {
    const { config } = await readGood(withHttp(`${http}\n${lines}`));
    return { file: config.http?.ownTokenFile, folder: join(config.file, '..') };
  };

  test('is in the folder of the embedded store, unless it is named', async () => {
    const usual = await fileOf('{}');
    expect(usual.file).toBe(join(usual.folder, '.keysweep', 'http-token'));
    const named = await fileOf('{ tokenFile: run/t }');
    expect(named.file).toBe(join(named.folder, 'run', 't'));
  });

  test('has no place of its own beside a database server', async () => {
    const store = 'store: { url: "postgres://h/d" }';
    expect((await fileOf('{}', store)).file).toBeUndefined();
    const named = await fileOf('{ tokenFile: /run/t }', store);
    expect(named.file).toBe('/run/t');
  });

  test('is not needed where tokens are given, or none is asked for', async () => {
    expect((await fileOf('{ open: true }')).file).toBeUndefined();
    const tokens = `[{ name: ops, token: ${canary}, role: operator }]`;
    expect((await fileOf(`{ tokens: ${tokens} }`)).file).toBeUndefined();
  });
});

test.each(['a', 'a.example', 'a.example.', 'A-1_b.example', '10.0.0.1', '::1', 'fd00::1'])(
  'takes the host name %s',
  (name) => expect(wrongHost(name)).toBeUndefined(),
);
test.each(['a:80', '[::1]', '*', 'a..b', 'a/b', 'ä.example', 'u@a', '.a'])(
  'refuses the host name %s',
  (name) => expect(wrongHost(name)).toMatch(/^must /),
);

test('networks hold their addresses, and no others', () => {
  for (const text of ['10.0.0.5', '10.0.0.0/8', 'fd00::/8', '::/0', '0.0.0.0/0']) {
    expect(wrongNetwork(text)).toBeUndefined();
  }
  for (const text of ['', '10.0.0', '10.0.0.0/33', '::/129', '10.0.0.0/8/8', 'a', '10.0.0.0/-1']) {
    expect(wrongNetwork(text)).toMatch(/^must /);
  }
  const isIn = createNetworks(['10.0.0.0/8', '192.168.1.1', 'fd00::/8']);
  const those = ['10.255.0.1', '192.168.1.1', 'fd12::1', '11.0.0.1', '192.168.1.2', 'fe00::1', 'x'];
  expect(those.filter(isIn)).toEqual(['10.255.0.1', '192.168.1.1', 'fd12::1']);
});
