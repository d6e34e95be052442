import { expect, test } from 'vitest';
import type { HttpConfig } from '../../../src/config/http/http-config.ts';
import { planHttp } from '../../../src/doctor/plan/plan-http.ts';

const ops = { name: 'ops', role: 'operator', isShort: false } as const;

const lookAt = (difference: Partial<HttpConfig>) =>
  planHttp({
    ...{ host: '127.0.0.1', port: 8_080, isLoopback: true, publicUrl: undefined },
    ...{
      tokens: [ops],
      ownTokenFile: undefined,
      open: false,
      hosts: [],
      oidc: undefined,
      ...{ trustedProxies: [], queueBoard: false },
    },
    ...difference,
  });

test('names the tokens and their roles', () => {
  const auditor = { name: 'audit', role: 'auditor', isShort: false } as const;
  expect(lookAt({ tokens: [ops, auditor] })).toMatchObject([
    { status: 'ok', seen: 'ops (operator), audit (auditor)' },
  ]);
});

test('names the people of the provider too, beside tokens or alone', () => {
  const roles = { claim: 'groups', operator: ['sec'], auditor: [], viewer: [] };
  const oidc = { issuer: 'https://login.example', clientId: 'keysweep', roles };
  const seen = (difference: Partial<HttpConfig>) => lookAt({ oidc, ...difference })[0]?.seen;
  expect(seen({})).toBe('ops (operator), people of https://login.example');
  expect(seen({ tokens: [] })).toBe('people of https://login.example');
});

test('warns of short tokens by name', () => {
  const short = { ...ops, name: 'ci', isShort: true };
  expect(lookAt({ tokens: [ops, short] })).toMatchObject([
    { status: 'warning', seen: expect.stringMatching(/characters: ci$/) },
  ]);
});

test('warns where everybody may ask, and where nobody can', () => {
  expect(lookAt({ tokens: [], open: true })).toMatchObject([
    { status: 'warning', seen: expect.stringContaining('everybody on this machine') },
  ]);
  expect(lookAt({ tokens: [] })).toMatchObject([
    { status: 'warning', seen: expect.stringMatching(/^nobody/) },
  ]);
  expect(lookAt({ tokens: [], ownTokenFile: '/run/token' })).toEqual([]);
});

test('warns of tokens in clear text between machines', () => {
  const reached = { host: '0.0.0.0', isLoopback: false };
  const transport = (difference: Partial<HttpConfig>) =>
    lookAt({ ...reached, ...difference }).filter(({ check }) => check === 'transport');
  expect(transport({})).toMatchObject([{ status: 'warning' }]);
  expect(transport({ publicUrl: 'http://keysweep.example' })).toHaveLength(1);
  expect(transport({ publicUrl: 'https://keysweep.example' })).toEqual([]);
  expect(transport({ isLoopback: true })).toEqual([]);
});
