import { describe, expect, test } from 'vitest';
import type { Severity } from '../../src/evaluate/policy/policy.ts';
import { exitCode, worstSeverity } from '../../src/report/exit-code.ts';
import { aViolation, stream } from './world.ts';

const whole = { tracked: 2, audited: 2, unknown: 0, partial: 0 };

describe('the exit code', () => {
  test('is 0 when all is judged and nothing is open', () => {
    expect(exitCode({ coverage: whole, worst: null, failOn: 'low' })).toBe(0);
  });

  test.each<[Severity, Severity, number]>([
    ['low', 'low', 1],
    ['info', 'low', 0],
    ['high', 'critical', 0],
    ['critical', 'critical', 1],
    ['info', 'info', 1],
  ])('with a %s violation and --fail-on %s is %i', (worst, failOn, code) => {
    expect(exitCode({ coverage: whole, worst, failOn })).toBe(code);
  });

  test('is 3 when a key is unknown, or one rule of one key (errors and exit 0: prowler #7597)', () => {
    const unknown = { ...whole, audited: 1, unknown: 1 };
    expect(exitCode({ coverage: unknown, worst: null, failOn: 'low' })).toBe(3);
    expect(exitCode({ coverage: { ...whole, partial: 1 }, worst: null, failOn: 'low' })).toBe(3);
    expect(exitCode({ coverage: { ...whole, partial: 1 }, worst: 'info', failOn: 'low' })).toBe(3);
  });

  test('is 1 rather than 3 when both are so', () => {
    const coverage = { ...whole, unknown: 1, partial: 1 };
    expect(exitCode({ coverage, worst: 'low', failOn: 'low' })).toBe(1);
  });
});

describe('the worst severity', () => {
  test('is that of the first open violation, for the gravest come first', async () => {
    const rows = (['critical', 'medium', 'low'] as const).map((severity) =>
      aViolation({ severity }),
    );
    expect(await worstSeverity(stream(rows))).toBe('critical');
  });

  test('leaves waived violations out', async () => {
    const waived = aViolation({ severity: 'critical', status: 'waived', waiver: 'W-1' });
    expect(await worstSeverity(stream([waived, aViolation({ severity: 'info' })]))).toBe('info');
    expect(await worstSeverity(stream([waived]))).toBeNull();
  });
});
