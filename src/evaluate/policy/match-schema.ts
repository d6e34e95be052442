import { z } from 'zod';
import { plainText } from './plain-text.ts';

export const patterns = z.array(plainText(500)).max(1_000);
/** Not empty: an empty list would match nothing and silently switch its rule off. */
const matchPatterns = patterns.min(1, 'must name at least one pattern').optional();

/** The parts of a `match`; alert routes add to them. */
export const matchParts = {
  source: matchPatterns,
  type: matchPatterns,
  environment: matchPatterns,
  owner: matchPatterns,
  tags: matchPatterns,
  scope: matchPatterns,
};
export const match = z.strictObject(matchParts);
export type Match = z.output<typeof match>;
