import { expect, test } from 'vitest';
import { loginOptions, sentinelOptions } from '../../../src/queue/redis/redis-options.ts';

const hosts = [
  { host: 's1', port: 26_379 },
  { host: 's2', port: 26_380 },
];
const plain = {
  kind: 'sentinel',
  prefix: 'keysweep',
  name: 'main',
  hosts,
  username: undefined,
  tls: false,
} as const;
const noSecrets = { redisPassword: undefined, sentinelPassword: undefined, redisTls: undefined };

test('without login or TLS only the sentinels and the name are given', () => {
  expect(sentinelOptions(plain, noSecrets)).toEqual({ sentinels: hosts, name: 'main' });
});

test('the user logs in to the server, the sentinels have a password of their own', () => {
  const secrets = { ...noSecrets, redisPassword: 'a', sentinelPassword: 'b' };
  expect(sentinelOptions({ ...plain, username: 'ks' }, secrets)).toEqual({
    sentinels: hosts,
    name: 'main',
    username: 'ks',
    password: 'a',
    sentinelPassword: 'b',
  });
});

test('TLS is to the server and to the sentinels', () => {
  expect(sentinelOptions({ ...plain, tls: true }, noSecrets)).toEqual({
    sentinels: hosts,
    name: 'main',
    tls: {},
    enableTLSForSentinelMode: true,
    sentinelTLS: {},
  });
});

test('nodes of a cluster are logged in to alike', () => {
  const config = {
    kind: 'cluster',
    prefix: '{ks}',
    nodes: hosts,
    username: 'ks',
    tls: true,
  } as const;
  expect(loginOptions(config, { ...noSecrets, redisPassword: 'a' })).toEqual({
    username: 'ks',
    password: 'a',
    tls: {},
  });
});
