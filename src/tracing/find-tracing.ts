import { type Tracing, untraced } from './tracing.ts';

/** Where every copy of OpenTelemetry's API, in its version 1, keeps what an SDK has registered. */
const registry = Symbol.for('opentelemetry.js.api.1');

/**
 * Tracing, if an SDK was loaded before keysweep (`node --import`, `--require`). Else keysweep
 * loads nothing of OpenTelemetry.
 */
export async function findTracing(): Promise<Tracing> {
  const registered = (globalThis as { readonly [registry]?: { readonly trace?: unknown } })[
    registry
  ];
  if (registered?.trace === undefined) return untraced;
  const { createTracing } = await import('./create-tracing.ts');
  return createTracing();
}
