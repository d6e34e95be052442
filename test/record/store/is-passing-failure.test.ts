import { expect, test } from 'vitest';
import { DatabaseSilent, LeaseLost } from '../../../src/record/store/errors.ts';
import { isPassingFailure } from '../../../src/record/store/is-passing-failure.ts';

const withCode = (code: string) => Object.assign(new Error('refused'), { code });

test.each([
  ...['53100', '53300', '25006', '57P01', '57P03', '57014', '08006', '40001', '40P01', '58030'],
  ...['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'],
])('%s may pass', (code) => {
  expect(isPassingFailure(withCode(code))).toBe(true);
});

test.each([
  new DatabaseSilent(),
  new Error('Connection terminated unexpectedly'),
  new Error('timeout exceeded when trying to connect'),
  new Error('no end within 120000 ms'),
])('“$message” may pass', (error) => {
  expect(isPassingFailure(error)).toBe(true);
});

test.each([
  new LeaseLost('sweep', 0),
  ...['22P05', '54000', '23505', '42P01', '25P02', '3D000'].map(withCode),
  new TypeError('undefined is not a function'),
  'no error',
  undefined,
])('%s does not', (error) => {
  expect(isPassingFailure(error)).toBe(false);
});
