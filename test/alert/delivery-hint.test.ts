import { expect, test } from 'vitest';
import { deliveryHint } from '../../src/alert/delivery-hint.ts';

test.each([
  [302, /use the final URL/],
  [401, /access was refused/],
  [404, /check the URL/],
  [400, /check the type of the channel/],
  [429, /rateLimit/],
  [503, /the server has a problem/],
  ['ENOTFOUND', /cannot be resolved/],
  ['ECONNREFUSED', /nothing listens/],
  ['ETIMEDOUT', /firewall/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /NODE_EXTRA_CA_CERTS/],
  ['CERT_HAS_EXPIRED', /has expired/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /for another name/],
  ['EPROTO', /http or https/],
])('of %s it is said what to do', (code, words) => {
  expect(deliveryHint([code], 'http')).toMatch(words);
});

test.each([[[]], [[4044]], [['UNKNOWN']], [[0]]])('of %j nothing is made up', (codes) => {
  expect(deliveryHint(codes, 'http')).toBeUndefined();
});

test('of several codes the one is taken that says most', () => {
  expect(deliveryHint([550, 404], 'http')).toMatch(/check the URL/);
});

test.each([
  [421, /put it off/],
  [450, /put it off/],
  [454, /put it off/],
  [535, /user or password/],
  [550, /check from, to and name/],
  ['ECONNREFUSED', /nothing listens/],
])(
  'of %s from a mail server, nothing is said about HTTP or the type of the channel',
  (code, words) => {
    const hint = deliveryHint([code], 'smtp');
    expect(hint).toMatch(words);
    expect(hint).not.toMatch(/type of the channel|server has a problem/);
  },
);
