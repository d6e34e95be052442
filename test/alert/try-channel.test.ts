import { expect, test } from 'vitest';
import type { AlertChannel } from '../../src/alert/channels/channel.ts';
import { tryChannel } from '../../src/alert/try-channel.ts';

/** A mail server that takes the message and never answers. */
const silent: AlertChannel = {
  id: 'mail',
  format: 'email',
  deliver: (_alert, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    }),
};
const tried = { channel: silent, type: 'email' } as const;
const at = new Date('2026-11-05T08:00:00Z');

test('a channel that does not answer in time has a problem: nobody knows whether the message arrived', async () => {
  expect(await tryChannel(tried, at, AbortSignal.timeout(1))).toMatchObject({
    channel: 'mail',
    problem: 'mail (email) gave no answer in time; the test message may or may not have arrived',
  });
});

test('a test that somebody stops rejects with the reason', async () => {
  const stop = new AbortController();
  const ended = tryChannel(tried, at, stop.signal);
  stop.abort(new Error('SIGINT'));
  await expect(ended).rejects.toThrow('SIGINT');
});
