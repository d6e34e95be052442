import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { WrittenSpan } from './trace-to-file.ts';
import { tracingSdk } from './tracing-sdk.ts';
import { createWorld, staleKey, webhookSecret } from './world.ts';

/** Node says on stderr which modules it loads: packages of OpenTelemetry, and our own tracing. */
const saysModules = { NODE_DEBUG: 'module,esm' };

function loadedFor(stderr: string): readonly string[] {
  return [...new Set(stderr.match(/@opentelemetry\/[a-z-]+|\bcreate-tracing\b/g))].sort();
}

test('without an SDK, no command loads anything for tracing', async () => {
  const world = await createWorld();
  onTestFinished(() => world.close());
  const { stderr } = await world.run(['sweep', '--quiet'], saysModules);
  expect(stderr).toContain('bullmq');
  expect(loadedFor(stderr)).toEqual([]);

  const running = world.launch(['start'], saysModules);
  await running.says('keysweep is ready');
  const { stderr: served } = await running.end('SIGTERM');
  // prom-client, which makes /metrics, has the API; it does nothing by itself.
  expect(loadedFor(served)).toEqual(['@opentelemetry/api']);

  const env = { NODE_OPTIONS: `--import=${tracingSdk}`, TRACE_FILE: join(world.folder, 'spans') };
  const traced = await world.run(['sweep', '--quiet'], { ...saysModules, ...env });
  expect(loadedFor(traced.stderr)).toEqual(
    expect.arrayContaining(['@opentelemetry/api', '@opentelemetry/sdk-trace', 'create-tracing']),
  );
});

test('with an SDK loaded before it, a sweep is one trace from its request to the deliveries', {
  tags: ['all'],
}, async () => {
  const world = await createWorld();
  onTestFinished(() => world.close());
  const channel = { type: 'webhook', secret: webhookSecret };
  // The vendor takes no alerts: its refusal is logged.
  const channels = [world.receiver.origin, world.sandbox.url].map((url, n) => {
    return { ...channel, id: `channel-${n}`, url };
  });
  await world.write({ config: { alerts: { channels, allowPrivateNetworks: true } } });
  const file = join(world.folder, 'spans');
  const env = { NODE_OPTIONS: `--import=${tracingSdk}`, TRACE_FILE: file };
  const { code, stderr } = await world.run(['sweep', '--quiet'], env);
  expect(code).toBe(1);

  const text = await readFile(file, 'utf8');
  const spans: WrittenSpan[] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const named = (name: string) => spans.filter((span) => span.name === name);
  const [batch] = named('keysweep.batch');
  const own = spans.filter((span) => span.trace === batch?.trace);
  expect([...new Set(own.map(({ name }) => name))].sort()).toEqual(
    [
      ...['addBulk keysweep-sweeps', 'process keysweep-sweeps', 'keysweep.closing'],
      ...['addBulk keysweep-audits', 'process keysweep-audits', 'keysweep.batch'],
      ...['addBulk keysweep-alerts', 'process keysweep-alerts', 'keysweep.delivery'],
      ...['keysweep.source', 'request'],
    ].sort(),
  );
  const parentOf = (name: string) => spans.find(({ id }) => id === named(name)[0]?.parent)?.name;
  expect(parentOf('request')).toBe('keysweep.source');
  expect(parentOf('keysweep.source')).toBe('keysweep.batch');
  expect(parentOf('keysweep.batch')).toBe('process keysweep-audits');
  expect(batch?.facts).toMatchObject({ 'keysweep.source': 'vendor', 'keysweep.keys': 2 });

  const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
  const refused = lines.map((line) => JSON.parse(line)).filter(({ alert }) => alert !== undefined);
  expect(refused).not.toEqual([]);
  for (const { traceId } of refused) expect(traceId).toBe(batch?.trace);

  for (const secret of [webhookSecret, 'demo-app-secret', staleKey.id, world.receiver.origin]) {
    expect(text).not.toContain(secret);
  }
});
