import { z } from 'zod';
import { brokenFields, findingShape, fingerprintText, resolution } from './findings.ts';
import { nameShape } from './named-shape.ts';
import { unknownFields } from './report.ts';
import { sweepFields } from './sweeps.ts';
import { instant, keyDetails, texts, verdict } from './words.ts';

/** What the inventory says of a key. */
const entryFields = {
  owner: z.string().nullable(),
  environment: z.string().nullable(),
  approvedScopes: texts.nullable(),
  tags: texts,
};

const namedFields = { source: z.string(), keyId: z.string() };

export const namedKeyShape = nameShape('NamedKey', z.object(namedFields));

const listedFields = {
  ...namedFields,
  ...entryFields,
  verdict: verdict.nullable(),
  observedAt: instant.nullable(),
  ...keyDetails,
};

export const listedKeyShape = nameShape('ListedKey', z.object(listedFields));

const event = z.object({
  at: instant,
  kind: z.enum(['opened', 'reopened', 'resolved', 'waived', 'lapsed', 'reminder']),
  rule: z.string(),
  fingerprint: fingerprintText,
  resolution: resolution.nullable(),
  note: z.record(z.string(), z.string()).nullable(),
});

const stated = z.union([z.string(), z.boolean(), texts]).nullable();

const moment = nameShape(
  'KeyMoment',
  z.object({
    sweep: z.object({ ...sweepFields, status: z.enum(['open', 'complete', 'incomplete']) }),
    verdict: verdict.nullable(),
    observedAt: instant.nullable(),
    missing: z.boolean(),
    ...keyDetails,
    ...entryFields,
    violations: z.array(z.object({ ...brokenFields, status: z.enum(['open', 'waived']) })),
    unknowns: z.array(z.object(unknownFields)),
    events: z.array(event),
    changes: z.array(z.object({ field: z.string(), before: stated, after: stated })),
  }),
);

export const keyHistoryShape = nameShape(
  'KeyHistory',
  z.object({
    key: z.object({
      ...listedFields,
      trackedAt: instant.nullable(),
      untrackedAt: instant.nullable(),
    }),
    findings: z.array(findingShape),
    items: z.array(moment),
    next: z.string().nullable(),
  }),
);
