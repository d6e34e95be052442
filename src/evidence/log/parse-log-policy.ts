import { LogFormatError } from './log-format-error.ts';
import type { LogPolicy, PolicyLog, PolicyWitness, Quorum, QuorumGroup } from './log-policy.ts';
import { decodeUtf8 } from './strict-text.ts';
import {
  parseVerifierKey,
  type SignatureType,
  signatureTypes,
  type VerifierKey,
} from './verifier-key.ts';

/** Stands for a witness or group whose line has a mistake. */
const unusable: Member = { kind: 'group', name: '', threshold: 1, members: [] };

export interface PolicyMistake {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export type LogPolicyRead =
  | { readonly ok: true; readonly policy: LogPolicy }
  | { readonly ok: false; readonly mistakes: readonly PolicyMistake[] };

/** The most logs, witnesses and groups of a policy, each. */
const most = 1000;

type Member = QuorumGroup['members'][number];

/** What the lines so far define. Names are octets: `latin1` keeps each as one character. */
interface Defined {
  readonly logs: PolicyLog[];
  readonly witnesses: PolicyWitness[];
  readonly members: Map<string, Member>;
  /** Names that are members of a group already. */
  readonly grouped: Set<string>;
  quorum: Quorum | undefined;
}

/** Reads the text of a policy and returns all its mistakes at once, in the order of lines. */
export function parseLogPolicy(bytes: Uint8Array): LogPolicyRead {
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  const defined: Defined = {
    ...{ logs: [], witnesses: [], members: new Map(), grouped: new Set(), quorum: undefined },
  };
  const mistakes = lines.flatMap((line, at) => {
    const ofWords = readLine(line.replace(/\r$/, ''), defined);
    const message = wrongOctets(line) ?? ofWords;
    return message === undefined ? [] : [{ line: at + 1, message }];
  });
  if (lines.at(-1) !== '') {
    mistakes.push({ line: lines.length, message: 'the line does not end with a newline' });
  }
  const { logs, witnesses, quorum } = defined;
  if (quorum === undefined && !lines.some((line) => /^[ \t]*quorum([ \t]|$)/.test(line))) {
    const message = 'the policy has no quorum line; “quorum none” asks for no cosignature';
    mistakes.push({ line: Math.max(1, lines.length - 1), message });
  }
  return mistakes.length > 0 || quorum === undefined
    ? { ok: false, mistakes }
    : { ok: true, policy: { logs, witnesses, quorum } };
}

function wrongOctets(line: string): string | undefined {
  const at = [...line].findIndex((octet) => (octet < ' ' && octet !== '\t') || octet === '\x7f');
  if (at < 0) return undefined;
  return line[at] === '\r' && at === line.length - 1
    ? 'the line ends with a carriage return; it must end with a newline alone'
    : `character ${at + 1} is a control character`;
}

/** Adds what a line defines, or says what is wrong with it. */
function readLine(line: string, defined: Defined): string | undefined {
  const [keyword, ...words] = line.split(/[ \t]+/).filter((word) => word !== '');
  if (keyword === undefined || keyword.startsWith('#')) return undefined;
  const read = readers[keyword];
  return read === undefined
    ? `${shown(keyword)} is none of log, witness, group, quorum`
    : read(words, defined);
}

type ReadWords = (words: readonly string[], defined: Defined) => string | undefined;

const readers: Readonly<Record<string, ReadWords>> = Object.assign(Object.create(null), {
  log: readLog,
  witness: readWitness,
  group: readGroup,
  quorum: readQuorum,
});

function readLog(words: readonly string[], { logs }: Defined): string | undefined {
  const [vkey, url = null, ...more] = words;
  if (vkey === undefined || more.length > 0) return 'a log has a verifier key, and at most a URL';
  const key = readKey(vkey, signatureTypes.note, 'a log');
  if (typeof key === 'string') return key;
  if (logs.some((log) => log.key.publicKey.equals(key.publicKey))) {
    return 'a log with this public key stands above';
  }
  if (logs.length === most) return `a policy has at most ${most} logs`;
  logs.push({ key, url: url && shown(url) });
  return undefined;
}

function readWitness(words: readonly string[], defined: Defined): string | undefined {
  const [name, vkey, url = null, ...more] = words;
  if (name === undefined || vkey === undefined || more.length > 0) {
    return 'a witness has a name, a verifier key, and at most a URL';
  }
  const wrong = wrongName(name, defined);
  if (wrong !== undefined) return wrong;
  const { witnesses, members } = defined;
  // Its name is known from here on, so that lines which use it are no mistakes of their own.
  members.set(name, unusable);
  const key = readKey(vkey, signatureTypes.cosignature, 'a witness');
  if (typeof key === 'string') return key;
  if (witnesses.some((one) => one.key.publicKey.equals(key.publicKey))) {
    return 'a witness with this public key stands above';
  }
  const witness = { name: shown(name), key, url: url && shown(url) };
  witnesses.push(witness);
  members.set(name, { kind: 'witness', witness });
  return undefined;
}

function readGroup(words: readonly string[], defined: Defined): string | undefined {
  const [name, count, ...names] = words;
  if (name === undefined || count === undefined || names.length === 0) {
    return 'a group has a name, then all, any or a number, then the names of its members';
  }
  const threshold = readThreshold(count, names.length);
  const wrong = wrongName(name, defined) ?? wrongMembers(names, defined);
  if (!defined.members.has(name)) defined.members.set(name, unusable);
  if (wrong !== undefined) return wrong;
  if (threshold === undefined) {
    return `${shown(count)} must be all, any, or a number from 1 to ${names.length}, the number of members`;
  }
  const members = names.flatMap((member) => defined.members.get(member) ?? []);
  for (const member of names) defined.grouped.add(member);
  defined.members.set(name, { kind: 'group', name: shown(name), threshold, members });
  return undefined;
}

function readThreshold(count: string, members: number): number | undefined {
  if (count === 'all') return members;
  if (count === 'any') return 1;
  const threshold = /^[1-9][0-9]{0,8}$/.test(count) ? Number(count) : Number.NaN;
  return threshold <= members ? threshold : undefined;
}

function readQuorum(words: readonly string[], defined: Defined): string | undefined {
  const [name, ...more] = words;
  if (name === undefined || more.length > 0) return 'a quorum has one name';
  if (defined.quorum !== undefined) return 'a policy has one quorum line, and one stands above';
  defined.quorum = name === 'none' ? { kind: 'none' } : defined.members.get(name);
  return defined.quorum === undefined
    ? `${shown(name)} is no witness or group of a line above`
    : undefined;
}

function wrongName(name: string, { members }: Defined): string | undefined {
  if (name === 'none') return '“none” cannot be the name of a witness or group';
  if (members.has(name)) return `a witness or group named ${shown(name)} stands above`;
  return members.size === most ? `a policy has at most ${most} witnesses and groups` : undefined;
}

function wrongMembers(names: readonly string[], { members, grouped }: Defined) {
  for (const [at, name] of names.entries()) {
    if (!members.has(name)) return `${shown(name)} is no witness or group of a line above`;
    if (grouped.has(name)) return `${shown(name)} is a member of a group above already`;
    if (names.indexOf(name) < at) return `${shown(name)} is listed twice`;
  }
  return undefined;
}

/** The key, or what is wrong with it. */
function readKey(word: string, type: SignatureType, whose: string): VerifierKey | string {
  const text = decodeUtf8(Buffer.from(word, 'latin1'));
  if (text === undefined) return 'the verifier key is not valid UTF-8';
  try {
    const key = parseVerifierKey(text);
    if (key.type === type) return key;
    return `the key of ${whose} must have the signature type ${type}, not ${key.type}`;
  } catch (error) {
    if (error instanceof LogFormatError) return error.message;
    throw error;
  }
}

/** Octets as a person wrote them. */
function shown(octets: string): string {
  return Buffer.from(octets, 'latin1').toString('utf8');
}
