import { EventEmitter, once } from 'node:events';
import { expect, test } from 'vitest';
import { streamText } from '../../../src/http/api/stream-text.ts';

test('whoever leaves before the next piece is made is no failure', async () => {
  const steps = new EventEmitter();
  const wanted = once(steps, 'wanted');
  let isClosed = false;
  async function* pieces() {
    try {
      yield 'first';
      steps.emit('wanted');
      await once(steps, 'made');
      yield 'second';
    } finally {
      isClosed = true;
    }
  }
  const failures: unknown[] = [];
  const { body } = await streamText(pieces(), { cut: (error) => failures.push(error) });
  const reader = body?.getReader();
  await reader?.read();
  await wanted;
  const left = reader?.cancel();
  steps.emit('made');
  await left;
  expect([isClosed, failures]).toEqual([true, []]);
});
