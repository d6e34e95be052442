import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { collectBody } from '../../../src/sources/http/collect-body.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test.each([0, 1, 255, 256, 257, 1_000])('gives a body of %i pieces as it came', (count) => {
  const body = collectBody();
  const pieces = Array.from({ length: count }, (_, index) => Buffer.from(`${index},`));
  for (const piece of pieces) body.add(piece);
  expect(body.whole()).toEqual(Buffer.concat(pieces));
  expect(body.bytes()).toBe(Buffer.concat(pieces).length);
});

test('keeps little of what was read from the connection with each byte', () => {
  const body = collectBody();
  collectGarbage();
  const before = process.memoryUsage().arrayBuffers;
  for (let one = 0; one < 2_000; one += 1) body.add(Buffer.alloc(65_536).subarray(0, 1));
  collectGarbage();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000 * 65_536);
  expect(body.bytes()).toBe(2_000);
});
