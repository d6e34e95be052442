import { z } from 'zod';
import { nameShape } from './named-shape.ts';
import { count, coverage, instant, simulated, unknownReason, verdictCounts } from './words.ts';

/** What a request to sweep or to audit is answered with: its id, to ask for its progress. */
export const requestedShape = nameShape('Requested', z.object({ request: z.uuid() }));

const away = z.object({
  source: z.string(),
  until: instant,
  inMs: z.number(),
  pastDeadline: z.boolean(),
  probeInMs: z.number(),
});

const askedAgain = z.object({
  keys: count,
  inMs: z.number(),
  keyId: z.string(),
  reason: z.string(),
  detail: z.string(),
});

export const progressShape = nameShape(
  'RequestProgress',
  z.object({
    refused: z.string().nullable(),
    sweepId: z.uuid().nullable(),
    tracked: count,
    judged: count,
    closed: z.boolean(),
    overdue: z.boolean(),
    pendingAlerts: count,
    waits: z.object({ away: z.array(away), askedAgain: askedAgain.nullable() }).nullable(),
  }),
);

export const pendingShape = nameShape(
  'PendingKeys',
  z.object({
    deadlineAt: instant,
    reasons: z.array(z.object({ reason: unknownReason.nullable(), keys: count })),
  }),
);

export const policyName = z.object({ version: z.string(), hash: z.string() });

/** The fields of a sweep, closed or not. */
export const sweepFields = {
  id: z.uuid(),
  trigger: z.enum(['schedule', 'request', 'catch-up']),
  schedule: z.string().nullable(),
  openedAt: instant,
  closedAt: instant.nullable(),
  scope: z.enum(['full', 'partial']),
  simulated,
};

export const listedSweepShape = nameShape(
  'ListedSweep',
  z.object({
    ...sweepFields,
    dueAt: instant.nullable(),
    status: z.enum(['open', 'complete', 'incomplete']),
    policy: policyName,
    stoppedAt: instant.nullable(),
    tracked: count,
    pending: count,
    coverage: coverage.nullable(),
    verdicts: verdictCounts.nullable(),
  }),
);

export const stoppedSweepShape = nameShape(
  'StoppedSweep',
  z.object({
    sweep: z.uuid(),
    status: z.enum(['complete', 'incomplete']),
    closedAt: instant,
    tracked: count,
    unknown: count,
    before: z.boolean(),
  }),
);
