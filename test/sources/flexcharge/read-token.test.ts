import { expect, test } from 'vitest';
import { tokenBody } from '../../../src/sandbox/bodies.ts';
import { readToken } from '../../../src/sources/flexcharge/read-token.ts';

const now = Date.parse('2026-11-20T02:30:00Z');

function read(status: number, content: unknown, date?: string) {
  const body = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
  const heard = { kind: 'reply' as const, status, body, fault: undefined, retryAfterMs: undefined };
  return readToken({ ...heard, date }, now);
}

test('reads expires as the epoch’s milliseconds, as a number and as a text', () => {
  for (const expires of [now + 600_000, String(now + 600_000)]) {
    const issued = read(200, tokenBody('t0k3n', expires));
    expect(issued).toEqual({ kind: 'issued', value: 't0k3n', lifeMs: 600_000 });
  }
});

test.each([
  ['ten minutes behind', -599_000],
  ['a day behind', -86_400_000],
  ['a day ahead', 86_400_000],
  ['a little behind', -2_000],
])('measures expires by the clock of a vendor that is %s, unless ours agrees with it', (_, off) => {
  const issuedAt = Math.abs(off) > 5_000 ? now + off : now;
  const date = new Date(now + off).toUTCString();
  const issued = read(200, tokenBody('t', issuedAt + 600_000), date);
  expect(issued).toMatchObject({ lifeMs: 600_000 });
});

test.each([
  ['in the past', now - 1],
  ['now', now],
  ['in seconds', Math.round(now / 1_000) + 600],
  ['absent', undefined],
  ['null', null],
  ['empty', ''],
  ['words', 'soon'],
  ['a date', '2026-11-20T02:40:00Z'],
  ['an object', {}],
  ['beyond all numbers', '1e999'],
])('assumes five minutes where expires is %s', (_name, expires) => {
  expect(read(200, tokenBody('t', expires))).toMatchObject({ lifeMs: 300_000 });
});

test('accepts other spellings of accessToken', () => {
  expect(read(200, { access_token: 'a', expires: now + 1 })).toMatchObject({
    value: 'a',
    lifeMs: 1,
  });
});

test.each([
  ['absent', undefined],
  ['null', null],
  ['empty', ''],
  ['no text', 5],
  ['with a line end', 'a\nb: c'],
  ['with a space', 'a b'],
  ['beyond ASCII', 'tökên'],
  ['longer than any header', 'x'.repeat(16_385)],
])('an accessToken that is %s is an invalid response', (_name, token) => {
  const refused = read(200, { ...tokenBody('', now + 1_000), accessToken: token });
  expect(refused).toMatchObject({
    reason: 'invalid-response',
    silence: 'source',
    permanent: false,
  });
  expect(JSON.stringify(refused)).not.toContain('a b');
});

test.each([400, 401])('HTTP %i is refused credentials, for good', (status) => {
  const refused = read(status, { errors: ['x'] });
  expect(refused).toMatchObject({ reason: 'unauthorized', permanent: true, silence: 'none' });
});

test.each([
  [403, 'forbidden', true],
  [302, 'vendor-error', true],
  [404, 'vendor-error', false],
  [429, 'rate-limited', false],
  [500, 'vendor-error', false],
] as const)('HTTP %i passes its own reason on: %s', (status, reason, permanent) => {
  const detail = `token endpoint: HTTP ${status}`;
  expect(read(status, '')).toMatchObject({ reason, permanent, detail });
});

test('a body that cannot be read, or tells of failure, passes its own reason on', () => {
  expect(read(200, '<html></html>')).toMatchObject({ reason: 'invalid-response' });
  expect(read(200, { success: false, accessToken: 'a' })).toMatchObject({ reason: 'vendor-error' });
});

test('silence of the token endpoint is silence of the source', () => {
  const silence = 'source';
  expect(readToken({ kind: 'timeout' }, now)).toMatchObject({ reason: 'timeout', silence });
  const refused = readToken({ kind: 'failed', code: 'ECONNREFUSED' }, now);
  expect(refused).toMatchObject({ reason: 'unreachable', silence });
});
