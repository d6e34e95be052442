import { createHash } from 'node:crypto';
import type { JsonValue } from '../../../src/evidence/canonical-json.ts';
import { encodeKeyEntry } from '../../../src/evidence/keys-root.ts';
import { parseLeaf } from '../../../src/evidence/leaves/leaf.ts';
import { encodeLogProof } from '../../../src/evidence/log/log-proof.ts';
import { hashLeaf, proveInclusion } from '../../../src/evidence/log/merkle.ts';
import { type Manifest, parseManifest } from '../../../src/evidence/manifest.ts';
import { encodeKeyProof, type KeyProof } from '../../../src/evidence/pack-files/key-proof.ts';
import { encodePackInfo, type PackInfo } from '../../../src/evidence/pack-files/pack-info.ts';
import {
  keyProofPath,
  leafProofPath,
  objectPath,
  packFiles,
} from '../../../src/evidence/pack-files/pack-paths.ts';
import { parsePack } from '../../../src/evidence/parse-pack.ts';
import { makeTexts } from '../../../src/evidence/summary/pack-texts.ts';
import type { Installation, SweepRecord } from './installation.ts';
import { type Files, makePack, maker, type PackTerms } from './make-pack.ts';

/** The files of the pack of one key in a period. */
export function makeOnlyPack(of: Installation, keyId: string, terms: PackTerms): Files {
  const files = new Map(makePack(of, terms));
  const put = (path: string, content: string | Uint8Array) => files.set(path, Buffer.from(content));
  const sweeps = of.sweeps.filter(({ at }) => at >= terms.from && at < terms.to);
  const policies = sweeps.map(({ leaf }) => objectPath(of.subjectOf(leaf, 'policy')));
  for (const path of [...files.keys()]) {
    const isOfWhole = /^(objects|lists|contents|summary)/.test(path) && !policies.includes(path);
    if (isOfWhole) files.delete(path);
  }
  const { version: _version, ...said } = JSON.parse(String(files.get(packFiles.info))) as PackInfo;
  const info = { ...said, only: ['main', keyId] as [string, string] };
  put(packFiles.info, encodePackInfo(info));
  const leaves = of.leaves.map((bytes, n) => {
    const leaf = parseLeaf(bytes.toString());
    return { n, at: new Date(leaf.event.at), ...leaf };
  });
  const evidence = { leaves, changes: new Map(), policies: new Map() };
  for (const { path, bytes } of makeTexts(info, evidence, maker)) put(path, bytes);
  const hashes = of.leaves.map(hashLeaf);
  const checkpoint = of.checkpoints.get(of.leaves.length)!;
  for (const sweep of sweeps) {
    const proof = proveKey(of, sweep, keyId);
    if (proof === undefined) continue;
    const index = sweep.leaf;
    put(keyProofPath(index), encodeKeyProof(proof));
    const path = proveInclusion(index, hashes);
    put(leafProofPath(index), encodeLogProof({ extra: null, index, path, checkpoint }));
  }
  return files;
}

function proveKey(
  of: Installation,
  { leaf }: SweepRecord,
  keyId: string,
): Omit<KeyProof, 'version'> | undefined {
  const text = of.objects.get(of.subjectOf(leaf, 'evidence'));
  const manifest = text === undefined ? undefined : parseManifest(text);
  if (manifest === undefined) return undefined;
  const batches = manifest.batches.map((batch) => readBatch(of, manifest, batch));
  const batchIndex = batches.findIndex(({ keys }) => keys.some(([id]) => id === keyId));
  const batch = batches[batchIndex];
  if (batch === undefined) return undefined;
  const index = batch.keys.findIndex(([id]) => id === keyId);
  const toBase64 = (hash: Buffer) => hash.toString('base64');
  const roots = manifest.batches.map(({ keysRoot }) => Buffer.from(keysRoot!, 'base64'));
  const entries = batch.entries.map((entry) => hashLeaf(Buffer.from(entry)));
  return {
    leaf,
    entry: JSON.parse(batch.entries[index]!) as KeyProof['entry'],
    ...{ index, size: entries.length, path: proveInclusion(index, entries).map(toBase64) },
    ...{ batchIndex, batchSize: roots.length },
    batchPath: proveInclusion(batchIndex, roots.map(hashLeaf)).map(toBase64),
    content: batch.contents[index] ?? null,
    inventoryEntry: batch.keys[index]![1],
  };
}

function readBatch(of: Installation, { seed }: Manifest, batch: Manifest['batches'][number]) {
  const pack = parsePack(of.objects.get(batch.pack)!)!;
  const { keys } = JSON.parse(of.lists.get(batch.list)!) as { keys: [string, string][] };
  const contents = pack.observations.map((row) => (row === null ? null : of.contents.get(row)!));
  const date = (ms: number | null | undefined) => (typeof ms === 'number' ? new Date(ms) : null);
  const entries = keys.map(([keyId, entry], at) => {
    const content = contents[at] ?? null;
    return encodeKeyEntry(Buffer.from(seed, 'base64'), batch.source, {
      ...{ keyId, verdict: pack.verdicts[at]!, judgement: pack.judgements[at] as JsonValue },
      ...{ observedAt: date(pack.observedAt[at]), lastUsed: date(pack.lastUsed[at]) },
      contentHash: content === null ? null : sha256(content),
      entryHash: sha256(entry),
    });
  });
  return { keys, contents, entries };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
