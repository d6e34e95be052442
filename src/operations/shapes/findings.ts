import { z } from 'zod';
import { nameShape } from './named-shape.ts';
import { waitsForShape } from './waivers.ts';
import {
  facts,
  findingType,
  instant,
  personFields,
  ruleType,
  severity,
  simulated,
  texts,
} from './words.ts';

export const fingerprintText = z.string().regex(/^[\da-f]{64}$/);

/** What broke a rule, and how. */
export const brokenFields = {
  fingerprint: fingerprintText,
  rule: z.string(),
  type: ruleType,
  severity,
  message: z.string(),
  facts,
  waiver: z.string().nullable(),
};

export const violationFields = {
  ...brokenFields,
  source: z.string(),
  keyId: z.string(),
  controls: texts,
  firstSeen: instant,
  firstSeenSimulated: simulated,
};

const acknowledgementFields = {
  ...personFields,
  at: instant,
  reason: z.string(),
};

export const resolution = z.enum([
  ...['fixed', 'untracked', 'missing', 'policy-changed', 'acknowledged', 'overdue'],
] as const);

export const findingShape = nameShape(
  'Finding',
  z.object({
    ...violationFields,
    type: findingType,
    status: z.enum(['open', 'waived', 'resolved']),
    lastSeen: instant,
    resolvedAt: instant.nullable(),
    resolution: resolution.nullable(),
    acknowledgement: z.object(acknowledgementFields).nullable(),
    keyName: z.string().optional(),
    owner: z.string().nullable(),
    waitsFor: waitsForShape.optional(),
  }),
);

export const acknowledgedShape = nameShape(
  'AcknowledgedEvent',
  z.object({ acknowledged: fingerprintText, ...acknowledgementFields, before: z.boolean() }),
);
