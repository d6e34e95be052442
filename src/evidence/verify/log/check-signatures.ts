import { isQuorumMet } from '../../log/log-policy.ts';
import { type VerifiedSignature, verifyNote, WrongSignature } from '../../log/note.ts';
import { encodeVerifierKey, type VerifierKey } from '../../log/verifier-key.ts';
import { packFiles } from '../../pack-files/pack-paths.ts';
import { incomplete, type PackProblem, tampered } from '../problem.ts';
import type { Trust } from '../trust.ts';
import type { KeyRing } from './key-ring.ts';
import type { PackCheckpoint } from './read-checkpoints.ts';

/** A checkpoint with who signed it. */
export interface SignedCheckpoint extends PackCheckpoint {
  /** Trusted keys of the log. */
  readonly signers: readonly VerifierKey[];
  /** Trusted witnesses, with the time of each. */
  readonly cosigners: readonly VerifiedSignature[];
  /** When enough trusted witnesses had cosigned; undefined where they have not. */
  readonly metAtSeconds: number | undefined;
}

export interface SignaturesInput {
  readonly checkpoints: readonly PackCheckpoint[];
  readonly ring: KeyRing;
  readonly trust: Trust;
  /** Witnesses that only the pack names: their signatures must fit, and count for nothing. */
  readonly named: readonly VerifierKey[];
  readonly origin: string;
}

export interface SignaturesChecked {
  readonly problems: readonly PackProblem[];
  /** Somebody signed, and no key that is trusted is among them. */
  readonly isForeign: boolean;
  readonly checkpoints: readonly SignedCheckpoint[];
}

export function checkSignatures(input: SignaturesInput): SignaturesChecked {
  const problems: PackProblem[] = [];
  const checkpoints: SignedCheckpoint[] = [];
  for (const checkpoint of input.checkpoints) {
    const read = readSigners(checkpoint, input);
    if ('code' in read) problems.push(read);
    else {
      checkpoints.push(read);
      problems.push(...judgeSigners(read, input));
    }
  }
  const untrusted = checkpoints.filter((one) => isUntrusted(one, input.origin));
  const isForeign =
    untrusted.length > 0 &&
    checkpoints.length === input.checkpoints.length &&
    checkpoints.every(({ signers }) => signers.length === 0);
  const told = untrusted.length === 0 ? [] : [tellUntrusted(untrusted, isForeign, input)];
  return { problems: [...problems, ...told, ...nameStrangers(input)], checkpoints, isForeign };
}

function isUntrusted({ origin: said, note, signers }: SignedCheckpoint, origin: string): boolean {
  return said === origin && note.signatures.length > 0 && signers.length === 0;
}

/** One problem for all checkpoints: a wrong key is one mistake. */
function tellUntrusted(
  untrusted: readonly SignedCheckpoint[],
  isForeign: boolean,
  { trust, checkpoints }: SignaturesInput,
): PackProblem {
  const nameAll = (keys: readonly Pick<VerifierKey, 'name' | 'id'>[]) => {
    const names = new Set(keys.slice(0, 5).map(({ name, id }) => `${name}+${id}`));
    return [...names].join(', ') + (keys.length > 5 ? ' and others' : '');
  };
  const signers = nameAll(untrusted.flatMap(({ note }) => note.signatures));
  const yours = nameAll(trust.logKeys);
  const newest = untrusted.find(({ path }) => path === packFiles.checkpoint);
  const { path } = newest ?? untrusted[0] ?? { path: packFiles.checkpoint };
  const others = untrusted.length === 1 ? '' : ` and ${untrusted.length - 1} others`;
  if (!isForeign) {
    const message = `no key that you trust signed this checkpoint${others}; you trust ${yours}, and the signatures are of ${signers}`;
    return tampered('untrusted-signature', path, message);
  }
  const all = checkpoints.length === 1 ? 'the only checkpoint' : 'any checkpoint';
  const message = `no key that you trust signed ${all} of the pack: you trust ${yours}, and the signatures are of ${signers}. Either you gave another key than that of this log at that time (ask its owner for it, and take it from no pack), or somebody else made this pack`;
  return tampered('untrusted-signature', path, message);
}

