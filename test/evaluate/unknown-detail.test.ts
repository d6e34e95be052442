import { expect, test } from 'vitest';
import { unknownDetail } from '../../src/evaluate/unknown-detail.ts';

test.each([
  [['type', 'lastFour'], 'unreadable', 'type, lastFour'],
  [['lastUsed'], 'in-future', 'lastUsed lies in the future'],
  [['type', 'lastUsed'], 'in-future', 'type, lastUsed lies in the future'],
  [['type'], 'never-used-may-apply', 'type: a never-used rule may apply'],
  [[], 'no-missing-rule', 'no such key, and no missing rule applies to it'],
  [[], { said: 'HTTP 500' }, 'HTTP 500'],
] as const)('fields %j, obstacle %j: %s', (fields, because, words) => {
  expect(unknownDetail({ fields, because })).toBe(words);
});
