import {
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { createTelemetry } from './create-telemetry.ts';
import type { SpanFacts, Tracing } from './tracing.ts';
import { typeOfError } from './type-of-error.ts';

/** Tracing by the SDK that is registered. */
export function createTracing(): Tracing {
  const tracer = trace.getTracer('keysweep');
  return {
    span: (name, facts, work) =>
      tracer.startActiveSpan(name, { attributes: toAttributes(facts) }, (span) =>
        runIn(span, work),
      ),
    traceId() {
      const span = trace.getActiveSpan();
      // Sockets and timers outlive the span that they were made in.
      return span?.isRecording() === true ? span.spanContext().traceId : undefined;
    },
    carry() {
      const carrier: Record<string, string> = {};
      propagation.inject(context.active(), carrier);
      return carrier;
    },
    continued(carrier, work) {
      const outer =
        carrier === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, carrier);
      return context.with(outer, work);
    },
    telemetry: createTelemetry(tracer),
  };
}

async function runIn<T>(
  span: Span,
  work: (note: (facts: SpanFacts) => void) => Promise<T>,
): Promise<T> {
  try {
    return await work((facts) => span.setAttributes(toAttributes(facts)));
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.setAttribute('error.type', typeOfError(error));
    throw error;
  } finally {
    span.end();
  }
}

function toAttributes(facts: SpanFacts): SpanFacts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [`keysweep.${name}`, fact]),
  );
}
