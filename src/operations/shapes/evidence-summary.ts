import { z } from 'zod';
import { summarySchema } from '../../evidence/summary/summary-json.ts';
import { nameShape } from './named-shape.ts';
import { count, instant, texts, verdictCounts } from './words.ts';

const leaf = count;
const text = z.string().optional();
const span = { from: instant, to: instant };

const least = z.object({ sweep: z.string(), leaf, audited: count, tracked: count }).optional();

const sweep = z.object({
  leaf,
  sweep: z.string(),
  scope: z.enum(['full', 'partial']),
  status: z.enum(['complete', 'incomplete']),
  /** Null: on request. */
  schedule: z.string().nullable(),
  at: instant,
  ...{ tracked: count, audited: count, partial: count },
  verdicts: verdictCounts,
});

const control = z.object({
  /** Null: rules that are for no control. */
  control: z.string().nullable(),
  rules: texts,
  checked: count,
  isCurrent: z.boolean(),
  least,
  opened: count,
  closed: count,
  standing: z.object({ open: count, waived: count }).optional(),
  longestDays: count.optional(),
});

const finding = z.object({
  ...{ finding: z.string(), source: z.string(), keyId: z.string(), rule: z.string() },
  severity: text,
  controls: texts,
  since: instant.optional(),
  openedLeaf: leaf.optional(),
  state: z.enum(['open', 'waived', 'closed']),
  closedAt: instant.optional(),
  closedLeaf: leaf.optional(),
  because: text,
  by: text,
  days: count.optional(),
});

const waiver = z.object({
  leaf,
  ...{ waiver: z.string(), rule: z.string(), controls: texts, keys: count.nullable() },
  ...{ requestedBy: z.string(), approvedBy: texts, reason: z.string() },
  approvals: z.array(z.object({ leaf, at: instant, approver: z.string(), by: z.string() })),
  ...{ from: instant, expires: instant },
  ended: z.object({ at: instant, leaf, because: z.string() }).optional(),
});

const step = z.object({ leaf, at: instant, by: text, reason: text });

const review = z.object({
  ...{ review: z.string(), name: z.string(), keys: count },
  opened: step,
  answerBy: instant,
  decided: count,
  answers: z.record(z.string(), count).optional(),
  closed: step.optional(),
  signedOff: step.optional(),
});

export const evidenceSummaryShape = nameShape(
  'EvidenceSummary',
  z.object({
    schema: z.literal(summarySchema),
    log: z.object({ origin: z.string(), installation: z.string(), size: count }),
    madeBy: z.object({ keysweep: z.string(), timezones: z.string() }),
    ...span,
    asOf: instant,
    ticks: z.object({
      ...{ due: count, held: count, late: count, missed: count, skipped: count },
      ...{ pending: count, unexplained: count },
    }),
    unheld: z.array(
      z.object({
        schedule: z.string(),
        state: z.enum(['late', 'missed', 'skipped', 'pending', 'unexplained']),
        ...{ first: instant, last: instant, count, leaves: z.array(leaf) },
      }),
    ),
    uncovered: z.array(
      z.object({
        ...span,
        because: z.enum(['no-schedule', 'unreadable-schedule', 'log-ends', 'log-empty']),
      }),
    ),
    sweeps: z.object({
      ...{ full: count, partial: count, listed: z.array(sweep) },
      ...{ incomplete: z.array(sweep), least },
      last: sweep.optional(),
      removed: z.array(leaf),
    }),
    policies: z.array(
      z.object({ hash: z.string(), sweeps: count, firstLeaf: leaf, isRead: z.boolean() }),
    ),
    controls: z.array(control),
    findings: z.array(finding),
    waivers: z.array(waiver),
    reviews: z.array(review),
    simulated: z.array(z.object({ leaf, sweeps: count, ...span })),
  }),
);
