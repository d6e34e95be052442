import { z } from 'zod';

/** As large as a policy file may be. */
const mostPolicyCharacters = 1_024 * 1_024;

/** A back-test as it is asked for over the socket: the policy's text, and which sweeps. */
export const backtestRequest = z.strictObject({
  policy: z.string().max(mostPolicyCharacters),
  sweeps: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('last') }),
    z.strictObject({ kind: z.literal('one'), id: z.string().max(100) }),
    z.strictObject({ kind: z.literal('since'), ms: z.int().positive() }),
  ]),
});
