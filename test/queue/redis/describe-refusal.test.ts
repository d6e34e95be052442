import { expect, test } from 'vitest';
import { codeOfRedis, describeRefusal } from '../../../src/queue/redis/describe-refusal.ts';

test.each([
  ["READONLY You can't write against a read only replica.", 'READONLY'],
  ['Connection is closed.', 'NO_ANSWER'],
  ["Cluster isn't ready and enableOfflineQueue options is false", 'NO_NODE'],
  ['Too many Cluster redirections. Last error: ReplyError: CLUSTERDOWN Hash slot', 'CLUSTERDOWN'],
  ['Too many Cluster redirections. Last error: Error: Connection is closed.', 'NO_NODE'],
  ['All sentinels are unreachable and retry is disabled.', 'NOMASTER'],
  ["Socket timeout. Expecting data, but didn't receive any in 15000ms.", 'ETIMEDOUT'],
  ['timeout', 'ETIMEDOUT'],
  ['something new', 'Error'],
])('the error “%s” has the code %s', (message, code) => {
  expect(codeOfRedis(new Error(message))).toBe(code);
});

test('a code says what to do', () => {
  expect(describeRefusal('Redis at 127.0.0.1:1', 'NO_NODE')).toEqual({
    what: 'Redis at 127.0.0.1:1 has no node that serves these keys (NO_NODE)',
    mend: 'see that every master of the cluster runs, or that a replica takes its place',
  });
});
