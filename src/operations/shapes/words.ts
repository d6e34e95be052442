import { z } from 'zod';
import { type FindingType, reviewRevoke } from '../../evaluate/history/finding-type.ts';
import type { RuleType } from '../../evaluate/policy/policy.ts';
import { severities } from '../../evaluate/policy/severity.ts';
import { rules } from '../../evaluate/rules/index.ts';
import { unknownReasons } from '../../keys/observation.ts';
import { waysKnown } from '../../report/people/named-person.ts';
import { nameShape } from './named-shape.ts';

export const instant = z.iso.datetime();
export const count = z.int().min(0);
export const texts = z.array(z.string());

export const severity = nameShape('Severity', z.enum(severities));
export const verdict = nameShape('Verdict', z.enum(['pass', 'fail', 'waived', 'unknown']));
export const ruleType = nameShape(
  'RuleType',
  z.enum(Object.keys(rules) as [RuleType, ...RuleType[]]),
);

/** A rule's type, or what a review opens. */
export const findingType = nameShape(
  'FindingType',
  z.enum([reviewRevoke, ...(Object.keys(rules) as RuleType[])] satisfies FindingType[]),
);
export const unknownReason = nameShape('UnknownReason', z.enum(unknownReasons));

/** How somebody was known who did something; see docs/operations.md. */
export const known = nameShape('Known', z.enum(waysKnown));

/** Who did something. What is absent is not known. */
export const personFields = {
  by: z.string(),
  asserted: z.string().optional(),
  known: known.optional(),
  subject: z.string().optional(),
  mail: z.string().optional(),
};

/** What a violation rests on, by the names of its rule's type. */
export const facts = z.record(z.string(), z.union([z.number(), z.string(), texts]));

/** Present, and true, only on what `keysweep demo` has invented. */
export const simulated = z.literal(true).optional();

export const coverage = nameShape(
  'Coverage',
  z.object({ tracked: count, audited: count, unknown: count, partial: count }),
);

export const verdictCounts = nameShape(
  'VerdictCounts',
  z.object({ pass: count, fail: count, waived: count, unknown: count }),
);

/** The vendor's fields of a key; those that could not be read are absent. */
export const keyDetails = {
  name: z.string().optional(),
  type: z.string().optional(),
  scopes: texts.optional(),
  createdOn: instant.optional(),
  lastUsed: instant.nullable().optional(),
  lastFour: z.string().optional(),
};
