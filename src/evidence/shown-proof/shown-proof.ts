import { hash } from 'node:crypto';
import { parseLeaf } from '../leaves/leaf.ts';
import { parseCheckpoint } from '../log/checkpoint.ts';
import { parseLogProof } from '../log/log-proof.ts';
import { hashLeaf, verifyInclusion } from '../log/merkle.ts';
import { parseNote } from '../log/note.ts';
import { type KeyProof, rootOfKeyProof } from '../pack-files/key-proof.ts';

/** What a sweep found of one key, with all that proves it. */
export interface ShownProof {
  /** The text of the leaf of the sweep. */
  readonly leaf: string;
  /** That the leaf is in the log, as C2SP tlog-proof has it. */
  readonly logProof: string;
  readonly proof: KeyProof;
}

/** Which parts of a proof hold. */
export interface ProofParts {
  readonly content: boolean;
  readonly inventory: boolean;
  /** The key is in the tree that the leaf of the sweep names. */
  readonly key: boolean;
  /** The leaf is in the log of the checkpoint. */
  readonly leaf: boolean;
}

/** Makes every hash of a proof anew. */
export function checkShownProof({ leaf, logProof, proof }: ShownProof): ProofParts {
  const { entry, content, inventoryEntry } = proof;
  const { event } = parseLeaf(leaf);
  const keysRoot = event.event === 'sweep-closed' ? event.keysRoot : null;
  const { index, path, checkpoint } = parseLogProof(logProof, { mayBeUnsigned: true });
  const { size, root } = parseCheckpoint(parseNote(checkpoint, { mayBeUnsigned: true }).text);
  const leafHash = hashLeaf(Buffer.from(leaf));
  return {
    content: entry.content === (content === null ? null : hash('sha256', content)),
    inventory: entry.entry === hash('sha256', inventoryEntry),
    key: keysRoot !== null && rootOfKeyProof(proof) === keysRoot,
    leaf: proof.leaf === index && verifyInclusion({ index, size, leafHash, path, root }),
  };
}
