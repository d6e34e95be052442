import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { wrongMailAddress } from '../../src/alert/channels/email/mail-address.ts';
import { wrongSmtpUrl } from '../../src/alert/channels/email/wrong-smtp-url.ts';
import { wrongWebhookSecret } from '../../src/alert/channels/webhook/wrong-webhook-secret.ts';
import { parseHostPort, wrongRedisUrl, wrongStoreUrl } from '../../src/config/addresses.ts';
import { wrongBaseUrl, wrongWebUrl } from '../../src/options/address.ts';

const canary = 'canary9';

describe.each([
  {
    check: wrongSmtpUrl,
    right: [
      'smtp://mail.example',
      'smtp://mail.example:25/',
      'smtps://u:p%40ss@mail.example:465',
      'smtp://[::1]:2525',
      'smtp://mail.example?starttls=optional',
      'smtp://u:p@mail.example?starttls=required',
    ],
    wrong: [
      '',
      'mail.example',
      'https://mail.example',
      'smtp://',
      `smtp://u:${canary}@`,
      `smtp://u:${canary}%@h`,
      `smtp://${canary}@h`,
      `smtp://:${canary}@h`,
      `smtp://h/${canary}`,
      `smtp://h#${canary}`,
      `smtp://h?${canary}=1`,
      'smtp://h?starttls=never',
      'smtp://h?starttls=optional&starttls=required',
      'smtps://h?starttls=optional',
      `smtp://u:${canary}@h?starttls=optional`,
      `smtp://${canary} h`,
    ],
  },
  {
    check: wrongMailAddress,
    right: ['security@shop.example', "o'hara+keys@a-b.example", 'root@localhost'],
    wrong: [
      '',
      canary,
      `${canary}@`,
      `@${canary}`,
      `Ann <${canary}@h.example>`,
      `${canary}@h.example, b@h.example`,
      `${canary}@h.example\nBcc: b@h.example`,
      `${canary}@-h..example`,
      `"${canary}"@h.example`,
      `${canary}@[127.0.0.1]`,
      `${canary}\u0430@h.example`,
    ],
  },
  {
    check: wrongWebUrl,
    right: ['https://h.example/a?b#c', 'http://127.0.0.1:1', 'https://[::1]/'],
    wrong: [
      '',
      'h.example',
      'ftp://h',
      'file:///etc/passwd',
      'https://',
      `https://u:${canary}@h`,
      `https://${canary}@h`,
      `https://h:${canary}`,
    ],
  },
  {
    check: wrongBaseUrl,
    right: ['https://h.example/v1', 'http://127.0.0.1:4010/v1/'],
    wrong: [`https://h/v1?k=${canary}`, 'https://h/#a', 'https://h?', 'javascript:1'],
  },
  {
    check: wrongStoreUrl,
    right: [
      'pglite:../.keysweep',
      'pglite:/data',
      'pglite:~',
      'pglite:~/keysweep',
      'pglite:./~ann',
      'pglite:costs$',
      'postgres://u:p@h:5432/d',
      'postgresql:///d?host=/run',
      'postgresql://u@%2Frun%2Fpostgresql/d',
      'postgres://u:p@/d?host=/cloudsql/project:region:instance',
      'postgres://u:p%40%3A%2F%25%23@[::1]:5432/d',
      'postgres:///d?host=/cloudsql/p:r:i&user=sa@project.iam',
    ],
    wrong: [
      'pglite:',
      'pglite://data',
      'pglite:~ann/keysweep',
      'pglite:$HOME/keysweep',
      'sqlite:x',
      'postgres:d',
      `mysql://u:${canary}@h`,
      `postgres://u:${canary}@h:port/d`,
      `postgres://u:${canary}/x@h/d`,
      `postgres://u:1/${canary}@h/d`,
      `postgres://u:1#${canary}@h/d`,
      `postgres://u:1?${canary}@h/d`,
      `postgres://u:${canary}%@h/d`,
    ],
  },
  {
    check: wrongRedisUrl,
    right: ['redis://127.0.0.1:6379', 'rediss://:pw@h/2', 'redis://u:p@h/'],
    wrong: [
      'redis:',
      'redis://',
      '127.0.0.1:6379',
      'http://h',
      'redis://h/name',
      `redis://:${canary}@h:port`,
    ],
  },
])('$check.name', ({ check, right, wrong }) => {
  test.each(right)('takes %s', (text) => expect(check(text)).toBeUndefined());
  test.each(wrong)('refuses %s, without showing it', (text) => {
    expect(check(text)).toMatch(/^must /);
    expect(check(text)).not.toContain(canary);
  });
});

describe('host and port', () => {
  test.each([
    ['a.example:1', { host: 'a.example', port: 1 }],
    ['10.0.0.1:65535', { host: '10.0.0.1', port: 65_535 }],
    ['[2001:db8::1]:6379', { host: '2001:db8::1', port: 6_379 }],
  ])('%s', (text, expected) => expect(parseHostPort(text)).toEqual(expected));

  test.each([
    'a',
    'a:',
    ':1',
    'a:0',
    'a:65536',
    '::1:6379',
    '[a]:1',
    'u@a:1',
    'redis://a:1',
    'a:1 ',
  ])('%j is none', (text) => expect(parseHostPort(text)).toBeUndefined());
});

describe('webhook secrets', () => {
  const secretOf = (bytes: number) => `whsec_${randomBytes(bytes).toString('base64')}`;

  test.each([24, 25, 64])('%i bytes are taken', (bytes) =>
    expect(wrongWebhookSecret(secretOf(bytes))).toBeUndefined(),
  );
  test.each([1, 23, 65])('%i bytes are refused', (bytes) =>
    expect(wrongWebhookSecret(secretOf(bytes))).toBe(
      'must be whsec_ followed by 24 to 64 bytes in base64',
    ),
  );
  test('padding may be left out', () =>
    expect(wrongWebhookSecret(secretOf(25).replace(/=+$/, ''))).toBeUndefined());
  test.each([
    'whsec_',
    'plain',
    secretOf(24).replace('whsec_', ''),
    `${secretOf(24)}!`,
    `whsec_${'a'.repeat(33)}`,
    `whsec_${'_'.repeat(32)}`,
  ])('%s is none', (text) => expect(wrongWebhookSecret(text)).toBeDefined());
});
