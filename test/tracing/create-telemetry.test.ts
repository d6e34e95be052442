import { ROOT_CONTEXT, SpanStatusCode } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { SpanKind } from 'bullmq';
import { expect, test } from 'vitest';
import { createTelemetry } from '../../src/tracing/create-telemetry.ts';
import { findTracing } from '../../src/tracing/find-tracing.ts';
import { untraced } from '../../src/tracing/tracing.ts';

// Not registered: another suite of this worker would be traced too.
const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const { tracer, contextManager } = createTelemetry(provider.getTracer('test'));

test('without an SDK nothing is traced, and the work is done', async () => {
  expect(await findTracing()).toBe(untraced);
  expect(await untraced.span('keysweep.batch', {}, async () => 7)).toBe(7);
});

test('a job’s span has its ids and no result, reason or message', () => {
  exporter.reset();
  const span = tracer.startSpan('process keysweep-audits', { kind: SpanKind.CONSUMER });
  span.setAttributes({ 'bullmq.job.id': 'batch-1', 'bullmq.job.failed.reason': 'whsec_1' });
  span.addEvent('job failed', { 'bullmq.job.failed.reason': 'whsec_1' });
  span.recordException(Object.assign(new Error('whsec_1'), { code: 'KEYSWEEP_JOB_STUCK' }));
  span.end();
  const [written] = exporter.getFinishedSpans();
  expect(written?.attributes).toEqual({
    'bullmq.job.id': 'batch-1',
    'error.type': 'KEYSWEEP_JOB_STUCK',
  });
  expect(written?.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(JSON.stringify([written?.attributes, written?.events])).not.toContain('whsec_1');
});

test('what an idle worker does all day makes no spans', () => {
  exporter.reset();
  const span = tracer.startSpan('getNextJob keysweep-audits', { kind: SpanKind.INTERNAL });
  expect(span.setSpanOnContext(ROOT_CONTEXT)).toBe(ROOT_CONTEXT);
  span.end();
  expect(exporter.getFinishedSpans()).toEqual([]);
});

test.each([undefined, '', '{', '7', 'null', '{"traceparent":7}', '{"traceparent":"no"}'])(
  'a job whose trace another program wrote as %s is run all the same',
  (metadata) => {
    expect(contextManager.fromMetadata(ROOT_CONTEXT, metadata as string)).toBe(ROOT_CONTEXT);
  },
);
