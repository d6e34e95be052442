import { expect, test } from 'vitest';
import { fingerprint } from '../../src/keys/fingerprint.ts';

test('a fingerprint is of source, key id and rule alone (a new id every scan: prowler 12541)', () => {
  // printf '["flexcharge-prod","key_abc123","stale-45"]' | sha256sum
  expect(fingerprint('flexcharge-prod', 'key_abc123', 'stale-45')).toBe(
    '26d64429c14e6e5a238faa3af177d7e4b8ade9b78b66dd56fcc0abb1c88c249e',
  );
});

test('fingerprints tell apart what glued texts would not', () => {
  expect(fingerprint('a', 'b","c', 'd')).not.toBe(fingerprint('a","b', 'c', 'd'));
  expect(fingerprint('ab', 'c', 'd')).not.toBe(fingerprint('a', 'bc', 'd'));
});
