import type { Found } from '../define-bench.ts';
import { rounded } from '../render-lines.ts';
import type { Capacity } from '../vendor/vendor-options.ts';
import { simulateWindow } from './simulate-window.ts';

const secondMs = 1_000;
const lengthMs = 600 * secondMs;
const halvedAtMs = lengthMs / 2;
/** The ceiling of `concurrency: auto`. */
const most = 100;
const usual = { places: 40, serviceMs: 50 };

const vendors: readonly { name: string; capacity: Capacity; workers: number }[] = [
  { name: 'any line', capacity: usual, workers: 1 },
  { name: 'any line, 10 workers', capacity: usual, workers: 10 },
  { name: '429 above a line of 10', capacity: { ...usual, longestLine: 10 }, workers: 1 },
  { name: '429 where nobody may wait', capacity: { ...usual, longestLine: 0 }, workers: 1 },
  {
    name: '429 above a line of 10, Retry-After 1',
    capacity: { ...usual, longestLine: 10, retryAfter: 1 },
    workers: 1,
  },
  { name: 'slow answers', capacity: { places: 40, serviceMs: 500 }, workers: 1 },
];

/** `concurrency: auto` for ten minutes, at a vendor whose capacity halves after five. */
export function reportAuto(seed: number): readonly Found[] {
  return vendors.flatMap(({ name, capacity, workers }) => {
    const plan = { capacity, workers, most, wayMs: 2, lengthMs, halvedAtMs, seed };
    const { part } = simulateWindow(plan);
    const half = capacity.places / 2;
    const figure = (when: string, from: number, to: number, places: number): Found => {
      const { use, medianMs, refused } = part(from, to, places);
      return {
        ...{ name: `auto, ${name}: use, ${when}`, unit: 'times', value: use },
        beside: `median ${rounded(medianMs)} ms, of which the vendor works ${capacity.serviceMs}; ${refused} times 429`,
      };
    };
    const second = (at: number) => at * secondMs;
    return [
      figure('first 10 s', 0, second(10), capacity.places),
      figure('minute 1', second(10), second(60), capacity.places),
      figure('minute 5', halvedAtMs - second(60), halvedAtMs, capacity.places),
      figure('10 s after the halving', halvedAtMs, halvedAtMs + second(10), half),
      figure('5 minutes after the halving', lengthMs - second(60), lengthMs, half),
    ];
  });
}
