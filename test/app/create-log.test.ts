import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLog, openLogStream } from '../../src/app/create-log.ts';
import { secretPart, signingKeyOf } from '../../src/evidence/log/signing-key.ts';
import { noProxies } from '../../src/proxy/proxies.ts';

const heartbeat = 'https://hc-ping.example/canary-6f1c?a="b"&c=d';
const siem = { url: 'https://siem.example/canary-hook', secret: 'whsec_Y2FuYXJ5LXNpZW0=' };
const secrets = {
  databaseUrl: 'postgres://keys:canary-p%40ss@db.example/keysweep',
  redisUrl: undefined,
  redisPassword: 'canary-redis',
  sentinelPassword: undefined,
  sources: new Map([['fx', { appKey: 'canary-key', appSecret: 'canary-secret' }]]),
  channels: new Map([['siem', siem]]),
  heartbeats: new Map([['nightly', heartbeat]]),
  tokens: [],
  evidenceKey: signingKeyOf(
    'keysweep/acme',
    1,
    Buffer.from('canary-seed-of-32-bytes-and-more'.padEnd(32).slice(0, 32)),
  ),
  oidcClientSecret: undefined,
  reviewLinkKey: undefined,
  redisTls: { key: '-----BEGIN PRIVATE KEY-----\ncanary-key-of-redis' },
  proxies: { ...noProxies, https: 'http://keys:canary-proxy@proxy.example:3128' },
};

/** What the log writes about these fields. */
function logged(fields: object, how: { clearsLine?: boolean; withPid?: boolean } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'log');
  const fd = openSync(file, 'w');
  createLog('info', secrets, { lines: openLogStream(fd), ...how }).info(fields, 'said');
  closeSync(fd);
  return readFileSync(file, 'utf8');
}

test.each([
  ['a heartbeat', heartbeat],
  ['what is called at the start of a sweep', `${heartbeat}/start`],
  ['a heartbeat in another address', encodeURIComponent(heartbeat)],
  ['a heartbeat in Base64', Buffer.from(heartbeat).toString('base64')],
  ['a heartbeat as a URL is written', new URL(heartbeat).href],
  ['a heartbeat in a sentence', `POST ${heartbeat}: 500`],
  ['the address of a channel', siem.url],
  ['the database with its password', secrets.databaseUrl],
  ['the password alone, as it is written and as it is', 'canary-p@ss canary-p%40ss'],
  ['a password of Redis', 'canary-redis'],
  ['the key for Redis', secrets.redisTls.key],
  ['a password of a proxy', 'canary-proxy'],
  ['the key of the evidence', `PRIVATE+KEY+x+00000000+${secretPart(secrets.evidenceKey)}`],
  ['the credentials of a source', 'canary-key canary-secret'],
])('%s is hidden in the log', (_what, text) => {
  const line = logged({ err: text, deep: { list: [text] } });
  expect(line).not.toContain('canary');
  expect(line).not.toContain(Buffer.from('canary-6f1c').toString('base64').slice(0, 12));
  expect(JSON.parse(line)).toMatchObject({ level: 'info', msg: 'said' });
  expect(line).toContain('[secret]');
});

test('what is no secret stays readable', () => {
  expect(JSON.parse(logged({ source: 'fx', code: 'ECONNRESET' }))).toMatchObject({
    source: 'fx',
    code: 'ECONNRESET',
  });
});

test('a line takes the place of a progress bar on a terminal, and only there', () => {
  const [bare, drawn] = [logged({ source: 'fx' }), logged({ source: 'fx' }, { clearsLine: true })];
  expect(bare).toMatch(/^\{"level":"info"/);
  expect(drawn.startsWith('\r\u001b[K{"level":"info"')).toBe(true);
});
