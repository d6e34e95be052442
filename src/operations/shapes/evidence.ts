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
