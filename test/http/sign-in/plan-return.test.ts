import { expect, test } from 'vitest';
import { planReturn } from '../../../src/http/sign-in/plan-return.ts';

test.each([
  '/',
  '/findings?severity=high&severity=low&text=a%20b',
  '/keys/fx/key_1',
  '/keys/fx/http:%2F%2Fevil.example',
  '/?next=//evil.example',
])('%s is a place of this host', (next) => {
  expect(planReturn(next)).toBe(next);
});

test.each([
  ['nothing', undefined],
  ['an empty text', ''],
  ['another host', 'https://evil.example/'],
  ['another host without a scheme', '//evil.example/'],
  ['a backslash', '/\\evil.example'],
  ['a backslash later', '/a/..\\\\evil.example'],
  ['a tab, which browsers leave out', '/\t/evil.example'],
  ['a line end', '/\n/evil.example'],
  ['a way up to an empty name', '/a/..//evil.example'],
  ['a dot before the slashes', '/.//evil.example'],
  ['an encoded way up', '/%2e//evil.example'],
  ['a script', 'javascript:alert(1)'],
  ['a name', 'evil.example'],
  ['a space before', ' //evil.example'],
  ['the sign-in page', '/sign-in?next=/'],
  ['signing out', '/sign-out'],
  ['more than 2,000 characters', `/${'a'.repeat(2_000)}`],
  ['a header', '/a\r\nset-cookie: a=b'],
])('%s leads to the overview', (_what, next) => {
  expect(planReturn(next)).toBe('/');
});
