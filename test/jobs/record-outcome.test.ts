import { expect, test } from 'vitest';
import { recordOutcome } from '../../jobs/record-outcome.ts';
import type { BatchOutcome, ClaimedBatch } from '../../src/record/store/claimed-batch.ts';
import { LeaseLost } from '../../src/record/store/errors.ts';
import { startDatabaseClock } from '../../src/timing/database-clock.ts';
import { eventually } from '../support/eventually.ts';

const outcome: BatchOutcome = { judged: [], unanswered: [], sourceRefused: false, retryInMs: 0 };
const recorded = { pending: 0, last: true };
const readOnly = () => Object.assign(new Error('read-only'), { code: '25006' });

/** Records a batch in a database that fails so until it is mended. */
function record(failure: Error, leftMs = 60_000) {
  let broken = true;
  const lines: object[] = [];
  const unrecorded = new Set<string>();
  const stop = new AbortController();
  const seen = { tries: 0 };
  const database = {
    async transact() {
      seen.tries += 1;
      if (broken) throw failure;
      return recorded;
    },
  };
  const log = { warn: (fields: object) => void lines.push(fields) };
  const work = {
    ...{ sweepId: 'the sweep', batch: 7, clock: startDatabaseClock(new Date()) },
    deadlineAt: new Date(Date.now() + leftMs),
  };
  const context = { database, log, unrecorded, stopping: stop.signal };
  const ended = recordOutcome(work as ClaimedBatch, outcome, context as never);
  ended.catch(() => undefined);
  const mend = () => {
    broken = false;
  };
  return { ended, seen, lines, unrecorded, mend, stop };
}

test('answers that the database does not take are kept until it takes them, and said once', async () => {
  const { ended, seen, lines, unrecorded, mend } = record(readOnly());
  await eventually('it was tried again and again', () => seen.tries === 3);
  expect([...unrecorded]).toEqual(['batch 7 of the sweep']);
  mend();
  expect(await ended).toEqual(recorded);
  expect(lines).toEqual([{ sweepId: 'the sweep', batch: 7, code: '25006' }]);
  expect(unrecorded.size).toBe(0);
});

test('a stop does not wait for the database', async () => {
  const { ended, stop, seen } = record(readOnly());
  await eventually('it was tried', () => seen.tries === 1);
  stop.abort();
  await expect(ended).rejects.toMatchObject({ code: '25006' });
});

test.each([
  ['when another worker has taken the batch', new LeaseLost('the sweep', 7), 60_000],
  ['after the deadline of the sweep', readOnly(), -1],
])('nothing is tried again %s', async (_, failure, leftMs) => {
  const { ended, seen, unrecorded } = record(failure, leftMs);
  await expect(ended).rejects.toBe(failure);
  expect({ tries: seen.tries, unrecorded: unrecorded.size }).toEqual({ tries: 1, unrecorded: 0 });
});
