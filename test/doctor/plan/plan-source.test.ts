import { expect, test } from 'vitest';
import { planSource } from '../../../src/doctor/plan/plan-source.ts';
import type { UnknownReason } from '../../../src/keys/observation.ts';

const at = new Date('2026-11-27T12:00:00Z');

test('is content with a key and with the word that there is none', () => {
  const judge = (kind: 'present' | 'missing') => {
    const observation = { kind, at, details: {} } as never;
    return planSource('fx', 'key_1', { kind: 'observed', observation, refusesAll: false });
  };
  expect(judge('present')).toMatchObject({ status: 'ok', seen: 'signed in and read key key_1' });
  expect(judge('missing')).toMatchObject({ status: 'ok', mend: null });
});

test.each<[UnknownReason, string, RegExp]>([
  ['unauthorized', 'failure', /credentials/],
  ['forbidden', 'failure', /right to read/],
  ['unreachable', 'failure', /DNS and the firewall/],
  ['timeout', 'failure', /DNS and the firewall/],
  ['vendor-error', 'failure', /baseUrl/],
  ['invalid-response', 'failure', /baseUrl/],
  ['rate-limited', 'warning', /rateLimit/],
])('says how to mend %s, a %s, whether it may pass or not', (reason, status, mend) => {
  const expected = {
    check: 'fx',
    status,
    seen: `${reason}: HTTP 418`,
    mend: expect.stringMatching(mend),
  };
  const unknown = { kind: 'unknown', at, reason, detail: 'HTTP 418' } as const;
  const observed = { kind: 'observed', observation: unknown, refusesAll: false } as const;
  const passing = { kind: 'unanswered', reason, detail: 'HTTP 418', counts: true } as const;
  expect(planSource('fx', 'k', observed)).toEqual(expected);
  expect(planSource('fx', 'k', passing)).toEqual(expected);
});
