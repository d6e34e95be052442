import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hearLibraries } from '../../src/app/hear-libraries.ts';

const { warn, error } = console;
const listeners = process.listeners('warning');
afterEach(() => {
  Object.assign(console, { warn, error });
  process.removeAllListeners('warning');
  for (const listener of listeners) process.on('warning', listener);
});

let lines: Record<string, unknown>[];
beforeEach(() => {
  lines = [];
  const sink = { write: (line: string) => void lines.push(JSON.parse(line)) };
  hearLibraries(pino({ base: null, timestamp: false }, sink));
});

const warned = (words: string) => ({ level: 40, words, msg: 'a library warns' });

test('each distinct warning through the console is one line', () => {
  for (let n = 0; n < 3; n += 1) {
    console.warn('IMPORTANT! Eviction policy is %s.', 'allkeys-lru');
    console.error('[ioredis] Unhandled error event:', 'ECONNREFUSED');
  }
  expect(lines).toEqual([
    warned('IMPORTANT! Eviction policy is allkeys-lru.'),
    warned('[ioredis] Unhandled error event: ECONNREFUSED'),
  ]);
});

test('a warning of the process is one line, and Node prints none beside it', async () => {
  for (let n = 0; n < 2; n += 1) process.emitWarning('SECURITY WARNING: sslmode=require');
  await new Promise((done) => setImmediate(done));
  expect(lines).toEqual([warned('SECURITY WARNING: sslmode=require')]);
  expect(process.listenerCount('warning')).toBe(1);
});
