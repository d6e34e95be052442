import {
  type Span as ApiSpan,
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Span, Telemetry } from 'bullmq';
import { typeOfError } from './type-of-error.ts';

/** The spans of BullMQ that say something of a sweep. An idle worker makes the others all day. */
const shownSpans = /^(add|addBulk|process) /;

/** What they may say. Results and reasons of failures stay out. */
const shownFacts = new Set([
  'bullmq.queue.name',
  'bullmq.queue.operation',
  'bullmq.job.bulk.count',
  'bullmq.job.name',
  'bullmq.job.id',
  'bullmq.job.attempts.made',
]);

/** BullMQ's side of tracing: a job continues the trace in which it was queued. */
export function createTelemetry(tracer: Tracer): Telemetry<Context> {
  return {
    tracer: {
      startSpan(name, options, parent = context.active()) {
        if (!shownSpans.test(name)) return silent;
        return toBullSpan(tracer.startSpan(name, options, parent));
      },
    },
    contextManager: {
      with: (active, work) => context.with(active, work),
      active: () => context.active(),
      root: () => ROOT_CONTEXT,
      getMetadata(active) {
        const carrier: Record<string, string> = {};
        propagation.inject(active, carrier);
        return JSON.stringify(carrier);
      },
      fromMetadata: (active, metadata) => propagation.extract(active, readCarrier(metadata)),
    },
  };
}

function toBullSpan(span: ApiSpan): Span<Context> {
  return {
    setSpanOnContext: (active) => trace.setSpan(active, span),
    setAttribute(name, value) {
      if (shownFacts.has(name)) span.setAttribute(name, value);
    },
    setAttributes(facts) {
      for (const [name, value] of Object.entries(facts)) {
        if (value !== undefined && shownFacts.has(name)) span.setAttribute(name, value);
      }
    },
    addEvent: (name) => void span.addEvent(name),
    recordException(error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute('error.type', typeOfError(error));
    },
    end: () => span.end(),
  };
}

const silent: Span<Context> = {
  setSpanOnContext: (active) => active,
  setAttribute: () => undefined,
  setAttributes: () => undefined,
  addEvent: () => undefined,
  recordException: () => undefined,
  end: () => undefined,
};

/** Other programs may queue jobs, so this may be anything. */
function readCarrier(metadata: unknown): Readonly<Record<string, string>> {
  try {
    const carrier: unknown = JSON.parse(String(metadata));
    if (typeof carrier !== 'object' || carrier === null) return {};
    const named = Object.entries(carrier).filter(([, value]) => typeof value === 'string');
    return Object.fromEntries(named);
  } catch {
    return {};
  }
}
