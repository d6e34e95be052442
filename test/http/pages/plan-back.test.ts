import { expect, test } from 'vitest';
import { planBack } from '../../../src/http/pages/errors/plan-back.ts';

test.each([
  ['http://here:80/keys?owner=ann', '/keys?owner=ann'],
  ['http://there/keys', '/'],
  ['http://here/actions/test-channel', '/'],
  ['http://here/actions/stop?sweep=s', '/actions/stop?sweep=s'],
  ['http://here/sign-in?next=/keys', '/'],
  ['http://here//there/keys', '/'],
  ['no address', '/'],
  [undefined, '/'],
])('the page before is a page of this host that can be loaded again: %s', (referer, path) => {
  expect(planBack(referer, 'here')).toBe(path);
});
