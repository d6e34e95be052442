import { z } from 'zod';

/** An instant as a leaf has it: UTC, in milliseconds. */
const instant = z.iso.datetime({ precision: 3 });
const count = z.int().nonnegative();
const text = z.string();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** 32 bytes. */
const root = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);
const duration = z.int().positive();
const digests = z.strictObject({ sha256 });

/** Who did something: see docs/operations.md, “Who may ask over HTTP”. */
const person = {
  by: text,
  /** How `by` was known; `asserted` is a name that nobody has checked. */
  known: text,
  /** A name that the request gave beside that, and nobody has checked either. */
  asserted: text.nullable(),
  /** What the OpenID Connect provider says of somebody who signed in there. */
  subject: text.nullable(),
  mail: text.nullable(),
};

const event = <Name extends string, Shape extends z.core.$ZodLooseShape>(
  name: Name,
  shape: Shape,
) => z.strictObject({ event: z.literal(name), at: instant, ...shape });

/** Who did something in a review. `sentTo`: where the link went that somebody decided by. */
const reviewPerson = z.strictObject({ ...person, sentTo: text.nullable() });

const answers = z.strictObject({
  keep: count,
  reduce: count,
  revoke: count,
  'not-mine': count,
  unanswered: count,
});

/** One campaign of a review; `review` is its id, `name` that of the configuration. */
const reviewed = z.discriminatedUnion('what', [
  event('reviewed', {
    what: z.literal('opened'),
    review: z.uuid(),
    name: text,
    trigger: z.enum(['schedule', 'request', 'catch-up']),
    dueAt: instant.nullable(),
    openedAt: instant,
    answerBy: instant,
    keys: count,
    person: reviewPerson.nullable(),
  }),
  event('reviewed', {
    ...{ what: z.literal('decided'), review: z.uuid(), keys: count, person: reviewPerson },
  }),
  event('reviewed', {
    ...{ what: z.literal('closed'), review: z.uuid(), answers, person: reviewPerson, reason: text },
  }),
  event('reviewed', {
    ...{
      what: z.literal('signed-off'),
      review: z.uuid(),
      answers,
      person: reviewPerson,
      reason: text,
    },
  }),
]);

/**
 * What happened, as the predicate of a leaf says it. docs/evidence-log.md describes each event.
 * `at` is when the leaf was written, and never goes back in the log.
 */
export const logEvent = z.discriminatedUnion('event', [
  event('log-created', { installation: z.uuid(), keysweep: text }),
  event('seals-adopted', { seals: count, last: sha256 }),
  event('retention-set', { retentionMs: duration }),
  event('schedule-set', {
    schedule: text,
    cron: text,
    timezone: text,
    catchUpMs: duration,
    overlap: z.enum(['skip', 'queue']),
    deadlineMs: duration,
  }),
  event('schedule-removed', { schedule: text }),
  event('policy-set', { version: text }),
  event('inventory-set', { keys: count }),
  event('sweep-closed', {
    sweep: z.uuid(),
    trigger: z.enum(['schedule', 'request', 'catch-up']),
    scope: z.enum(['full', 'partial']),
    schedule: text.nullable(),
    dueAt: instant.nullable(),
    openedAt: instant,
    closedAt: instant,
    deadlineAt: instant,
    status: z.enum(['complete', 'incomplete']),
    coverage: z.strictObject({ tracked: count, audited: count, unknown: count, partial: count }),
    verdicts: z.strictObject({ pass: count, fail: count, waived: count, unknown: count }),
    /** Null where an earlier build judged keys of the sweep. */
    keysRoot: root.nullable(),
    keysweep: text,
  }),
  event('sweep-missed', { schedule: text, from: instant, to: instant, ticks: count }),
  event('sweep-skipped', { schedule: text, dueAt: instant, because: z.literal('overlap') }),
  event('waiver-set', {
    waiver: text,
    hash: sha256,
    rule: text,
    /** Null where the waiver has a match; the keys stand in the policy. */
    keys: count.nullable(),
    /** Null where it names keys, and for a match that the leaf has no room for. */
    match: z.record(text, z.array(text)).nullable(),
    requestedBy: text,
    approvedBy: z.array(text),
    reason: text,
    expires: instant,
  }),
  event('waiver-ended', {
    waiver: text,
    hash: sha256,
    because: z.enum(['removed', 'expired']),
  }),
  event('waiver-approved', { waiver: text, hash: sha256, approver: text, ...person }),
  event('acknowledged', {
    finding: sha256,
    source: text,
    keyId: text,
    rule: text,
    ...person,
    reason: text,
  }),
  reviewed,
  event('evidence-pruned', {
    retentionMs: duration,
    sweeps: z.array(z.strictObject({ sweep: z.uuid(), manifest: sha256 })),
  }),
  event('key-rotated', { old: text, new: text, oldSignature: text, newSignature: text }),
  event('simulated', { sweeps: count, from: instant, to: instant }),
]);

export type LogEvent = z.infer<typeof logEvent>;

/** The objects that a leaf refers to, by their part. */
export const subjectNames = [
  'evidence',
  'policy',
  'inventory',
  'changes',
  'review',
  'decisions',
  'seals',
  'predicate',
] as const;

export const subject = z.strictObject({ name: z.enum(subjectNames), digest: digests });

export type SubjectName = (typeof subjectNames)[number];
