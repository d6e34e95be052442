import { z } from 'zod';
import { duration } from '../evaluate/policy/duration.ts';

/** At most `requests` in `perMs` milliseconds. */
export interface RateLimit {
  readonly requests: number;
  readonly perMs: number;
}

export const rateLimit = z.strictObject({
  requests: z.int().min(1).max(100_000),
  per: atMost('1d', 86_400_000),
});

export function readRateLimit({ requests, per }: z.output<typeof rateLimit>): RateLimit {
  return { requests, perMs: per };
}

/** A duration for a timer of the process, which cannot run for longer than a few weeks. */
export function atMost(limit: string, limitMs: number) {
  return duration.refine((ms) => ms <= limitMs, `must be at most ${limit}`);
}
