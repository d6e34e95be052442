import { describe, expect, test } from 'vitest';
import { failedBody, notFoundBody, notFoundFailedBody } from '../../../src/sandbox/bodies.ts';
import { judgeKeyReply } from '../../../src/sources/flexcharge/judge-reply.ts';
import type { Reply } from '../../../src/sources/http/reply.ts';

const key = { status: 'SUCCESS', success: true, id: 'key_a', type: 'secret', errors: [] };

function heard(status: number, content: unknown, more: Partial<Reply> = {}): Reply {
  const body = typeof content === 'string' ? Buffer.from(content) : Buffer.from(stringify(content));
  return {
    kind: 'reply',
    status,
    body,
    fault: undefined,
    retryAfterMs: undefined,
    ...more,
  } as Reply;
}
const stringify = (content: unknown) => JSON.stringify(content) ?? '';
const judge = (status: number, content: unknown, more?: Partial<Reply>) =>
  judgeKeyReply(heard(status, content, more), 'key_a');

describe('a key is present', () => {
  test.each([
    ['status and success', key],
    ['another case of the status', { ...key, status: 'success' }],
    ['no status', { success: true, id: 'key_a' }],
    ['no success', { status: 'SUCCESS', id: 'key_a' }],
    ['neither', { id: 'key_a' }],
    ['nulls for both', { status: null, success: null, id: 'key_a' }],
    ['the Id of the field table', { ...key, id: undefined, Id: 'key_a' }],
    ['fields nobody knows', { ...key, colour: 'green', nested: { deep: [1] } }],
    ['errors beside it that say nothing of failure', { ...key, errors: null }],
  ])('with %s', (_name, body) => {
    expect(judge(200, body)).toMatchObject({ kind: 'present', details: {} });
  });

  test('behind a byte order mark', () => {
    expect(judge(200, `\uFEFF${JSON.stringify(key)}`)).toMatchObject({ kind: 'present' });
  });
});

describe('a key is missing', () => {
  test.each([
    ['the 404 of the page', 404, notFoundBody],
    ['the FAILED body of the page', 200, notFoundFailedBody],
    ['the FAILED body under 400', 400, notFoundFailedBody],
    ['the FAILED body under 403', 403, notFoundFailedBody],
    ['the FAILED body under 404', 404, notFoundFailedBody],
    ['another case of FAILED', 200, { status: 'failed', errors: ['API KEY NOT FOUND'] }],
    ['success false alone', 200, { success: false, errors: ['Invalid API key ID.'] }],
    ['an invalid id', 404, { errors: ['Invalid id'] }],
    ['problem details', 404, { status: 404, title: 'x', errors: { Id: ['API key not found.'] } }],
    ['bare lists by field', 404, { TraceId: ['00-1'], Id: ['API key not found.'] }],
    [
      'pairs',
      200,
      { success: false, status: 'FAILED', errors: [{ item1: 'ApiKey', item2: 'not found' }] },
    ],
    [
      'a response message',
      404,
      { success: false, status: 'FAILED', responseMessage: 'API key not found', errors: [] },
    ],
  ])('by %s', (_name, status, body) => {
    expect(judge(status, body)).toEqual({ kind: 'missing' });
  });
});

describe('a 404 that does not say that the key is gone is a fault', () => {
  test.each([
    ['HTML', '<html>404 Not Found</html>'],
    ['nothing', ''],
    ['a title', { type: 'about:blank', title: 'Not Found', status: 404, traceId: '00-1' }],
    ['a message of a gateway', { message: 'Not Found' }],
    ['other errors', { errors: ['No route matched.'] }],
    ['a list', ['API key not found.']],
    ['an id of something else', { errors: ['Invalid merchant id'] }],
    ['a trace id with such words', { TraceId: ['not found'] }],
    ['a merchant', { errors: ['Merchant not found.'] }],
    ['a merchant by field', { errors: { MerchantId: ['Not found.'] } }],
    ['a merchant by a bare field', { Mid: ['Invalid id'] }],
    ['a merchant that comes after', { errors: ['Not found: merchant 12'] }],
    ['a merchant beside the key', { errors: ['API key not found.', 'Merchant not found.'] }],
    ['errors beyond all measure', { errors: ['API key not found.', 'x'.repeat(10_000)] }],
  ])('as with %s', (_name, body) => {
    const learned = judge(404, body);
    expect(learned).toMatchObject({ reason: 'vendor-error', permanent: false, silence: 'none' });
  });
});

