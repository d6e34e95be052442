import { expect, test } from 'vitest';
import { createHoldOff } from '../../../src/http/guard/hold-off.ts';

function world() {
  const clock = { ms: 5_000 };
  const holdOff = createHoldOff(() => clock.ms);
  const err = (address: string, times: number) => {
    for (let time = 0; time < times; time += 1) holdOff.noteWrong(address);
  };
  return { clock, holdOff, err };
}

test('the twentieth wrong token within a minute holds an address off until the minute ends', () => {
  const { clock, holdOff, err } = world();
  err('10.0.0.1', 1);
  clock.ms += 10_000;
  err('10.0.0.1', 18);
  expect(holdOff.secondsLeft('10.0.0.1')).toBe(0);
  err('10.0.0.1', 1);
  expect(holdOff.secondsLeft('10.0.0.1')).toBe(50);
  expect(holdOff.secondsLeft('10.0.0.2')).toBe(0);
  clock.ms += 49_999;
  expect(holdOff.secondsLeft('10.0.0.1')).toBe(1);
  clock.ms += 1;
  expect(holdOff.secondsLeft('10.0.0.1')).toBe(0);
  err('10.0.0.1', 19);
  expect(holdOff.secondsLeft('10.0.0.1')).toBe(0);
});

test('all addresses of one IPv6 network of 64 bits count as one', () => {
  const { holdOff, err } = world();
  err('2001:db8::1', 10);
  err('2001:db8:0:0:ffff::2', 10);
  expect(holdOff.secondsLeft('2001:db8::3')).toBeGreaterThan(0);
  expect(holdOff.secondsLeft('2001:db8:0:1::3')).toBe(0);
  err('::1', 20);
  expect(holdOff.secondsLeft('::1')).toBeGreaterThan(0);
  expect(holdOff.secondsLeft('127.0.0.1')).toBe(0);
});

test('of more than 10,000 addresses, the newest are known', () => {
  const { holdOff, err } = world();
  err('first', 20);
  err('second', 20);
  for (let other = 0; other < 9_998; other += 1) err(`other ${other}`, 1);
  expect(holdOff.secondsLeft('first')).toBeGreaterThan(0);
  err('one more', 1);
  expect(holdOff.secondsLeft('first')).toBe(0);
  expect(holdOff.secondsLeft('second')).toBeGreaterThan(0);
});
