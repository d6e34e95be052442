import { parseChanges, type SweepChanges } from '../../../src/evidence/changes.ts';
import { parseLeaf } from '../../../src/evidence/leaves/leaf.ts';
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
import { makeTexts } from '../../../src/evidence/summary/pack-texts.ts';
import { readTextMaker } from '../../../src/operations/evidence/text-maker.ts';
import type { Installation } from './installation.ts';

export type Files = Map<string, Buffer>;

/** The program that made the texts of the packs, which `npm run build` has made. */
export const maker = readTextMaker();

export interface PackTerms {
  readonly from: Date;
  readonly to: Date;
}

/** The files of the pack of a period. The newest checkpoint must be signed before. */
export function makePack(of: Installation, { from, to }: PackTerms): Files {
  const files: Files = new Map();
  const put = (path: string, content: string | Buffer) => files.set(path, Buffer.from(content));
  const size = of.leaves.length;
  const info = {
    ...{ from: from.toISOString(), to: to.toISOString(), only: null, size },
    ...{ origin: of.origin, installation: of.uuid },
    ...{ keysweep: maker.keysweep, timezones: maker.timezones },
  };
  put(packFiles.info, encodePackInfo(info));
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
  for (const { path, bytes } of makeTexts(info, evidenceOf(of, { from, to }), maker)) {
    put(path, Buffer.from(bytes));
  }
  return files;
}

/** What the texts for people are made from. */
function evidenceOf(of: Installation, { from, to }: PackTerms) {
  const changes = new Map<number, SweepChanges>();
  const policies = new Map<string, string>();
  for (const { leaf } of of.sweeps.filter(({ at }) => at >= from && at < to)) {
    const text = of.objects.get(of.subjectOf(leaf, 'changes'));
    if (text !== undefined) changes.set(leaf, parseChanges(text)!);
    const policy = of.subjectOf(leaf, 'policy');
    const policyText = of.objects.get(policy);
    if (policyText !== undefined) policies.set(policy, policyText);
  }
  const leaves = of.leaves.map((bytes, n) => {
    const leaf = parseLeaf(bytes.toString());
    return { n, at: new Date(leaf.event.at), ...leaf };
  });
  return { leaves, changes, policies };
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
