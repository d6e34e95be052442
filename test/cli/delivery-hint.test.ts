import { expect, test } from 'vitest';
import { deliveryHint } from '../../src/cli/delivery-hint.ts';

test.each([
  ['answered 302', /give the URL that it leads to/],
  ['answered 401', /does not let us in/],
  ['answered 404 (channel_not_found)', /check the URL/],
  ['answered 400', /is the type of the channel right/],
  ['answered 429', /rateLimit/],
  ['answered 503', /in trouble itself/],
  ['not reached: ENOTFOUND', /cannot be resolved/],
  ['not reached: ECONNREFUSED', /nothing listens/],
  ['not reached: ETIMEDOUT', /firewall/],
  ['not reached: DEPTH_ZERO_SELF_SIGNED_CERT', /NODE_EXTRA_CA_CERTS/],
  ['not reached: CERT_HAS_EXPIRED', /not trusted/],
  ['not reached: EPROTO', /http or https/],
])('of %s it is said what to do', (detail, words) => {
  expect(deliveryHint(detail)).toMatch(words);
});

test.each(['the body is not an alert', 'answered 4044', 'not reached: UNKNOWN'])(
  'of %s nothing is made up',
  (detail) => {
    expect(deliveryHint(detail)).toBeUndefined();
  },
);
