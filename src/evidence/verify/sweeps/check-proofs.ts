import { hash } from 'node:crypto';
import type { NumberedLeaf } from '../../leaves/numbered-leaf.ts';
import { LogFormatError } from '../../log/log-format-error.ts';
import { type LogProof, parseLogProof } from '../../log/log-proof.ts';
import { verifyInclusion } from '../../log/merkle.ts';
import { encodeNote } from '../../log/note.ts';
import { type KeyProof, parseKeyProof, rootOfKeyProof } from '../../pack-files/key-proof.ts';
import { keyProofPath, leafProofPath } from '../../pack-files/pack-paths.ts';
import type { PackReader } from '../../pack-files/pack-reader.ts';
import type { ClosedSweepLeaf } from '../../sweeps/closed-sweeps.ts';
import { unknownFile } from '../check-layout.ts';
import type { PackCheckpoint } from '../log/read-checkpoints.ts';
import { incomplete, leafPlace, type PackProblem, tampered } from '../problem.ts';
import { readPackForm } from '../read-pack-form.ts';
import { checkPrunings } from './check-prunings.ts';
import type { PackObjects } from './pack-objects.ts';
import { tellAbsent, tellRemoved } from './tell-absent.ts';

export interface ProofsInput {
  readonly leaves: readonly NumberedLeaf[];
  readonly sweeps: readonly ClosedSweepLeaf[];
  /** The source and the id of the only key of the pack. */
  readonly only: readonly [string, string];
  readonly checkpoint: PackCheckpoint;
  readonly hashes: readonly Buffer[];
}

/**
 * The proofs of a pack about one key: one for each sweep of the period that had the key. It may hold
 * the policies of these sweeps, and no other object.
 */
export async function checkProofs(
  reader: PackReader,
  input: ProofsInput,
  objects: PackObjects,
): Promise<PackProblem[]> {
  const { problems: ofPrunings, pruned } = checkPrunings(input.leaves);
  const problems: PackProblem[] = [...ofPrunings];
  const proven = new Set<string>();
  for (const sweep of input.sweeps) {
    for (const path of pathsOf(sweep)) proven.add(path);
    const removedBy = pruned.get(sweep.event.sweep);
    const ofPolicy = await checkPolicy(sweep, objects, removedBy !== undefined);
    const ofProofs = pathsOf(sweep).some((path) => reader.has(path))
      ? await checkSweepProofs(reader, sweep, input)
      : [tellUnproven(sweep, removedBy)];
    problems.push(...ofPolicy, ...ofProofs);
  }
  const others = reader.paths.filter((path) => path.startsWith('proofs/') && !proven.has(path));
  const unused = [...others, ...objects.listUnused()].map(unknownFile);
  return [...problems, ...objects.problems, ...unused];
}

function pathsOf({ n }: ClosedSweepLeaf): readonly string[] {
  return [keyProofPath(n), leafProofPath(n)];
}

/** `removedBy`: the leaf that says that the evidence of the sweep was removed. */
function tellUnproven(sweep: ClosedSweepLeaf, removedBy: number | undefined): PackProblem {
  if (removedBy !== undefined) return tellRemoved(sweep, removedBy);
  const message = `the pack does not prove what sweep ${sweep.event.sweep} found of the key`;
  return incomplete('not-proven', leafPlace(sweep.n), message);
}

/** A policy shows no key, so the pack of one key has it too. */
async function checkPolicy(
  sweep: ClosedSweepLeaf,
  objects: PackObjects,
  mayBeAbsent: boolean,
): Promise<readonly PackProblem[]> {
  const { policy } = sweep.subjects;
  if (policy === undefined || (await objects.read(policy)) !== 'absent') return [];
  return mayBeAbsent ? [] : [tellAbsent(policy, sweep)];
}

async function checkSweepProofs(
  reader: PackReader,
  sweep: ClosedSweepLeaf,
  input: ProofsInput,
): Promise<PackProblem[]> {
  const [ofKey, ofLeaf] = [keyProofPath(sweep.n), leafProofPath(sweep.n)];
  const key = await readPackForm(reader, ofKey, parseKeyProof);
  const leaf = await readPackForm(reader, ofLeaf, readLogProof);
  return [
    ...(key.ok ? checkKeyProof(ofKey, key.value, sweep, input) : [key.problem]),
    ...(leaf.ok ? checkLeafProof(ofLeaf, leaf.value, sweep, input) : [leaf.problem]),
  ];
}

function readLogProof(text: string): LogProof | undefined {
  try {
    return parseLogProof(text, { mayBeUnsigned: true });
  } catch (error) {
    if (error instanceof LogFormatError) return undefined;
    throw error;
  }
}

function checkKeyProof(
  path: string,
  proof: KeyProof,
  { n, event }: ClosedSweepLeaf,
  { only: [source, keyId] }: ProofsInput,
): PackProblem[] {
  const refuse = (message: string) => [tampered('wrong-proof', path, message)];
  const { entry } = proof;
  if (proof.leaf !== n) return refuse(`it is the proof of leaf ${proof.leaf}`);
  if (entry.source !== source || entry.keyId !== keyId) return refuse('it is of another key');
  if (entry.entry !== hash('sha256', proof.inventoryEntry))
    return refuse('its inventory entry is another');
  const content = proof.content === null ? null : hash('sha256', proof.content);
  if (entry.content !== content) return refuse('what the vendor said is not what it stands for');
  if (rootOfKeyProof(proof) === event.keysRoot) return [];
  return refuse('it does not lead to the root over the keys of its sweep');
}

function checkLeafProof(
  file: string,
  { index, path, checkpoint: note, extra }: LogProof,
  { n }: ClosedSweepLeaf,
  { checkpoint, hashes }: ProofsInput,
): PackProblem[] {
  const { size, root } = checkpoint;
  const leafHash = hashes[n] ?? Buffer.alloc(0);
  const isSame = extra === null && index === n && note === encodeNote(checkpoint.note);
  if (isSame && verifyInclusion({ index, size, leafHash, path, root })) return [];
  const message = `it does not prove that leaf ${n} is in the log of the newest checkpoint`;
  return [tampered('wrong-proof', file, message)];
}
