import { z } from 'zod';
import { durationOrZero } from '../evaluate/policy/duration.ts';
import { plainText } from '../evaluate/policy/plain-text.ts';
import { keySchema } from '../inventory/key-schema.ts';
import { parseInstant } from '../keys/instant.ts';
import { unknownReasons } from '../keys/observation.ts';
import { isMoment } from './moment.ts';

const instant = z
  .string('must be an instant such as 2026-11-23T12:00:00Z, in quotes or not')
  .refine((text) => parseInstant(text) !== undefined, 'must be an instant: 2026-11-23T12:00:00Z')
  .transform((text) => parseInstant(text) as Date);

const moment = z
  .string()
  .refine(
    isMoment,
    'must be an instant such as 2026-11-23T12:00:00Z, or now, or one such as 7d ago',
  );

/** A vendor's field may have any value, because a vendor may send anything. */
const said = z.unknown().optional();
const vendorWords = {
  name: said,
  type: said,
  scopes: said,
  createdOn: said,
  lastUsed: said,
  lastFour: said,
};

const reasons = unknownReasons.filter((one) => one !== 'missing' && one !== 'field-unreadable');

/** The outcome of a lookup that returned no vendor fields. */
const nothingSaid = {
  missing: z.literal(true).optional(),
  unknown: z.enum(reasons).optional(),
};

const observed = z.strictObject({ at: moment.optional(), ...vendorWords, ...nothingSaid });
const observedBefore = z.strictObject({
  at: moment,
  ...vendorWords,
  ...nothingSaid,
  acknowledged: z.array(z.string()).max(100).optional(),
});
const key = keySchema.partial();
const ids = z.array(z.string()).max(1_000).optional();

const verdicts = ['pass', 'fail', 'waived', 'unknown'] as const;

const expectation = z
  .strictObject({
    verdict: z.enum(verdicts).optional(),
    violations: ids,
    waived: ids,
    unknowns: ids,
  })
  .refine((parts) => Object.values(parts).some((part) => part !== undefined), {
    message: 'must expect something: a verdict, violations, waived or unknowns',
  });

const policyCase = z.strictObject({
  name: plainText(300),
  rule: z.string().optional(),
  at: instant.optional(),
  usageLag: durationOrZero.optional(),
  trackedSince: moment.optional(),
  key: key.optional(),
  before: z.array(observedBefore).max(100).optional(),
  observed: observed.optional(),
  expect: expectation,
});

/** A file of cases: keys, instants, and the results that a policy should give. */
export const casesSchema = z.strictObject({
  policy: z.string('must be the name of a file').min(1),
  defaults: z
    .strictObject({
      at: instant.optional(),
      usageLag: durationOrZero.optional(),
      key: key.optional(),
      observed: z.strictObject(vendorWords).optional(),
    })
    .default({}),
  /** The ids of the waivers that count, as if they were approved. */
  approved: ids,
  cases: z.array(policyCase).min(1, 'must hold at least one case').max(10_000),
});

export type CasesFile = z.output<typeof casesSchema>;
export type Defaults = CasesFile['defaults'];
export type PolicyCase = CasesFile['cases'][number];
export type Expectation = PolicyCase['expect'];
export type CaseObserved = z.output<typeof observed>;
