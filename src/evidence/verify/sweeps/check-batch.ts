import { batchRoot } from '../../keys-root.ts';
import type { Manifest } from '../../manifest.ts';
import { encodePack, type PackedKey } from '../../pack.ts';
import { objectPath } from '../../pack-files/pack-paths.ts';
import { type ParsedPack, parsePack } from '../../parse-pack.ts';
import { type PackProblem, tampered } from '../problem.ts';
import { tryParse } from '../read-pack-form.ts';
import type { PackContents } from './pack-contents.ts';
import type { KeysOfList } from './pack-lists.ts';

/** How many keys of a batch, or of a sweep, have each verdict; `partial`: judged by some rules only. */
export interface KeyCounts {
  readonly pass: number;
  readonly fail: number;
  readonly waived: number;
  readonly unknown: number;
  readonly partial: number;
}

export const noKeys: KeyCounts = { pass: 0, fail: 0, waived: 0, unknown: 0, partial: 0 };

export interface BatchInput {
  readonly manifest: Pick<Manifest, 'sweep' | 'seed'>;
  readonly batch: Manifest['batches'][number];
  /** The bytes of its pack, whose hash fits. */
  readonly text: string;
  readonly list: KeysOfList;
  readonly contents: PackContents;
}

/** Recomputes what the manifest says of a batch, and counts its verdicts. */
export function checkBatch(input: BatchInput): KeyCounts | PackProblem {
  const { manifest, batch, text, list } = input;
  const place = objectPath(batch.pack);
  const refuse = (message: string) => tampered('object-differs', place, message);
  const pack = tryParse(text, parsePack);
  if (pack === undefined) return refuse('it is no pack of a batch');
  const isNamed =
    pack.sweep === manifest.sweep && pack.batch === batch.batch && pack.source === batch.source;
  if (!isNamed || list.source !== batch.source) return refuse('it is of another batch');
  if (pack.keys.length !== batch.keys || list.keys.length !== batch.keys) {
    return refuse(`it does not have the ${batch.keys} keys that its sweep says`);
  }
  const keys = joinKeys(pack, list, input.contents);
  if (keys === undefined) return refuse('the pack lacks what a vendor said of its keys');
  const listHash = Buffer.from(batch.list, 'hex');
  if (encodePack({ ...pack, listHash, keys }) !== text) {
    return refuse('its keys, or what vendors said of them, are not those that it was written with');
  }
  const seed = Buffer.from(manifest.seed, 'base64');
  const root = batchRoot(seed, { source: batch.source, keys }).toString('base64');
  if (batch.keysRoot !== null && root !== batch.keysRoot) {
    return refuse('the root over its keys is not the one that its sweep says');
  }
  return countKeys(keys);
}

/** The keys with what their rows stand for; undefined where a content is missing. */
function joinKeys(
  pack: ParsedPack,
  list: KeysOfList,
  contents: PackContents,
): PackedKey[] | undefined {
  const keys = list.keys.map(({ keyId, entryHash }, at): PackedKey | undefined => {
    const observation = pack.observations[at] ?? null;
    const contentHash = observation === null ? null : contents.hashOf(observation);
    if (contentHash === undefined) return undefined;
    return {
      ...{ keyId, entryHash, observation, contentHash },
      key: pack.keys[at] ?? 0,
      entry: pack.entries[at] ?? 0,
      verdict: pack.verdicts[at] ?? 0,
      observedAt: toDate(pack.observedAt[at]),
      lastUsed: toDate(pack.lastUsed[at]),
      judgement: pack.judgements[at] ?? null,
    };
  });
  return keys.every((key) => key !== undefined) ? keys : undefined;
}

function toDate(ms: number | null | undefined): Date | null {
  return ms === null || ms === undefined ? null : new Date(ms);
}

const words = ['pass', 'fail', 'waived', 'unknown'] as const;

function countKeys(keys: readonly PackedKey[]): KeyCounts {
  const counts = { ...noKeys };
  for (const { verdict, judgement } of keys) {
    const word = words[verdict - 1] ?? 'unknown';
    counts[word] += 1;
    const isUnjudged = judgement !== null && typeof judgement === 'object' && 'u' in judgement;
    if (word !== 'unknown' && isUnjudged) counts.partial += 1;
  }
  return counts;
}

export function addCounts(one: KeyCounts, other: KeyCounts): KeyCounts {
  return {
    pass: one.pass + other.pass,
    fail: one.fail + other.fail,
    waived: one.waived + other.waived,
    unknown: one.unknown + other.unknown,
    partial: one.partial + other.partial,
  };
}
