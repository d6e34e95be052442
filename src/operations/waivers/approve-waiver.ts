import { z } from 'zod';
import { hashApproval } from '../../evaluate/waivers/approvals.ts';
import { plainName } from '../../evaluate/waivers/plain-name.ts';
import type { Approver } from '../../evaluate/waivers/plan-approval.ts';
import { recordApproval } from '../../record/approvals/record-approval.ts';
import { RequestRefused } from '../../record/store/errors.ts';
import type { NamedPerson } from '../../report/people/named-person.ts';
import { asJson } from '../answers.ts';
import { type Caller, identify, isSignedIn } from '../caller.ts';
import { defineOperation } from '../operation.ts';
import { namesOf } from '../reviews/reviewer.ts';
import { approvedWaiverShape } from '../shapes/waivers.ts';

/** A waiver that somebody approved. */
export interface ApprovedAnswer extends NamedPerson {
  readonly waiver: string;
  /** In the place of which of its `approvedBy`. */
  readonly approver: string;
  readonly at: Date;
  /** Whether the same person had approved it before. */
  readonly before: boolean;
  /** Those of `approvedBy` who have not approved it yet. */
  readonly waitsFor: readonly string[];
}

/**
 * Approves a waiver of the policy in use. `hash`: of the waiver that the person has seen. Undefined
 * if there is no such waiver. Throws `RequestRefused` for whoever may not approve it.
 */
export const approveWaiver = defineOperation({
  about: 'Approves a waiver of the policy; only for people who signed in and whom it names.',
  access: 'write',
  method: 'POST',
  path: 'waivers/{waiver}/approve',
  input: z.strictObject({ waiver: z.string().max(100), hash: z.string().max(100).optional() }),
  shape: approvedWaiverShape,
  answer: asJson<ApprovedAnswer>('at'),
  async run(
    { database, config, caller },
    { waiver: id, hash },
  ): Promise<ApprovedAnswer | undefined> {
    const waiver = config.policy.policy.waivers.find((one) => one.id === id);
    if (waiver === undefined) return undefined;
    if (!isSignedIn(caller)) throw new RequestRefused(notSignedIn);
    if (hash !== undefined && hash !== hashApproval(waiver)) {
      throw new RequestRefused(`waiver ${id} has changed since you saw it; look at it again`);
    }
    const person = { by: caller.name, ...identify(caller) };
    const done = await recordApproval(database, { waiver, ...person, ...approverOf(caller) });
    const { approver, by, known, subject, mail, at } = done.approval;
    return {
      ...{ waiver: id, approver, by, known, at, before: done.before, waitsFor: done.waitsFor },
      ...(subject === null ? {} : { subject }),
      ...(mail === null ? {} : { mail }),
    };
  },
});

const notSignedIn =
  'only somebody who signed in can approve a waiver: with a token of http.tokens, or at the provider';

/** Under which names a caller who signed in approves. */
function approverOf(caller: Caller): Approver {
  const { name, proof } = caller;
  const names = namesOf(caller);
  if (proof?.known !== 'oidc') {
    return { names, allNames: [name], person: `token ${plainName(name)}` };
  }
  const { login, mail, subject } = proof;
  if (subject === null) throw new RequestRefused('sign in again: this session says too little');
  const allNames = [name, login, mail, subject].filter((one) => one !== null);
  return { names, allNames, person: `oidc ${subject}` };
}
