import type { Scenario } from './scenario.ts';
import { tenMillion } from './scenario.ts';

/** A sweep that was measured, and the scenario that imitates it. */
export interface MeasuredPoint {
  readonly name: string;
  readonly keysPerSecond: number;
  readonly source: string;
  readonly scenario: Scenario;
}

const keys = 20_000;

/** One worker, servers and vendor on one machine with two cores, 20 requests under way. */
const oneMachine = (latencyMs: number): Scenario => ({
  ...tenMillion,
  sources: [{ keys, perSecond: Number.POSITIVE_INFINITY, latencyMs }],
  workers: 1,
  concurrency: 20,
  databaseCores: 2,
  sharedCores: 2,
  roundTripMs: 0.05,
});

/** `engine` and `after20` are keys a second, as `npm run bench -- engine` prints them. */
export const measuredPoints = (engine: number, after20: number): readonly MeasuredPoint[] => [
  {
    name: 'vendor answers at once',
    keysPerSecond: engine,
    source: '`engine`: 20,000 keys, 20 in flight',
    scenario: oneMachine(0),
  },
  {
    name: 'vendor answers after 20 ms',
    keysPerSecond: after20,
    source: '`latency`: 20,000 keys, 20 in flight, 20 ms',
    scenario: oneMachine(20),
  },
];

/** In keys a second: 20,000 keys in 4.6 and in 22.9 s (docs/operations.md). */
export const lastMeasured = { engine: 4_350, after20: 873 };
