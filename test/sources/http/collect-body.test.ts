import { expect, test } from 'vitest';
import { collectBody } from '../../../src/sources/http/collect-body.ts';
import { collectGarbage } from '../../collect-garbage.ts';
import { eventually } from '../../support/eventually.ts';

test.each([0, 1, 255, 256, 257, 1_000])('gives a body of %i pieces as it came', (count) => {
  const body = collectBody();
  const pieces = Array.from({ length: count }, (_, index) => Buffer.from(`${index},`));
  for (const piece of pieces) body.add(piece);
  expect(body.whole()).toEqual(Buffer.concat(pieces));
  expect(body.bytes()).toBe(Buffer.concat(pieces).length);
});

test('keeps little of what was read from the connection with each byte', async () => {
  const kept = () => {
    collectGarbage();
    return process.memoryUsage().arrayBuffers;
  };
  const body = collectBody();
  const before = kept();
  for (let one = 0; one < 2_000; one += 1) body.add(Buffer.alloc(65_536).subarray(0, 1));
  // V8 frees buffers in a thread of its own, which may come late on a busy machine.
  await eventually('half of it is freed', () => kept() - before < 1_000 * 65_536);
  expect(body.bytes()).toBe(2_000);
});
