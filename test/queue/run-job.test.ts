import type { Job } from 'bullmq';
import pino from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { AnyJob, JobRun, QueueName } from '../../src/queue/define-job.ts';
import { createJobRunner } from '../../src/queue/run-job.ts';

const stuckMs = 45_000;

// The machine's own delays would count as silence of the job.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A job of this queue that never ends and shows no progress, and how it ended all the same. */
function runSilentJob(queue: QueueName) {
  const seen: { renewed: number; end: unknown; signal?: AbortSignal } = { renewed: 0, end: 'none' };
  const silent: AnyJob<object> = {
    ...{ name: 'silent', queue, payload: z.strictObject({}), attempts: 1 },
    run(_payload: never, { signal, lease }: JobRun) {
      seen.signal = signal;
      lease.onRenewed(async () => {
        seen.renewed += 1;
      });
      return new Promise(() => undefined);
    },
  };
  const lines: { msg: string; code: string }[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const timings = { lockMs: 30_000, stuckMs };
  const setup = { jobs: [silent], context: {}, log, timings };
  const runner = createJobRunner(queue, setup, new AbortController().signal);
  const job = { id: '7', name: 'silent', data: {}, timestamp: 0 } as Job;
  runner.process(job).catch((error: { code?: string }) => {
    seen.end = error.code;
  });
  const pass = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms);
    runner.renew(['7']);
  };
  return { seen, lines, pass, running: () => runner.counts().running };
}

test('a job without progress loses its lease, is aborted, and goes back to the queue', async () => {
  const { seen, lines, pass, running } = runSilentJob('audits');
  await pass(stuckMs - 1);
  expect(seen).toMatchObject({ renewed: 1, end: 'none', signal: { aborted: false } });
  await pass(stuckMs / 10);
  expect(seen).toMatchObject({ end: 'KEYSWEEP_JOB_STUCK', signal: { aborted: true } });
  expect(running()).toBe(0);
  await pass(stuckMs);
  expect(seen.renewed).toBe(1);
  expect(lines).toMatchObject([{ msg: 'a job was stuck', code: 'KEYSWEEP_JOB_STUCK' }]);
});

test('a delivery is not aborted: each of its steps ends by itself, and it might be repeated', async () => {
  const { seen, pass } = runSilentJob('alerts');
  await pass(10 * stuckMs);
  expect(seen).toMatchObject({ renewed: 1, end: 'none', signal: { aborted: false } });
});
