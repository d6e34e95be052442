import { z } from 'zod';
import { reviewDecisionWords } from '../../report/review/review-model.ts';
import { nameShape } from './named-shape.ts';
import { count, instant, severity, texts, verdict } from './words.ts';

const person = z.object({
  by: z.string(),
  known: z.string(),
  asserted: z.string().nullable(),
  subject: z.string().nullable(),
  mail: z.string().nullable(),
  sentTo: z.string().nullable(),
});

const answers = z.object({
  keep: count,
  reduce: count,
  revoke: count,
  'not-mine': count,
  unanswered: count,
});

const listedReview = z.object({
  id: z.uuid(),
  review: z.string(),
  trigger: z.enum(['schedule', 'request', 'catch-up']),
  dueAt: instant.nullable(),
  passedOver: count,
  openedAt: instant,
  openedBy: person.nullable(),
  answerBy: instant,
  status: z.enum(['open', 'closed', 'signed-off']),
  closedAt: instant.nullable(),
  closedBy: person.nullable(),
  closedReason: z.string().nullable(),
  signature: z.object({ person, at: instant, reason: z.string() }).nullable(),
  keys: count,
  answers,
});

export const listedReviewShape = nameShape('ListedReview', listedReview);

const finding = z.object({
  rule: z.string(),
  severity,
  status: z.enum(['open', 'waived']),
  message: z.string(),
  firstSeen: instant,
  waiver: z.string().nullable(),
});

const listed = z.object({
  name: z.string().optional(),
  type: z.string().optional(),
  scopes: texts.optional(),
  createdOn: instant.optional(),
  lastUsed: instant.nullable().optional(),
  lastFour: z.string().optional(),
  environment: z.string().nullable(),
  approvedScopes: texts.nullable(),
  tags: texts,
  missing: z.literal(true).optional(),
  verdict: verdict.nullable(),
  observedAt: instant.nullable(),
  findings: z.array(finding),
});

const decision = z.object({
  decision: z.enum(reviewDecisionWords),
  reason: z.string(),
  person,
  at: instant,
});

export const reviewedKeyShape = nameShape(
  'ReviewedKey',
  z.object({
    source: z.string(),
    keyId: z.string(),
    owner: z.string().nullable(),
    listed,
    decision: decision.nullable(),
  }),
);

const sheet = z.object({
  sheet: count,
  owner: z.string().nullable(),
  keys: count,
  answered: count,
  reviewers: z.array(
    z.object({
      name: z.string(),
      mail: z.string().nullable(),
      withdrawnAt: instant.nullable(),
    }),
  ),
});

export const reviewShape = nameShape(
  'Review',
  z.object({
    schema: z.literal('keysweep.review/1'),
    review: listedReview.extend({ listedHash: z.string() }),
    sheets: z.array(sheet),
    keys: z.array(reviewedKeyShape),
  }),
);

export const startedReviewShape = nameShape(
  'StartedReview',
  z.object({ review: z.uuid(), keys: count, alerts: count }),
);

export const changedReviewShape = nameShape(
  'ChangedReview',
  z.object({ review: z.uuid(), alerts: count }),
);

export const decidedReviewShape = nameShape(
  'DecidedReview',
  z.object({ review: z.uuid(), decided: count, alerts: count }),
);
