import type { NumberedLeaf } from '../../leaves/numbered-leaf.ts';
import { type RotatedKeys, readRotation } from '../../log/key-rotation.ts';
import { encodeVerifierKey, type VerifierKey } from '../../log/verifier-key.ts';
import { leafPlace, type PackProblem, tampered } from '../problem.ts';

/** The keys that may have signed the log. */
export interface KeyRing {
  /** Those given from outside, and those that a trusted key vouches for through a leaf. */
  readonly keys: readonly VerifierKey[];
  /** By the text of a key that was replaced: the leaf that says so. */
  readonly retired: ReadonlyMap<string, number>;
  readonly problems: readonly PackProblem[];
}

/** A rotation that both keys signed, and its leaf. */
interface Rotation extends RotatedKeys {
  readonly n: number;
}

/**
 * Starts from the trusted keys and follows the rotations, forwards and backwards: a trusted key
 * vouches for the one that it names as its successor, and for the one before it.
 */
export function makeKeyRing(
  leaves: readonly NumberedLeaf[],
  trusted: readonly VerifierKey[],
  origin: string,
): KeyRing {
  const { rotations, problems } = readRotations(leaves, origin);
  const keys = follow(trusted, rotations);
  const known = new Set(keys.map(encodeVerifierKey));
  const retired = new Map<string, number>();
  for (const rotation of rotations) {
    const old = encodeVerifierKey(rotation.old);
    if (known.has(old)) retired.set(old, rotation.n);
    else problems.push(tampered('wrong-rotation', leafPlace(rotation.n), nobodyTrusted));
  }
  return { keys, retired, problems };
}

/** The leaf that named a key first, and the one that replaced it, by the text of the key. */
interface KnownKeys {
  readonly named: Map<string, number>;
  readonly replaced: Map<string, number>;
}

function readRotations(leaves: readonly NumberedLeaf[], origin: string) {
  const problems: PackProblem[] = [];
  const rotations: Rotation[] = [];
  const known: KnownKeys = { named: new Map(), replaced: new Map() };
  for (const { n, event } of leaves) {
    if (event.event !== 'key-rotated') continue;
    const read = readRotation(event, origin);
    const wrong = typeof read === 'string' ? read : learnRotation(known, { n, ...read });
    if (typeof read !== 'string' && wrong === undefined) rotations.push({ n, ...read });
    else problems.push(tampered('wrong-rotation', leafPlace(n), wrong ?? nobodyTrusted));
  }
  return { rotations, problems };
}

/**
 * Returns what is wrong with a rotation. Whoever stole a key that was replaced can still sign with
 * it, so it has no second successor, and no other key becomes the one before it.
 */
function learnRotation({ named, replaced }: KnownKeys, rotation: Rotation): string | undefined {
  const { n } = rotation;
  const [old, next] = [encodeVerifierKey(rotation.old), encodeVerifierKey(rotation.new)];
  const [before, earlier] = [replaced.get(old), named.get(next)];
  if (before !== undefined) return `the key that it replaces was replaced by leaf ${before}`;
  if (earlier !== undefined) return `its new key is one that leaf ${earlier} names`;
  replaced.set(old, n);
  for (const key of [old, next]) if (!named.has(key)) named.set(key, n);
  return undefined;
}

const nobodyTrusted = 'no key that you trust signed this change of the key';

function follow(trusted: readonly VerifierKey[], rotations: readonly Rotation[]): VerifierKey[] {
  const beside = new Map<string, VerifierKey[]>();
  const join = (one: VerifierKey, other: VerifierKey) => {
    const name = encodeVerifierKey(one);
    const others = beside.get(name);
    if (others === undefined) beside.set(name, [other]);
    else others.push(other);
  };
  for (const rotation of rotations) {
    join(rotation.old, rotation.new);
    join(rotation.new, rotation.old);
  }
  const keys = new Map(trusted.map((key) => [encodeVerifierKey(key), key]));
  // A map goes on to what is added meanwhile.
  for (const name of keys.keys()) {
    for (const key of beside.get(name) ?? []) {
      if (!keys.has(encodeVerifierKey(key))) keys.set(encodeVerifierKey(key), key);
    }
  }
  return [...keys.values()];
}
