import { LogFormatError } from '../log/log-format-error.ts';
import { parseLogPolicy } from '../log/parse-log-policy.ts';
import { parseVerifierKey, signatureTypes, type VerifierKey } from '../log/verifier-key.ts';
import type { Trust } from '../verify/trust.ts';
import { AuditRefused } from './audit-refused.ts';
import { decodeGiven, type GivenPlaces, readGiven } from './read-given.ts';

const mostPolicyBytes = 4 * 1024 * 1024;
const mostKeyBytes = 64 * 1024;

export interface TrustOptions {
  /** Verifier keys, or files that hold one each. */
  readonly keys: readonly string[];
  /** A file with a trust policy. */
  readonly policy: string | undefined;
}

/** Whom the auditor trusts. Throws `AuditRefused` unless at least one key of a log is given. */
export async function readTrust(
  places: GivenPlaces,
  { keys, policy }: TrustOptions,
): Promise<Trust> {
  if (keys.length === 0 && policy === undefined) {
    throw new AuditRefused(
      'name whom you trust with --key or --policy: a pack cannot vouch for its own key',
    );
  }
  if (keys.length > 0 && policy !== undefined) {
    throw new AuditRefused('give --key or --policy, not both: a policy names the keys of logs too');
  }
  if (policy !== undefined) return readPolicy(places, policy);
  const logKeys: VerifierKey[] = [];
  for (const key of keys) logKeys.push(await readKey(places, key));
  return { logKeys, witnesses: [], quorum: { kind: 'none' } };
}

async function readPolicy(places: GivenPlaces, file: string): Promise<Trust> {
  const read = parseLogPolicy(
    await readGiven(places, { flag: '--policy', file, mostBytes: mostPolicyBytes }),
  );
  if (!read.ok) {
    const [first = { line: 1, message: 'it cannot be read' }, ...more] = read.mistakes;
    const others = more.length === 0 ? '' : ` (and ${more.length} more mistakes)`;
    throw new AuditRefused(`--policy ${file}, line ${first.line}: ${first.message}${others}`);
  }
  const { logs, witnesses, quorum } = read.policy;
  if (logs.length === 0) throw new AuditRefused(`--policy ${file}: it names no log`);
  return {
    logKeys: logs.map(({ key }) => key),
    witnesses: witnesses.map(({ key }) => key),
    quorum,
  };
}

async function readKey(places: GivenPlaces, given: string): Promise<VerifierKey> {
  const isKey = /^[^+]+\+[0-9a-f]{8}\+/.test(given);
  const text = isKey ? given : await readKeyFile(places, given);
  try {
    const key = parseVerifierKey(text.trim());
    if (key.type === signatureTypes.note) return key;
  } catch (error) {
    if (!(error instanceof LogFormatError)) throw error;
    throw new AuditRefused(`--key ${given}: ${error.message}`);
  }
  throw new AuditRefused(`--key ${given}: it is the key of a witness, not of a log`);
}

async function readKeyFile(places: GivenPlaces, file: string): Promise<string> {
  try {
    return decodeGiven(await readGiven(places, { flag: '--key', file, mostBytes: mostKeyBytes }));
  } catch (error) {
    if (!(error instanceof AuditRefused) || !file.includes('+')) throw error;
    const form = 'a verifier key is a name, an id of eight hex digits and Base64, with + between';
    throw new AuditRefused(`${error.message}; ${form}`);
  }
}
