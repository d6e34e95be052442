import { createHmac } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import { hashLeaf, rootOf } from './log/merkle.ts';
import type { PackedKey } from './pack.ts';

/** A batch, as far as the tree of its keys has it. */
export interface KeysOfBatch {
  readonly source: string;
  readonly keys: readonly Omit<PackedKey, 'key' | 'entry' | 'observation'>[];
}

/**
 * The canonical bytes of a key in the tree of its batch, as text. The salt, which is made from the
 * seed of the sweep, keeps whoever sees the proof of one key from guessing its neighbours.
 */
export function encodeKeyEntry(
  seed: Uint8Array,
  source: string,
  key: KeysOfBatch['keys'][number],
): string {
  const { keyId, verdict, observedAt, lastUsed, contentHash, entryHash, judgement } = key;
  // Written member by member, in their order: this runs for each key of each sweep.
  return (
    `{"content":${contentHash === null ? null : `"${toHex(contentHash)}"`}` +
    `,"entry":"${toHex(entryHash)}"` +
    `,"judgement":${canonicalJson(judgement)}` +
    `,"keyId":${JSON.stringify(keyId)}` +
    `,"lastUsed":${lastUsed?.getTime() ?? null}` +
    `,"observedAt":${observedAt?.getTime() ?? null}` +
    `,"salt":"${saltOf(seed, source, keyId)}"` +
    `,"source":${JSON.stringify(source)}` +
    `,"verdict":${verdict}}`
  );
}

function toHex(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.length).toString('hex');
}

/** The root over the keys of one batch, in the order of its pack. `seed`: that of the sweep. */
export function batchRoot(seed: Uint8Array, { source, keys }: KeysOfBatch): Buffer {
  return rootOf(keys.map((key) => hashLeaf(Buffer.from(encodeKeyEntry(seed, source, key)))));
}

/** The root over all keys of a sweep: over the roots of its batches, in their order. */
export function sweepRoot(batches: readonly Uint8Array[]): Buffer {
  return rootOf(batches.map((root) => hashLeaf(root)));
}

function saltOf(seed: Uint8Array, source: string, keyId: string): string {
  const name = `[${JSON.stringify(source)},${JSON.stringify(keyId)}]`;
  return createHmac('sha256', seed).update(name).digest().toString('base64', 0, 16);
}
