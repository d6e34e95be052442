import { z } from 'zod';
import { plainText } from '../../evaluate/policy/plain-text.ts';
import { wrongBaseUrl } from '../../options/address.ts';
import { checked } from '../../options/checked.ts';
import { wrongLogKey, wrongOrigin, wrongWitnessKey } from './wrong-keys.ts';

const witness = z.strictObject({
  url: checked(wrongBaseUrl),
  key: checked(wrongWitnessKey),
});

/** See `docs/evidence-keys.md`. */
export const evidenceSchema = z.strictObject({
  key: checked(wrongLogKey).optional(),
  origin: checked(wrongOrigin, plainText(200)).optional(),
  stateFile: plainText(4_096).optional(),
  open: z.boolean().default(false),
  witnesses: z.array(witness).max(32).default([]),
});

export type EvidenceFile = z.output<typeof evidenceSchema>;