test.each([
  ['a merchant', { errors: ['Merchant not found.'] }],
  ['a merchant in a response message', { responseMessage: 'Merchant was not found', errors: [] }],
  ['a merchant in a pair', { errors: [{ item1: 'Merchant', item2: 'not found' }] }],
  ['a merchant in words beside a code', { errors: [{ code: 'NOT_FOUND', text: 'No merchant' }] }],
  ['a merchant in words beside such a code', { errors: [{ a: 'NotFound', b: 'Mid not found' }] }],
  ['the merchant of a key', { errors: ['Merchant of this API key not found'] }],
  ['one of two', { errors: ['API key or merchant not found'] }],
  ['the key of the caller', { errors: ['API key not found in request header.'] }],
  ['its credentials', { responseMessage: 'Key not found in the Authorization field', errors: [] }],
])('FAILED as with %s says nothing of the key', (_name, body) => {
  const learned = judge(200, { status: 'FAILED', success: false, ...body });
  expect(learned).toMatchObject({ reason: 'vendor-error', permanent: false });
});

test.each([
  ['its id', 'API key key_a not found.'],
  ['its id in quotes', 'The requested key with id "key_a" could not be found, or NotFound.'],
  ['its id in another case', 'KEY_A: not found'],
  ['what it is not found in', 'API key not found for this merchant.'],
  ['what was requested', 'API key not found, as requested by its id.'],
  ['no words but these', 'Not found'],
  ['what was tried', 'Failed to retrieve the API key you requested: not found.'],
  ['a code', '404: NOT_FOUND'],
])('FAILED with %s says that the key is gone', (_name, text) => {
  expect(judge(200, failedBody([text]))).toEqual({ kind: 'missing' });
});

test.each(['o', 'found', 'not found', '.*', 'a(', 'API', 'merchant'])(
  'so it is for a key called %j',
  (id) => {
    const reply = (text: string) => judgeKeyReply(heard(404, { errors: [text] }), id);
    expect(reply('Merchant not found.')).toMatchObject({ reason: 'vendor-error' });
    if (!id.includes('found')) expect(reply('API key not found.')).toEqual({ kind: 'missing' });
  },
);

test('such words in an answer that tells of no failure say nothing of the key', () => {
  const errors = ['Webhook not found.'];
  expect(judge(200, { ...key, errors })).toMatchObject({ kind: 'present' });
  expect(judge(400, { errors: ['API key not found.'] })).toMatchObject({ reason: 'vendor-error' });
  expect(judge(403, { errors: ['API key not found.'] })).toMatchObject({ reason: 'forbidden' });
});

test.each([
  ['other errors', failedBody(['Something went wrong.'])],
  ['no errors', { status: 'FAILED', success: false }],
  ['success true', { ...key, status: 'FAILED' }],
  ['success false beside SUCCESS', { ...key, success: false }],
  ['success that is no boolean', { ...key, success: 'true' }],
  ['two spellings of success that differ', { ...key, Success: false }],
  ['two spellings of status that differ', { ...key, Status: 'FAILED' }],
  ['another status and no success', { status: 'ERROR', id: 'key_a' }],
])('FAILED with %s is a passing vendor error', (_name, body) => {
  expect(judge(200, body)).toMatchObject({ reason: 'vendor-error', permanent: false });
});

const noObject = 'a body that is no JSON object';
const nameTwice = 'a JSON object that gives one name twice';

test.each([
  ['HTML', '<html></html>', noObject],
  ['nothing', '', noObject],
  ['half of JSON', '{"id":"key_a"', noObject],
  ['a list', '[{"id":"key_a"}]', noObject],
  ['a text', '"key_a"', noObject],
  ['null', 'null', noObject],
  ['a number', '1', noObject],
  ['a name given twice', '{"id":"key_a","scopes":[],"scopes":["charges:write"]}', nameTwice],
  ['a name given twice, once escaped', '{"id":"key_a","type":"a","t\\u0079pe":"b"}', nameTwice],
])('200 with %s is an invalid response', (_name, body, why) => {
  const detail = `HTTP 200 with ${why}`;
  expect(judge(200, body)).toMatchObject({ reason: 'invalid-response', detail, permanent: false });
});

