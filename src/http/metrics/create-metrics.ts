import { Hono } from 'hono';
import type { MetricsRegistry } from './create-registry.ts';
import type { MetricPart } from './metrics.ts';
import type { Sample } from './plan-samples.ts';

/** A part that is read for a scrape; its samples are undefined if it cannot be read in time. */
export interface ReadPart {
  readonly part: MetricPart;
  read(): Promise<readonly Sample[] | undefined>;
}

/**
 * `/metrics` in the text format of Prometheus, open to all. Scrapes at the same time get the same
 * answer. What cannot be read is left out, and `keysweep_figures_up` says so.
 */
export function createMetrics(registry: MetricsRegistry, parts: readonly ReadPart[]): Hono {
  let running: Promise<string> | undefined;
  const scrape = async (): Promise<string> => {
    const read = await Promise.all(parts.map((part) => part.read()));
    for (const [index, { part }] of parts.entries()) {
      const samples = read[index];
      registry.show(part, samples ?? []);
      registry.set('keysweep_figures_up', [part], samples === undefined ? 0 : 1);
    }
    return registry.render();
  };
  return new Hono().get('/metrics', async (context) => {
    running ??= scrape().finally(() => {
      running = undefined;
    });
    return context.body(await running, 200, { 'content-type': registry.contentType });
  });
}
