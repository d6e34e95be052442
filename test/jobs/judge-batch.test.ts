import { expect, test } from 'vitest';
import type { JobContext } from '../../jobs/context.ts';
import { judgeBatch } from '../../jobs/judge-batch.ts';
import { noHistory } from '../../src/evaluate/history/history.ts';
import { newKey } from '../../src/evaluate/history/key-state.ts';
import { createPolicyCache } from '../../src/evaluate/policy/policy-cache.ts';
import type { ClaimedBatch } from '../../src/record/store/claimed-batch.ts';
import { startDatabaseClock } from '../../src/timing/database-clock.ts';

const key = { owner: null, environment: null, approvedScopes: null, tags: [] };
const refused: Partial<ClaimedBatch> = {
  source: 'vendor',
  schedule: null,
  asOf: new Date(),
  policy: { version: '1', rules: [], waivers: [] },
  sourceRefused: true,
  clock: startDatabaseClock(new Date()),
  keys: [1, 2].map((row) => ({
    ...{
      row,
      entry: row,
      entryHash: Buffer.alloc(32),
      attempts: 0,
      memory: newKey().memory,
      history: noHistory,
    },
    key: { source: 'vendor', keyId: `key_${row}`, ...key },
  })),
};

test('a source that refused its credentials in this sweep is not asked by other workers', async () => {
  const asked: unknown[] = [];
  const context = {
    sources: {
      config: () => ({ usageLagMs: 0, attempts: 5, timeoutMs: 1_000 }),
      observe: (batch: unknown) => asked.push(batch),
    },
    policies: createPolicyCache(),
    config: { schedules: [] },
  } as unknown as JobContext & { signal: AbortSignal };
  const { judged, unanswered } = await judgeBatch(refused as ClaimedBatch, context, false);
  expect({ asked, unanswered }).toEqual({ asked: [], unanswered: [] });
  const observation = { kind: 'unknown', reason: 'unauthorized' };
  expect(judged).toMatchObject([{ observation }, { observation }]);
});