test('names given twice further down, and colons in texts, are no fault', () => {
  const body = '{"id":"key_a","n":{"x":1,"x":2},"s":"a\\":\\"b:{","l":[{"y":1,"y":2}]}';
  expect(judge(200, body)).toMatchObject({ kind: 'present' });
});

test('200 that is not UTF-8 is an invalid response', () => {
  const body = Buffer.from([...Buffer.from('{"id":"key_a","name":"'), 0xff, 0x22, 0x7d]);
  const detail = 'HTTP 200 with a body that is not UTF-8';
  expect(judge(200, '', { body })).toMatchObject({ reason: 'invalid-response', detail });
});

test.each([
  ['cut', 'HTTP 200 with a cut body'],
  ['oversized', 'HTTP 200 with a body over 1 MB'],
] as const)('200 with a %s body is an invalid response', (fault, detail) => {
  const learned = judge(200, '', { body: undefined, fault });
  expect(learned).toMatchObject({ reason: 'invalid-response', detail, permanent: false });
});

test.each([
  ['another id', { ...key, id: 'key_b' }],
  ['another case of the id', { ...key, id: 'KEY_A' }],
  ['no id', { ...key, id: undefined }],
  ['a null id', { ...key, id: null }],
  ['two ids that differ', { ...key, Id: 'key_b' }],
])('an answer with %s is a mismatch', (_name, body) => {
  expect(judge(200, body)).toMatchObject({ reason: 'id-mismatch', permanent: false });
});

test.each([
  [301, 'vendor-error', true, 'none'],
  [302, 'vendor-error', true, 'none'],
  [304, 'vendor-error', true, 'none'],
  [400, 'vendor-error', true, 'none'],
  [401, 'unauthorized', true, 'none'],
  [403, 'forbidden', true, 'key'],
  [405, 'vendor-error', true, 'none'],
  [408, 'vendor-error', false, 'key'],
  [409, 'vendor-error', true, 'none'],
  [425, 'vendor-error', false, 'key'],
  [429, 'rate-limited', false, 'none'],
  [500, 'vendor-error', false, 'key'],
  [502, 'vendor-error', false, 'key'],
  [503, 'vendor-error', false, 'key'],
  [599, 'vendor-error', false, 'key'],
] as const)('HTTP %i is %s, for good: %s', (status, reason, permanent, silence) => {
  const expected = { kind: 'failure', reason, permanent, silence, detail: `HTTP ${status}` };
  expect(judge(status, { errors: ['x'] })).toMatchObject(expected);
  expect(judge(status, '<html></html>')).toMatchObject(expected);
  expect(judge(status, '', { body: undefined, fault: 'cut' })).toMatchObject(expected);
});

test.each([401, 429, 500, 503])('HTTP %i says nothing of the key, whatever its body', (status) => {
  expect(judge(status, notFoundFailedBody)).toMatchObject({ kind: 'failure' });
  expect(judge(status, key)).toMatchObject({ kind: 'failure' });
});

test('no reply is a timeout, an invalid response or an unreachable source', () => {
  const timeout = judgeKeyReply({ kind: 'timeout' }, 'key_a');
  expect(timeout).toMatchObject({ reason: 'timeout', silence: 'key', permanent: false });
  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND']) {
    const failed = judgeKeyReply({ kind: 'failed', code }, 'key_a');
    expect(failed).toMatchObject({ reason: 'unreachable', detail: code, silence: 'key' });
  }
  const expired = judgeKeyReply({ kind: 'failed', code: 'CERT_HAS_EXPIRED' }, 'key_a');
  expect(expired).toMatchObject({
    reason: 'unreachable',
    detail:
      'the vendor has a certificate that has expired (CERT_HAS_EXPIRED); renew it, or check the clock here',
  });
  const garbled = judgeKeyReply({ kind: 'failed', code: 'HPE_INVALID_CONSTANT' }, 'key_a');
  expect(garbled).toMatchObject({ reason: 'invalid-response' });
});
