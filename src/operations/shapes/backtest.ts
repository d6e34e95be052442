import { z } from 'zod';
import { brokenFields } from './findings.ts';
import { nameShape } from './named-shape.ts';
import { sweepShape, unknownFields } from './report.ts';
import { policyName } from './sweeps.ts';
import { count, coverage, instant, severity, texts, verdictCounts } from './words.ts';

const state = z.enum(['open', 'waived', 'unknown', 'passed', 'absent']);
const totals = z.object({ coverage, verdicts: verdictCounts });
const changes = z.object({ opens: count, resolves: count, waived: count, unknown: count });
const counts = z.object({ open: count, waived: count, unknown: count });

/** Which key, how its state would move, and the first sweep in which it would. */
const moved = {
  source: z.string(),
  keyId: z.string(),
  was: state,
  would: state,
  sweep: z.uuid(),
  asOf: instant,
};

const violations = z.array(
  z.object({
    ...moved,
    ...brokenFields,
    keyName: z.string().optional(),
    owner: z.string().nullable(),
    controls: texts,
  }),
);

export const backtestShape = nameShape(
  'Backtest',
  z.object({
    schema: z.literal('keysweep.backtest/1'),
    policy: policyName,
    changes,
    opensBySeverity: z.record(severity, count),
    sweeps: z.array(z.object({ sweep: sweepShape, was: totals, would: totals, changes })),
    rules: z.array(
      z.object({
        rule: z.string(),
        severity: z.object({ was: severity.nullable(), would: severity.nullable() }),
        was: counts,
        would: counts,
      }),
    ),
    opens: violations,
    resolves: violations,
    waived: violations,
    unknown: z.array(z.object({ ...moved, ...unknownFields })),
  }),
);
