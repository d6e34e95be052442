import { sql } from 'kysely';
import { encodeKeyEntry } from '../../evidence/keys-root.ts';
import { encodeLogProof } from '../../evidence/log/log-proof.ts';
import { hashLeaf, proveInclusion } from '../../evidence/log/merkle.ts';
import { proveInclusionFromTiles } from '../../evidence/log/tile-proofs.ts';
import { encodeKeyProof, type KeyProof } from '../../evidence/pack-files/key-proof.ts';
import { comparePaths, keyProofPath, leafProofPath } from '../../evidence/pack-files/pack-paths.ts';
import type { PackFile } from '../../evidence/pack-files/pack-reader.ts';
import { logTiles } from '../log/log-tiles.ts';
import { readManifest } from '../log/read-manifest.ts';
import type { Records } from '../store/database.ts';
import { entryText } from '../store/entry-text.ts';
import { contentText, type ObservationContent } from '../store/observation-content.ts';
import { readPacksAt } from '../store/packs/read-packs.ts';
import type { ExportedSweep } from './find-sweep-rows.ts';
import type { GatheredExport } from './gather-export.ts';

/** A log up to its newest checkpoint. */
export interface CheckedLog {
  readonly size: number;
  /** The signed note; unsigned where the log has no key. */
  readonly checkpoint: string;
}

/** The proofs of one key: what each sweep found of it, and that the sweep is in the log. */
export async function* readProofFiles(
  db: Records,
  { sweeps }: GatheredExport,
  [source, keyId]: readonly [source: string, keyId: string],
  log: CheckedLog,
): AsyncIterable<PackFile> {
  const pathOf = ({ leaf }: ExportedSweep) => keyProofPath(leaf.n);
  const ordered = [...sweeps].sort((one, other) => comparePaths(pathOf(one), pathOf(other)));
  for (const sweep of ordered) {
    const proof = await proveKey(db, sweep, source, keyId);
    if (proof === undefined) continue;
    const { n } = sweep.leaf;
    yield { path: keyProofPath(n), bytes: Buffer.from(encodeKeyProof(proof)) };
    yield { path: leafProofPath(n), bytes: Buffer.from(await proveLeaf(db, n, log)) };
  }
}

/** The proof of a leaf in the form of C2SP tlog-proof. */
export async function proveLeaf(
  db: Records,
  n: number,
  { size, checkpoint }: CheckedLog,
): Promise<string> {
  const path = await proveInclusionFromTiles(n, size, logTiles(db));
  return encodeLogProof({ extra: null, index: n, path, checkpoint }, { mayBeUnsigned: true });
}

/** Undefined if the sweep had no such key, or an earlier build judged it. */
export async function proveKey(
  db: Records,
  { id, leaf }: ExportedSweep,
  source: string,
  keyId: string,
): Promise<Omit<KeyProof, 'version'> | undefined> {
  const place = await findBatch(db, id, source, keyId);
  if (place === undefined) return undefined;
  const { manifest } = await readManifest(db, { id, uuid: leaf.event.sweep });
  const roots = manifest.batches.map(({ keysRoot }) => keysRoot);
  const batchIndex = manifest.batches.findIndex(({ batch }) => batch === place.batch);
  if (batchIndex < 0 || roots.includes(null)) return undefined;
  const seed = Buffer.from(manifest.seed, 'base64');
  for await (const { keys } of readPacksAt(db, [{ sweepRow: id, batch: place.batch }])) {
    const index = keys.findIndex((key) => key.keyId === keyId);
    const key = keys[index];
    if (key === undefined) return undefined;
    const entries = keys.map((one) => encodeKeyEntry(seed, source, one));
    const hashes = entries.map((entry) => hashLeaf(Buffer.from(entry)));
    const batches = roots.map((root) => hashLeaf(Buffer.from(root ?? '', 'base64')));
    return {
      leaf: leaf.n,
      entry: JSON.parse(entries[index] ?? '') as KeyProof['entry'],
      ...{ index, size: keys.length, path: proveInclusion(index, hashes).map(toBase64) },
      ...{ batchIndex, batchSize: roots.length },
      batchPath: proveInclusion(batchIndex, batches).map(toBase64),
      content: key.observation === null ? null : await readContent(db, key.observation),
      inventoryEntry: await readEntry(db, key.entry),
    };
  }
  return undefined;
}

function toBase64(hash: Buffer): string {
  return hash.toString('base64');
}

async function findBatch(db: Records, sweepRow: number, source: string, keyId: string) {
  const { rows } = await sql<{ batch: number }>`
    select b.batch from keysweep.tracked_key k
    join keysweep.sweep_batch b on b.sweep_id = ${sweepRow} and b.source = k.source
    join keysweep.key_list l on l.id = b.list_id and k.id = any (l.key_ids)
    where k.source = ${source} and k.key_id = ${keyId}
  `.execute(db);
  return rows[0];
}

async function readContent(db: Records, row: number): Promise<string | null> {
  const { rows } = await sql<{ content: ObservationContent }>`
    select content from keysweep.observation where id = ${row}
  `.execute(db);
  return rows[0] === undefined ? null : contentText(rows[0].content);
}

async function readEntry(db: Records, row: number): Promise<string> {
  const { rows } = await sql<Parameters<typeof entryText>[0]>`
    select owner, environment, approved_scopes as "approvedScopes", tags
    from keysweep.inventory_entry where id = ${row}
  `.execute(db);
  return rows[0] === undefined ? '' : entryText(rows[0]);
}
