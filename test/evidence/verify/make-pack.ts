import { encodeBundle } from '../../../src/evidence/log/entry-bundles.ts';
import { hashLeaf } from '../../../src/evidence/log/merkle.ts';
import {
  bundlePath,
  fullWidth,
  listBundles,
  makeTiles,
  tilePath,
} from '../../../src/evidence/log/tiles.ts';
import { contentsPerFile, encodeContents } from '../../../src/evidence/pack-files/contents.ts';
import { encodePackInfo } from '../../../src/evidence/pack-files/pack-info.ts';
import {
  checkpointPath,
  comparePaths,
  contentsPath,
  listPath,
  objectPath,
  packFiles,
} from '../../../src/evidence/pack-files/pack-paths.ts';
import type { PackReader } from '../../../src/evidence/pack-files/pack-reader.ts';
import { encodePolicyCopy } from '../../../src/evidence/pack-files/policy-copy.ts';
import type { Installation } from './installation.ts';

export type Files = Map<string, Buffer>;

export interface PackTerms {
  readonly from: Date;
  readonly to: Date;
}

/** The files of the pack of a period. The newest checkpoint must be signed before. */
export function makePack(of: Installation, { from, to }: PackTerms): Files {
  const files: Files = new Map();
  const put = (path: string, content: string | Buffer) => files.set(path, Buffer.from(content));
  const size = of.leaves.length;
  put(
    packFiles.info,
    encodePackInfo({
      ...{ from: from.toISOString(), to: to.toISOString(), only: null, size },
      ...{ origin: of.origin, keysweep: '0.1.0', installation: of.uuid },
    }),
  );
  for (const [at, note] of of.checkpoints) {
    put(at === size ? packFiles.checkpoint : checkpointPath(at), note);
  }
  for (const { tile, hashes } of makeTiles(of.leaves.map(hashLeaf))) put(tilePath(tile), hashes);
  for (const { index, width } of listBundles(size)) {
    const first = index * fullWidth;
    put(bundlePath({ index, width }), encodeBundle(of.leaves.slice(first, first + width)));
  }
  putObjects(of, { from, to }, put);
  if (of.key !== null) {
    const witnesses = of.witnesses.map(({ verifier }) => verifier);
    put(packFiles.policy, encodePolicyCopy({ logs: [of.key.verifier], witnesses }));
  }
  return files;
}

function putObjects(
  of: Installation,
  { from, to }: PackTerms,
  put: (path: string, content: string) => void,
): void {
  const sweeps = of.sweeps.filter(({ at }) => at >= from && at < to);
  const kept = sweeps.filter(({ leaf }) => of.objects.has(of.subjectOf(leaf, 'evidence')));
  for (const name of sweeps.flatMap(({ objects }) => objects)) {
    const object = of.objects.get(name);
    if (object !== undefined) put(objectPath(name), object);
  }
  for (const hash of kept.flatMap(({ lists }) => lists)) put(listPath(hash), of.lists.get(hash)!);
  const rows = [...new Set(kept.flatMap((sweep) => sweep.rows))].sort((a, b) => a - b);
  for (let start = 0; start < rows.length; start += contentsPerFile) {
    const some = rows.slice(start, start + contentsPerFile);
    const contents = some.map((row) => ({ row, text: of.contents.get(row)! }));
    put(contentsPath(start / contentsPerFile), encodeContents(contents));
  }
}

/** Reads a pack from memory. */
export function readerOf(files: Files): PackReader {
  return {
    paths: [...files.keys()].sort(comparePaths),
    faults: [],
    has: (path) => files.has(path),
    async read(path) {
      return files.get(path)!;
    },
  };
}
