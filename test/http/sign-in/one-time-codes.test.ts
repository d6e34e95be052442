import { expect, test } from 'vitest';
import { createOneTimeCodes } from '../../../src/http/sign-in/one-time-codes.ts';

test('a code signs in once', () => {
  const codes = createOneTimeCodes();
  const [one, other] = [codes.make(), codes.make()];
  expect(codes.use(`${one}x`)).toBe(false);
  expect(codes.use(one)).toBe(true);
  expect(codes.use(one)).toBe(false);
  expect(codes.use(other)).toBe(true);
});

test('a code holds for less than 10 minutes', () => {
  let now = 5;
  const codes = createOneTimeCodes(() => now);
  const [one, other] = [codes.make(), codes.make()];
  now = 600_004;
  expect(codes.use(one)).toBe(true);
  now = 600_005;
  expect(codes.use(other)).toBe(false);
});
