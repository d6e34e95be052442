import { encodeLogPolicy } from '../log/log-policy.ts';
import { parseLogPolicy } from '../log/parse-log-policy.ts';
import type { VerifierKey } from '../log/verifier-key.ts';

/** The keys that `policy.txt` of a pack names. */
export interface PolicyCopy {
  readonly logs: readonly VerifierKey[];
  readonly witnesses: readonly VerifierKey[];
}

/**
 * The text of `policy.txt`: the key of the log, and all its witnesses, without URLs. It is a copy
 * for people; whoever verifies brings a policy from elsewhere. A log without a key has none.
 */
export function encodePolicyCopy({ logs, witnesses }: PolicyCopy): string {
  return encodeLogPolicy({
    logs: logs.map((key) => ({ key, url: null })),
    witnesses: witnesses.map((key) => ({ key, url: null })),
    threshold: witnesses.length,
  });
}

/** Undefined unless `encodePolicyCopy` can have written it. */
export function parsePolicyCopy(text: string): PolicyCopy | undefined {
  const read = parseLogPolicy(Buffer.from(text));
  if (!read.ok) return undefined;
  const copy = {
    logs: read.policy.logs.map(({ key }) => key),
    witnesses: read.policy.witnesses.map(({ key }) => key),
  };
  return encodePolicyCopy(copy) === text ? copy : undefined;
}
