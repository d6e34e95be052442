import { expect, test } from 'vitest';
import { throttleByCode } from '../../src/timing/throttle-by-code.ts';

test('says each code once, however often it comes', () => {
  const said: string[] = [];
  const say = throttleByCode((code) => said.push(code));
  for (let at = 0; at < 100; at += 1) {
    say('ECONNREFUSED');
    say('ETIMEDOUT');
  }
  expect(said).toEqual(['ECONNREFUSED', 'ETIMEDOUT']);
});
