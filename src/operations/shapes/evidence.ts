import { z } from 'zod';
import { nameShape } from './named-shape.ts';
import { count } from './words.ts';

const text = z.string().optional();

export const evidenceCheckShape = nameShape(
  'EvidenceCheck',
  z.object({
    schema: z.literal('keysweep.evidence-check/1'),
    leaves: count,
    sweeps: count,
    keys: count,
    checkpoints: count,
    signatures: z.enum(['verified', 'not-verified']),
    more: count,
    differences: z.array(
      z.object({
        line: z.string(),
        code: z.string(),
        leaf: count.optional(),
        sweep: text,
        source: text,
        keyId: text,
        rule: text,
        place: text,
        field: text,
        was: text,
        is: text,
      }),
    ),
  }),
);

export const rotatedShape = nameShape(
  'RotatedKey',
  z.object({ leaf: z.number().int(), key: z.string() }),
);

const hashes = z.array(z.string());

export const shownProofShape = nameShape(
  'KeyProof',
  z.object({
    leaf: z.string(),
    logProof: z.string(),
    proof: z.object({
      version: z.literal(1),
      leaf: count,
      entry: z.object({
        source: z.string(),
        keyId: z.string(),
        verdict: count,
        observedAt: z.number().nullable(),
        lastUsed: z.number().nullable(),
        judgement: z.unknown(),
        content: z.string().nullable(),
        entry: z.string(),
        salt: z.string(),
      }),
      index: count,
      size: count,
      path: hashes,
      batchIndex: count,
      batchSize: count,
      batchPath: hashes,
      content: z.string().nullable(),
      inventoryEntry: z.string(),
    }),
  }),
);
