import { type Mistake, sortMistakes, toMistake } from '../documents/mistake.ts';
import { mostConfigBytes } from '../documents/most-config-bytes.ts';
import { readText } from '../documents/read-text.ts';
import { checkPolicyText } from './check-policy-text.ts';
import type { PolicyDocument } from './config.ts';
import { hashText } from './files/named-files.ts';

export interface PolicyRead {
  readonly policy: PolicyDocument | undefined;
  readonly mistakes: readonly Mistake[];
  /** Why the file could not be opened. */
  readonly unreadable?: string;
}

/** Reads policy.yaml, which takes no variables, so its meaning is the same on every machine. */
export async function readPolicy(file: string, cwd: string): Promise<PolicyRead> {
  const read = await readText(file, mostConfigBytes);
  if (!read.ok) {
    return { policy: undefined, mistakes: [], unreadable: `cannot be read: ${read.why}` };
  }
  const { text } = read;
  const { policy, faults } = checkPolicyText(text, new Date());
  if (policy === undefined) {
    const mistakes = faults.map((fault) => toMistake(fault, file, cwd));
    return { policy: undefined, mistakes: sortMistakes(mistakes) };
  }
  return { policy: { text, hash: hashText(text), policy }, mistakes: [] };
}
