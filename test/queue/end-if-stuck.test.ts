import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { endIfStuck } from '../../src/queue/end-if-stuck.ts';
import { currentProgress } from '../../src/timing/progress.ts';

const stuckMs = 60;

test('ends a job that never ends, and aborts its signal', async () => {
  let seen: AbortSignal | undefined;
  const job = endIfStuck((signal) => {
    seen = signal;
    return new Promise(() => undefined);
  }, stuckMs);
  await expect(job).rejects.toMatchObject({ code: 'KEYSWEEP_JOB_STUCK', retryable: true });
  expect(seen?.aborted).toBe(true);
});

test('lets a job go on for as long as it shows progress', async () => {
  const job = endIfStuck(async () => {
    for (let sign = 0; sign < 20; sign += 1) {
      await wait(stuckMs / 6);
      currentProgress()?.note();
    }
    return 'done';
  }, stuckMs);
  await expect(job).resolves.toBe('done');
});

test('lets a job wait for as long as it declared, and no longer', async () => {
  const declared = endIfStuck(async () => {
    currentProgress()?.note(6 * stuckMs);
    await wait(4 * stuckMs);
    return 'done';
  }, stuckMs);
  await expect(declared).resolves.toBe('done');
  const longer = endIfStuck(async () => {
    currentProgress()?.note(2 * stuckMs);
    await wait(8 * stuckMs);
  }, stuckMs);
  await expect(longer).rejects.toMatchObject({ code: 'KEYSWEEP_JOB_STUCK' });
});

test('passes on the end of the job', async () => {
  await expect(endIfStuck(async () => 7, stuckMs)).resolves.toBe(7);
  const failed = endIfStuck(() => Promise.reject(new Error('its own')), stuckMs);
  await expect(failed).rejects.toThrow('its own');
});
