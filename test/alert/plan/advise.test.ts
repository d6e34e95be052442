import { expect, test } from 'vitest';
import { advise } from '../../../src/alert/plan/advise.ts';
import { remedies } from '../../../src/evaluate/remedies.ts';
import { aFinding } from '../a-finding.ts';

const fingerprint = '0123456789abcdef'.repeat(4);
const of = (difference: Parameters<typeof aFinding>[0] = {}, publicUrl?: string) =>
  advise(aFinding({ fingerprint, ...difference }), publicUrl);

test('a state is mended and audited again', () => {
  expect(of()).toEqual({
    remedy: remedies.stale,
    command: 'keysweep audit key_1 --source flexcharge-prod',
    link: null,
  });
  const type = 'impossible-metadata';
  expect(of({ type, facts: { past: [], now: ['createdOn'] } }).command).toMatch(/audit/);
  expect(of({ type, facts: { past: ['type'], now: ['createdOn'] } }).command).toMatch(/audit/);
});

test('an event is acknowledged by its fingerprint', () => {
  const command = 'keysweep findings acknowledge 01234567 --by WHO --reason WHY';
  expect(of({ type: 'reawakened', facts: {} })).toMatchObject({
    command,
    remedy: remedies.reawakened,
  });
  const facts = { past: ['lastFour'], now: [] };
  expect(of({ type: 'impossible-metadata', facts }).command).toBe(command);
});

test.each(['resolved', 'waived'] as const)(
  'nothing is to be done about a finding that is %s',
  (status) => {
    expect(of({ status }, 'https://keysweep.example')).toEqual({
      remedy: null,
      command: null,
      link: null,
    });
  },
);

test.each([
  ['key_1', 'key_1'],
  ['pk.live/7:x', 'pk.live/7:x'],
  ['two words', "'two words'"],
  ['$(reboot)', "'$(reboot)'"],
  ['`reboot`', "'`reboot`'"],
  ['a;reboot', "'a;reboot'"],
  ['a&&b|c>d<e', "'a&&b|c>d<e'"],
])('%j is one word of the command', (keyId, word) => {
  expect(of({ keyId }).command).toBe(`keysweep audit ${word} --source flexcharge-prod`);
});

test.each(["it's", '-rf', 'a\nb', 'a!b', 'a\u202eb', 'a\\', 'x'.repeat(300)])(
  'there is no command for %j, which a shell might read otherwise',
  (keyId) => {
    expect(of({ keyId }).command).toBeNull();
  },
);

test('a link leads to the page of the key below the public URL, one address whatever its id', () => {
  const link = (keyId: string, publicUrl: string) => of({ keyId }, publicUrl).link;
  const page = 'https://keysweep.example/keys/flexcharge-prod';
  expect(link('key_1', 'https://keysweep.example')).toBe(`${page}/key_1`);
  expect(link('key_1', 'https://keysweep.example/')).toBe(`${page}/key_1`);
  expect(link('key_1', 'https://x.example/ks')).toBe(
    'https://x.example/ks/keys/flexcharge-prod/key_1',
  );
  expect(link('a/b?c#d|<e> "f"', 'https://keysweep.example')).toBe(
    `${page}/a%2Fb%3Fc%23d%7C%3Ce%3E%20%22f%22`,
  );
  expect(link("(x)'*!~\ud800", 'https://keysweep.example')).toMatch(/^[\w:/.%-]+$/);
  expect(link('é'.repeat(300), 'https://keysweep.example')).toBeNull();
});
