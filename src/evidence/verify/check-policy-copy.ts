import { encodeVerifierKey, type VerifierKey } from '../log/verifier-key.ts';
import { packFiles } from '../pack-files/pack-paths.ts';
import type { PackReader } from '../pack-files/pack-reader.ts';
import { parsePolicyCopy } from '../pack-files/policy-copy.ts';
import type { KeyRing } from './log/key-ring.ts';
import { type PackProblem, tampered } from './problem.ts';
import { malformedFile, missingFile, readPackForm } from './read-pack-form.ts';

export interface PolicyCopyRead {
  readonly problems: readonly PackProblem[];
  /** The keys of witnesses that it names. Nobody vouches for them. */
  readonly witnesses: readonly VerifierKey[];
}

/**
 * Reads `policy.txt`, which is a copy for people: it must not name another key of the log. Only a
 * log that nobody signed has none.
 */
export async function checkPolicyCopy(
  reader: PackReader,
  { keys }: KeyRing,
  isSigned: boolean,
): Promise<PolicyCopyRead> {
  const path = packFiles.policy;
  if (!reader.has(path)) return { problems: isSigned ? [missingFile(path)] : [], witnesses: [] };
  const read = await readPackForm(reader, path, parsePolicyCopy);
  if (!read.ok) return { problems: [malformedFile(path)], witnesses: [] };
  const known = new Set(keys.map(encodeVerifierKey));
  const strangers = read.value.logs.filter((key) => !known.has(encodeVerifierKey(key)));
  const problems = strangers.map(({ name, id }) => {
    const message = `it names ${name}+${id} as a key of the log, and no key that you trust vouches for that`;
    return tampered('untrusted-signature', path, message);
  });
  return { problems, witnesses: read.value.witnesses };
}
