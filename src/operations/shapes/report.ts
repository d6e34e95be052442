import { z } from 'zod';
import { violationFields } from './findings.ts';
import { nameShape } from './named-shape.ts';
import { policyName, sweepFields } from './sweeps.ts';
import {
  coverage,
  instant,
  keyDetails,
  ruleType,
  severity,
  texts,
  unknownReason,
  verdict,
  verdictCounts,
} from './words.ts';

export const sweepShape = nameShape(
  'Sweep',
  z.object({
    ...sweepFields,
    dueAt: instant.nullable(),
    status: z.enum(['complete', 'incomplete']),
    policy: policyName,
  }),
);

const rule = z.object({ id: z.string(), type: ruleType, severity, controls: texts });

const waiver = z.object({
  id: z.string(),
  rule: z.string(),
  reason: z.string(),
  requestedBy: z.string(),
  approvedBy: texts,
  expires: instant,
});

const reportKey = z.object({
  source: z.string(),
  keyId: z.string(),
  verdict,
  ...keyDetails,
  owner: z.string().nullable(),
  environment: z.string().nullable(),
});

/** Why a key, or one rule of it, could not be judged. */
export const unknownFields = {
  rule: z.string().nullable(),
  reason: unknownReason,
  fields: texts,
  detail: z.string(),
};

export const reportShape = nameShape(
  'Report',
  z.object({
    schema: z.literal('keysweep.report/1'),
    sweep: sweepShape,
    coverage,
    verdicts: verdictCounts,
    evidence: z.object({ leaf: z.number().int(), checkpoint: z.string().nullable() }).nullable(),
    rules: z.array(rule),
    waivers: z.array(waiver),
    keys: z.array(reportKey),
    violations: z.array(z.object({ ...violationFields, status: z.enum(['open', 'waived']) })),
    unknowns: z.array(z.object({ source: z.string(), keyId: z.string(), ...unknownFields })),
  }),
);
