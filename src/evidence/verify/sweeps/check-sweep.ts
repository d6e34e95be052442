import { parseChanges, type SweepChanges } from '../../changes.ts';
import { sweepRoot } from '../../keys-root.ts';
import { encodeInventory, type Manifest, nameObject, parseManifest } from '../../manifest.ts';
import { objectPath } from '../../pack-files/pack-paths.ts';
import type { ClosedSweepLeaf } from '../../sweeps/closed-sweeps.ts';
import { leafPlace, type PackProblem, tampered } from '../problem.ts';
import { tryParse } from '../read-pack-form.ts';
import { addCounts, checkBatch, type KeyCounts, noKeys } from './check-batch.ts';
import type { PackContents } from './pack-contents.ts';
import type { PackLists } from './pack-lists.ts';
import type { PackObjects } from './pack-objects.ts';

/** Where the objects of a pack are read from. */
export interface ObjectSources {
  readonly objects: PackObjects;
  readonly lists: PackLists;
  readonly contents: PackContents;
}

export interface SweepChecked {
  readonly problems: readonly PackProblem[];
  /** The names of objects that the pack lacks. */
  readonly absent: readonly string[];
  /** What the sweep changed of findings; undefined where the pack does not say. */
  readonly changes: SweepChanges | undefined;
  /** Its policy; undefined where the pack lacks it. */
  readonly policy: { readonly hash: string; readonly text: string } | undefined;
}

/** Recomputes what a leaf says of a sweep from the objects that it refers to. */
export async function checkSweep(
  leaf: ClosedSweepLeaf,
  sources: ObjectSources,
): Promise<SweepChecked> {
  const { evidence, policy, inventory, changes } = leaf.subjects;
  const parts = openParts(sources.objects);
  if (evidence === undefined || policy === undefined) return notNamed(leaf);
  if (inventory === undefined || changes === undefined) return notNamed(leaf);
  const policyText = await parts.open(policy);
  await parts.open(inventory);
  const found = await parts.openAs(changes, 'list of changes', parseChanges);
  if (found !== undefined && found.sweep !== leaf.event.sweep) {
    parts.problems.push(differs(leaf.n, 'its changes are those of another sweep'));
  }
  const parse = (text: string) => tryParse(text, parseManifest);
  const manifest = await parts.openAs(evidence, 'manifest', parse);
  const ofManifest =
    manifest === undefined ? [] : await checkManifest(leaf, manifest, { ...sources, parts });
  const problems = [...parts.problems, ...ofManifest];
  const read = policyText === undefined ? undefined : { hash: policy, text: policyText };
  return { problems, absent: parts.absent, changes: found, policy: read };
}

function notNamed({ n }: ClosedSweepLeaf): SweepChecked {
  const message = 'it does not name the evidence, policy, inventory and changes of its sweep';
  return { problems: [differs(n, message)], absent: [], changes: undefined, policy: undefined };
}

/** Opens the objects of one sweep, and keeps what is wrong with them. */
interface Parts {
  open(sha256: string): Promise<string | undefined>;
  openAs<T>(
    sha256: string,
    what: string,
    parse: (text: string) => T | undefined,
  ): Promise<T | undefined>;
  readonly problems: PackProblem[];
  readonly absent: string[];
}

function openParts(objects: PackObjects): Parts {
  const parts: Parts = {
    problems: [],
    absent: [],
    async open(sha256) {
      const read = await objects.read(sha256);
      if (read === 'absent') parts.absent.push(sha256);
      return typeof read === 'string' ? undefined : read.text;
    },
    async openAs(sha256, what, parse) {
      const text = await parts.open(sha256);
      if (text === undefined) return undefined;
      const value = parse(text);
      if (value !== undefined) return value;
      const message = `it is no ${what} of a sweep`;
      parts.problems.push(tampered('object-differs', objectPath(sha256), message));
      return undefined;
    },
  };
  return parts;
}

function differs(n: number, message: string): PackProblem {
  return tampered('sweep-differs', leafPlace(n), message);
}

interface SweepSources extends ObjectSources {
  readonly parts: Parts;
}

async function checkManifest(
  { n, event, subjects }: ClosedSweepLeaf,
  manifest: Manifest,
  sources: SweepSources,
): Promise<PackProblem[]> {
  if (manifest.sweep !== event.sweep) return [differs(n, 'its evidence is that of another sweep')];
  const problems: PackProblem[] = [];
  const counted: KeyCounts[] = [];
  for (const batch of manifest.batches) {
    const checked = await readBatch(manifest, batch, sources);
    if (checked === undefined) continue;
    if ('code' in checked) problems.push(checked);
    else counted.push(checked);
  }
  if (counted.length === manifest.batches.length) {
    problems.push(...compareCounts(n, event, counted.reduce(addCounts, noKeys)));
  }
  if (rootOfBatches(manifest) !== event.keysRoot) {
    problems.push(differs(n, 'the root over its keys is not that of its batches'));
  }
  if (nameObject(encodeInventory(manifest.batches)) !== subjects.inventory) {
    problems.push(differs(n, 'its inventory is not that of its batches'));
  }
  return problems;
}

/** Undefined where the pack lacks a part of the batch, which is reported by itself. */
async function readBatch(
  manifest: Manifest,
  batch: Manifest['batches'][number],
  { parts, lists, contents }: SweepSources,
): Promise<KeyCounts | PackProblem | undefined> {
  const text = await parts.open(batch.pack);
  const list = await lists.read(batch.list);
  if (text === undefined || list === undefined) return undefined;
  return checkBatch({ manifest, batch, text, list, contents });
}

function rootOfBatches({ batches }: Manifest): string | null {
  const roots = batches.flatMap(({ keysRoot }) => keysRoot ?? []);
  if (roots.length < batches.length) return null;
  return sweepRoot(roots.map((root) => Buffer.from(root, 'base64'))).toString('base64');
}

/** The numbers and the status of the leaf, against those of the verdicts. */
function compareCounts(
  n: number,
  event: ClosedSweepLeaf['event'],
  counts: KeyCounts,
): PackProblem[] {
  const { pass, fail, waived, unknown, partial } = counts;
  const tracked = pass + fail + waived + unknown;
  const found = { pass, fail, waived, unknown, partial, tracked, audited: tracked - unknown };
  const said: typeof found = { ...event.coverage, ...event.verdicts };
  const names = Object.keys(found) as (keyof typeof found)[];
  const wrong = names.filter((name) => found[name] !== said[name]);
  if (event.coverage.unknown !== event.verdicts.unknown) wrong.push('unknown');
  const problems = [...new Set(wrong)].map((name) =>
    differs(n, `it says ${said[name]} keys ${name}, and its evidence has ${found[name]}`),
  );
  const status = unknown === 0 && partial === 0 ? 'complete' : 'incomplete';
  if (status === event.status) return problems;
  return [...problems, differs(n, `it says ${event.status}, and its evidence is ${status}`)];
}
