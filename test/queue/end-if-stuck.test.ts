import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { endIfStuck } from '../../src/queue/end-if-stuck.ts';
import { currentProgress } from '../../src/timing/progress.ts';

const stuckMs = 60;

// The machine's own delays would count as silence of the job.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** How a job ended, once it has. */
function watch(job: Promise<unknown>): { end: unknown } {
  const seen: { end: unknown } = { end: 'none' };
  job.then(
    (value) => {
      seen.end = value;
    },
    (error: { code?: string }) => {
      seen.end = error.code;
    },
  );
  return seen;
}

test('ends a job that never ends, and aborts its signal', async () => {
  let given: AbortSignal | undefined;
  const job = endIfStuck((signal) => {
    given = signal;
    return new Promise(() => undefined);
  }, stuckMs);
  const seen = watch(job);
  await pass(stuckMs - 1);
  expect([seen.end, given?.aborted]).toEqual(['none', false]);
  await pass(stuckMs / 10);
  expect([seen.end, given?.aborted]).toEqual(['KEYSWEEP_JOB_STUCK', true]);
  await expect(job).rejects.toMatchObject({ retryable: true });
});

test('lets a job go on for as long as it shows progress', async () => {
  const seen = watch(
    endIfStuck(async () => {
      for (let sign = 0; sign < 20; sign += 1) {
        await wait(stuckMs - 1);
        currentProgress()?.note();
      }
      return 'done';
    }, stuckMs),
  );
  await pass(20 * stuckMs);
  expect(seen.end).toBe('done');
});

test('lets a job wait for as long as it declared, and no longer', async () => {
  const declare = (waitMs: number) =>
    watch(
      endIfStuck(async () => {
        currentProgress()?.note(2 * stuckMs);
        await wait(waitMs);
        return 'done';
      }, stuckMs),
    );
  const declared = declare(2 * stuckMs);
  const longer = declare(8 * stuckMs);
  await pass(2 * stuckMs);
  expect([declared.end, longer.end]).toEqual(['done', 'none']);
  await pass(2 * stuckMs);
  expect(longer.end).toBe('KEYSWEEP_JOB_STUCK');
});

test('passes on the end of the job', async () => {
  await expect(endIfStuck(async () => 7, stuckMs)).resolves.toBe(7);
  const failed = endIfStuck(() => Promise.reject(new Error('its own')), stuckMs);
  await expect(failed).rejects.toThrow('its own');
});
