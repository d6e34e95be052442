// Loaded before keysweep, as a user's SDK is: registers a real SDK of OpenTelemetry, and writes each
// span that ends to the file TRACE_FILE, a line of JSON each. In the program's threads it makes a
// span for each request, as an instrumentation of node:http would.
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { trace } from '@opentelemetry/api';
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';

/** A span as the file has it. */
export interface WrittenSpan {
  readonly name: string;
  readonly trace: string;
  readonly id: string;
  readonly parent: string | undefined;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly events: readonly unknown[];
}

const file = process.env['TRACE_FILE'] ?? '';

const toFile = new SimpleSpanProcessor({
  export(spans, done) {
    for (const span of spans) {
      const { traceId, spanId } = span.spanContext();
      const written: WrittenSpan = {
        name: span.name,
        trace: traceId,
        id: spanId,
        parent: span.parentSpanContext?.spanId,
        facts: span.attributes,
        events: span.events.map(({ name, attributes }) => ({ name, attributes })),
      };
      appendFileSync(file, `${JSON.stringify(written)}\n`);
    }
    done({ code: 0 });
  },
  shutdown: async () => undefined,
});
new NodeTracerProvider({ spanProcessors: [toFile] }).register();

if (!isMainThread) {
  subscribe('http.client.request.start', () => trace.getTracer('test').startSpan('request').end());
}
