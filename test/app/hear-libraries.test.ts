import { once } from 'node:events';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hearLibraries } from '../../src/app/hear-libraries.ts';

const { warn, error } = console;
const listeners = process.listeners('warning');
const lines: Record<string, unknown>[] = [];

beforeEach(() => {
  lines.length = 0;
  hearLibraries(pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) }));
});
afterEach(() => {
  Object.assign(console, { warn, error });
  process.removeAllListeners('warning');
  for (const listener of listeners) process.on('warning', listener);
});

test('what libraries write as text is one line of the log each, and once', async () => {
  for (let time = 0; time < 3; time += 1) {
    console.warn('IMPORTANT! Eviction policy is %s.', 'allkeys-lru');
    console.error(new Error('[ioredis] Unhandled error event').message);
  }
  const warned = once(process, 'warning');
  process.emitWarning('the SSL mode means something else', 'SecurityWarning');
  await warned;
  const words = [
    'IMPORTANT! Eviction policy is allkeys-lru.',
    '[ioredis] Unhandled error event',
    'the SSL mode means something else',
  ];
  expect(lines).toMatchObject(words.map((said) => ({ msg: 'a library warns', words: said })));
});

test('Node itself prints no warning beside the log', () => {
  expect(process.listenerCount('warning')).toBe(1);
});
