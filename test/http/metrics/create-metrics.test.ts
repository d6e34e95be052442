import { expect, test } from 'vitest';
import { watchDeliveries } from '../../../src/alert/watch-deliveries.ts';
import { createMetrics } from '../../../src/http/metrics/create-metrics.ts';
import { createRegistry } from '../../../src/http/metrics/create-registry.ts';
import { metrics } from '../../../src/http/metrics/metrics.ts';
import { countWork, startAtZero } from '../../../src/http/metrics/note-work.ts';
import { planQueueSamples } from '../../../src/http/metrics/plan-queue-samples.ts';
import type { Sample } from '../../../src/http/metrics/plan-samples.ts';
import { someNames } from './some-figures.ts';

const registry = createRegistry();
startAtZero(registry, someNames);
const work = countWork(registry, someNames);

const queues = planQueueSamples([
  {
    queue: 'keysweep-audits',
    jobs: { waiting: 4, active: 1, delayed: 0, failed: 2 },
    waitMs: 2_500,
  },
]);

async function scrape(of: readonly Sample[] | 'nothing' = queues): Promise<string> {
  const read = async () => (of === 'nothing' ? undefined : of);
  const served = createMetrics(registry, [{ part: 'queue', read }]);
  const answer = await served.request('/metrics');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return answer.text();
}

test('answers in the text format of Prometheus, with the figures of the process', async () => {
  const text = await scrape();
  expect(text).toContain('# TYPE keysweep_queue_jobs gauge\n');
  expect(text).toContain('keysweep_queue_jobs{queue="keysweep-audits",state="waiting"} 4\n');
  expect(text).toContain('keysweep_queue_wait_seconds{queue="keysweep-audits"} 2.5\n');
  expect(text).toContain('keysweep_figures_up{part="queue"} 1\n');
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
});

test('leaves out what cannot be read, and says so', async () => {
  expect(await scrape()).toContain('keysweep_queue_jobs{');
  const text = await scrape('nothing');
  expect(text).toContain('keysweep_figures_up{part="queue"} 0\n');
  expect(text).not.toContain('keysweep_queue_jobs{');
});

test('scrapes at the same time cause one read', async () => {
  let reads = 0;
  const served = createMetrics(registry, [
    {
      part: 'queue',
      async read() {
        reads += 1;
        return queues;
      },
    },
  ]);
  const answers = await Promise.all([served.request('/metrics'), served.request('/metrics')]);
  const [one, other] = await Promise.all(answers.map((answer) => answer.text()));
  expect(one).toBe(other);
  expect(reads).toBe(1);
});

test('counts what the thread says of a source', async () => {
  const note = work.watch(1).sourceFigures;
  const requests = [
    { outcome: '2xx', ms: 20 },
    { outcome: '429', ms: 2_000 },
  ] as const;
  note('prod', { requests, waits: 3, waitedMs: 1_500, pauses: 1, paused: true });
  const text = await scrape();
  expect(text).toContain('keysweep_vendor_requests_total{source="prod",outcome="429"} 1\n');
  expect(text).toContain('keysweep_vendor_requests_total{source="prod",outcome="5xx"} 0\n');
  const bucket = 'keysweep_vendor_request_duration_seconds_bucket';
  expect(text).toContain(`${bucket}{le="0.025",source="prod"} 1\n`);
  expect(text).toContain(`${bucket}{le="2.5",source="prod"} 2\n`);
  expect(text).toContain('keysweep_rate_limit_waits_total{source="prod"} 3\n');
  expect(text).toContain('keysweep_rate_limit_wait_seconds_total{source="prod"} 1.5\n');
  expect(text).toContain('keysweep_source_paused{source="prod"} 1\n');
  note('prod', { requests: [], waits: 0, waitedMs: 0, pauses: 0, paused: false });
  expect(await scrape()).toContain('keysweep_source_paused{source="prod"} 0\n');
});

test('counts what several processes do together, and shows a source that one has paused', async () => {
  const figures = {
    requests: [{ outcome: '3xx', ms: 1 }],
    waits: 0,
    waitedMs: 0,
    pauses: 0,
  } as const;
  for (const process of [1, 2, 3]) {
    work.watch(process).sourceFigures('prod', { ...figures, paused: process > 1 });
  }
  const shown = 'keysweep_source_paused{source="prod"}';
  const text = await scrape();
  expect(text).toContain('keysweep_vendor_requests_total{source="prod",outcome="3xx"} 3\n');
  expect(text).toContain(`${shown} 1\n`);
  work.watch(2).sourceFigures('prod', { ...figures, paused: false });
  expect(await scrape()).toContain(`${shown} 1\n`);
  work.ended(3);
  expect(await scrape()).toContain(`${shown} 0\n`);
});

test('counts attempts to deliver by how they ended', async () => {
  const siem = {
    id: 'siem',
    format: 'json' as const,
    deliver: async () => ({ kind: 'passing' as const, detail: 'HTTP 500' }),
  };
  const noted = watchDeliveries(new Map([['siem', siem]]), work.watch(1).delivered);
  const alert = { id: 'a', type: 'test', body: '{}', attempt: 1 };
  await noted.get('siem')?.deliver(alert, new AbortController().signal);
  const text = await scrape();
  expect(text).toContain('keysweep_deliveries_total{channel="siem",outcome="passing"} 1\n');
  expect(text).toContain('keysweep_deliveries_total{channel="siem",outcome="delivered"} 0\n');
});

test('every metric follows the conventions of names', () => {
  for (const [name, { type }] of Object.entries(metrics)) {
    expect(name).toMatch(/^keysweep_[a-z_]+$/);
    expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
    expect(name).not.toMatch(/(_ms|_milliseconds|_minutes|_count|_sum|_bucket)(_|$)/);
  }
});