function readSigners(
  checkpoint: PackCheckpoint,
  { ring, trust, named, origin }: SignaturesInput,
): SignedCheckpoint | PackProblem {
  const { note, path } = checkpoint;
  try {
    const own = ring.keys.filter(({ name }) => name === origin);
    const signers = verifyNote(note, own).map(({ key }) => key);
    const cosigners = verifyNote(note, trust.witnesses);
    verifyNote(note, named);
    const metAtSeconds = whenMet(trust, cosigners);
    return { ...checkpoint, signers, cosigners, metAtSeconds };
  } catch (error) {
    if (!(error instanceof WrongSignature)) throw error;
    return tampered('wrong-signature', path, error.message);
  }
}

function judgeSigners(
  { path, note, size, origin: said, signers, metAtSeconds }: SignedCheckpoint,
  { checkpoints, ring, origin }: SignaturesInput,
): PackProblem[] {
  if (said !== origin) {
    return [tampered('other-log', path, `it is of the log ${said}, and the pack is of ${origin}`)];
  }
  if (note.signatures.length === 0) return [tellUnsigned(path, checkpoints)];
  // They are told together.
  if (signers.length === 0) return [];
  const isNewest = path === packFiles.checkpoint;
  const retiredAt = signers.map((key) => ring.retired.get(encodeVerifierKey(key)) ?? Infinity);
  const lastLeaf = Math.max(...retiredAt);
  if (isNewest && lastLeaf + 1 < size) {
    const message = `only a key that was replaced by leaf ${lastLeaf} signed the newest checkpoint`;
    return [tampered('retired-key', path, message)];
  }
  if (!isNewest || metAtSeconds !== undefined) return [];
  const message = 'the witnesses that cosigned the newest checkpoint are fewer than the quorum';
  return [incomplete('below-quorum', path, message)];
}

/** An export writes what is not signed only while nothing of the log is. */
function tellUnsigned(path: string, checkpoints: readonly PackCheckpoint[]): PackProblem {
  if (checkpoints.every(({ note }) => note.signatures.length === 0)) {
    return incomplete('unsigned', path, 'nobody signed this checkpoint');
  }
  const message = 'nobody signed this checkpoint, and others of the pack are signed';
  return tampered('untrusted-signature', path, message);
}

/** The earliest time by which the cosignatures were enough; without a quorum they always were. */
function whenMet({ quorum }: Trust, cosigners: readonly VerifiedSignature[]): number | undefined {
  if (isQuorumMet(quorum, [])) return 0;
  const times = cosigners.map(({ atSeconds }) => atSeconds ?? 0).sort((one, other) => one - other);
  return times.find((time) => {
    const until = cosigners.filter(({ atSeconds }) => (atSeconds ?? 0) <= time);
    return isQuorumMet(
      quorum,
      until.map(({ key }) => key),
    );
  });
}

/** Signatures that cannot be verified, because nobody knows their keys: one problem for each key. */
function nameStrangers({ checkpoints, ring, trust, named }: SignaturesInput): PackProblem[] {
  const keys = [...ring.keys, ...trust.witnesses, ...named];
  const known = new Set(keys.map(({ name, id }) => `${name}+${id}`));
  const counts = new Map<string, { readonly path: string; count: number }>();
  for (const { path, note } of checkpoints) {
    // A checkpoint that no known key signed is named for that.
    const ids = note.signatures.map(({ name, id }) => `${name}+${id}`);
    if (!ids.some((id) => known.has(id))) continue;
    for (const id of ids.filter((one) => !known.has(one))) {
      const found = counts.get(id) ?? { path, count: 0 };
      counts.set(id, { ...found, count: found.count + 1 });
    }
  }
  return [...counts].map(([id, { path, count }]) => {
    const others = count === 1 ? '' : ` and ${count - 1} others`;
    const message = `the key of the signature ${id} is not known, so the signature on it${others} was not verified; name the key with --policy`;
    return incomplete('unknown-signature', path, message);
  });
}
