import { describe, expect, test } from 'vitest';
import { planBar } from '../../../src/cli/sweep/plan-bar.ts';
import { renderWaits } from '../../../src/cli/sweep/render-waits.ts';
import type { AskedAgain, AwaySource } from '../../../src/record/sweeps/read-waits.ts';

const failing: AskedAgain = {
  keys: 1,
  inMs: 8_000,
  keyId: 'key_always_fails',
  reason: 'vendor-error',
  detail: 'HTTP 500',
};
const fx: AwaySource = {
  source: 'fx',
  until: '2026-11-24T03:12:30.000Z',
  inMs: 7_200_000,
  pastDeadline: false,
  probeInMs: 480_000,
};

const again = (difference: Partial<AskedAgain>) =>
  renderWaits({ away: [], askedAgain: { ...failing, ...difference } });
const away = (difference: Partial<AwaySource>) =>
  renderWaits({ away: [{ ...fx, ...difference }], askedAgain: failing });

test('nothing to wait for says nothing', () => {
  expect(renderWaits({ away: [], askedAgain: null })).toBeUndefined();
});

describe('keys that are asked again', () => {
  test.each<[string, Partial<AskedAgain>]>([
    ['1 key is asked again in 8 s: key_always_fails, HTTP 500', {}],
    ['3 keys are asked again, the next in 8 s: key_always_fails, HTTP 500', { keys: 3 }],
    ['1 key is asked again in 119 s: key_always_fails, HTTP 500', { inMs: 119_400 }],
    ['1 key is asked again in 2 min: key_always_fails, HTTP 500', { inMs: 120_000 }],
    ['1 key is asked again in 1 s: key_always_fails, HTTP 500', { inMs: 500 }],
    ['1 key is asked again now: key_always_fails, HTTP 500', { inMs: 499 }],
    ['1 key is asked again now: key_always_fails, HTTP 500', { inMs: -9_000 }],
    [
      '1 key is asked again in 8 s: key_always_fails, unreachable (ECONNREFUSED)',
      { reason: 'unreachable', detail: 'ECONNREFUSED' },
    ],
    ['1 key is asked again in 8 s: a\\u{1b}[2J, HTTP 500', { keyId: 'a\u001b[2J' }],
  ])('%s', (said, difference) => {
    expect(again(difference)?.[0]).toBe(said);
  });
});

describe('a source that is away', () => {
  test.each<[string, Partial<AwaySource>]>([
    ['source fx asked us to stay away until 03:12Z (in 2 h); next try in 8 min', {}],
    [
      'source fx asked us to stay away until 03:12Z (in 24 h); next try in 8 min',
      { inMs: 86_399_000 },
    ],
    [
      'source fx asked us to stay away until 2026-11-24 03:12Z (in 24 h); next try in 8 min',
      { inMs: 86_400_000 },
    ],
    [
      'source fx asked us to stay away past the deadline of this sweep, 03:12Z (in 2 h); next try in 8 min',
      { pastDeadline: true },
    ],
  ])('%s', (said, difference) => {
    expect(away(difference)?.[0]).toBe(said);
  });

  test('several are one line, with the one that is tried next', () => {
    const gl = { ...fx, source: 'gl', probeInMs: 60_000 };
    expect(renderWaits({ away: [fx, gl], askedAgain: null })?.[0]).toBe(
      'source gl asked us to stay away until 03:12Z (in 2 h); so did 1 other source; next try in 60 s',
    );
  });
});

describe('a terminal of 40 columns', () => {
  const shown = (words: ReturnType<typeof again>) =>
    planBar({ done: 11, total: 12 }, words ?? [''], 40).words;

  test.each<[string, Partial<AskedAgain>]>([
    ['1 key again in 8 s: HTTP 500', {}],
    ['1 key again in 8 s: key_7, HTTP 500', { keyId: 'key_7' }],
    ['3000 keys again in 90 min: HTTP 500', { keys: 3_000, inMs: 5_400_000 }],
    [
      '1 key again in 8 s: unreachable',
      { reason: 'unreachable', detail: 'DEPTH_ZERO_SELF_SIGNED' },
    ],
    ['200000 keys again in 119 s', { keys: 200_000, inMs: 119_000, reason: 'invalid-response' }],
  ])('says of keys: %s', (said, difference) => {
    const detail = said.includes('200000') ? 'HTTP 200 with a body over 1 MB' : failing.detail;
    expect(shown(again({ detail, ...difference }))).toBe(said);
  });

  test.each<[string, Partial<AwaySource>]>([
    ['fx is away; next try in 8 min', {}],
    ['f is away until 03:12Z; next try in 8 s', { source: 'f', probeInMs: 8_000 }],
    ['next try in 8 min', { source: 'flexcharge-production-eu-west' }],
  ])('says of sources: %s', (said, difference) => {
    expect(shown(away(difference))).toBe(said);
  });
});
