import { z } from 'zod';
import { nameShape } from './named-shape.ts';
import { instant, personFields, texts } from './words.ts';

const approvalFields = { approver: z.string(), ...personFields, at: instant };
const hash = z.string().regex(/^[\da-f]{64}$/);

export const waiverShape = nameShape(
  'Waiver',
  z.object({
    id: z.string(),
    rule: z.string(),
    hash,
    reason: z.string(),
    requestedBy: z.string(),
    approvedBy: texts,
    lastDay: z.iso.date(),
    counts: z.boolean(),
    waitsFor: texts,
    approvals: z.array(z.object(approvalFields)),
  }),
);

export const approvedWaiverShape = nameShape(
  'ApprovedWaiver',
  z.object({ waiver: z.string(), ...approvalFields, before: z.boolean(), waitsFor: texts }),
);

/** Waivers that would cover a finding once they are approved. */
export const waitsForShape = z.array(z.object({ waiver: z.string(), approvers: texts }));
