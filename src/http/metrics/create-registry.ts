import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type MetricName, type MetricPart, metrics } from './metrics.ts';
import type { Sample } from './plan-samples.ts';

/** The metrics of this process, and how they are given their values. */
export interface MetricsRegistry {
  readonly contentType: string;
  /** Replaces all samples of a part; without samples, the part is left out. */
  show(part: MetricPart, samples: readonly Sample[]): void;
  /** Adds to a counter. */
  count(metric: MetricName, labels: readonly string[], by?: number): void;
  set(metric: MetricName, labels: readonly string[], value: number): void;
  /** Adds an observation to a histogram. */
  observe(metric: MetricName, labels: readonly string[], value: number): void;
  render(): Promise<string>;
}

/** Vendors answer within fractions of a second, or after the ten that a source's timeout has. */
const buckets = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

type Known = Counter | Gauge | Histogram;

/** A registry with all our metrics and the usual ones of the process. */
export function createRegistry(): MetricsRegistry {
  const registry = new Registry();
  const made = new Map<MetricName, Known>();
  for (const name of Object.keys(metrics) as MetricName[]) made.set(name, create(name, registry));
  collectDefaultMetrics({ register: registry });
  const find = (name: MetricName): Known => {
    const found = made.get(name);
    if (found === undefined) throw new Error(`no metric ${name}`);
    return found;
  };
  const add = (name: MetricName, labels: readonly string[], value: number) => {
    const metric = find(name);
    if (metric instanceof Histogram) metric.labels(...labels).observe(value);
    else metric.labels(...labels).inc(value);
  };
  return {
    contentType: registry.contentType,
    show(part, samples) {
      for (const [name, metric] of made) if (metrics[name].part === part) metric.reset();
      for (const { metric, labels, value } of samples) add(metric, labels, value);
    },
    count: (name, labels, by = 1) => add(name, labels, by),
    set(name, labels, value) {
      const metric = find(name);
      if (metric instanceof Gauge) metric.labels(...labels).set(value);
    },
    observe: add,
    render: () => registry.metrics(),
  };
}

function create(name: MetricName, registry: Registry): Known {
  const { type, help, labels } = metrics[name];
  const common = { name, help, labelNames: [...labels], registers: [registry] };
  if (type === 'histogram') return new Histogram({ ...common, buckets });
  return type === 'counter' ? new Counter(common) : new Gauge(common);
}
