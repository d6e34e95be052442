import { batchRoot } from '../../../src/evidence/keys-root.ts';
import { encodeManifest, type Manifest } from '../../../src/evidence/manifest.ts';
import { hashPack } from '../../../src/evidence/pack.ts';
import { type LoggedSweep, readManifest } from '../../../src/record/log/read-manifest.ts';
import type { Records } from '../../../src/record/store/database.ts';
import { readPacks } from '../../../src/record/store/packs/read-packs.ts';

type Batch = Manifest['batches'][number];

/**
 * The manifest of a sweep made anew, as text, from all that its packs hold and refer to now: it
 * equals the one of its leaf unless something changed.
 */
export async function recomputeManifest(db: Records, sweep: LoggedSweep): Promise<string> {
  const { manifest } = await readManifest(db, sweep);
  const seed = Buffer.from(manifest.seed, 'base64');
  const stored = new Map(manifest.batches.map((batch) => [batch.batch, batch]));
  const batches: Batch[] = [];
  for await (const pack of readPacks(db, sweep.id)) {
    const { batch, source, keys } = pack;
    const hasRoot = stored.get(batch)?.keysRoot != null;
    batches.push({
      ...{ batch, source, keys: keys.length },
      list: Buffer.from(pack.listHash).toString('hex'),
      pack: hashPack(pack).toString('hex'),
      keysRoot: hasRoot ? batchRoot(seed, pack).toString('base64') : null,
    });
  }
  return encodeManifest({ ...manifest, batches });
}
