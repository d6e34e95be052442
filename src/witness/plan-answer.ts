import type { Checkpoint } from '../evidence/log/checkpoint.ts';
import { rootOf, verifyConsistency } from '../evidence/log/merkle.ts';
import { verifyNote, WrongSignature } from '../evidence/log/note.ts';
import type { VerifierKey } from '../evidence/log/verifier-key.ts';
import type { ReadWitnessRequest } from '../evidence/log/witness-request.ts';

/** What the witness cosigned last of a log. */
export type Cosigned = Pick<Checkpoint, 'size' | 'root'>;

/** What a witness does with a request, with the statuses of C2SP tlog-witness. */
export type WitnessAnswer =
  | { readonly kind: 'cosign' }
  | { readonly kind: 'conflict'; readonly status: 409; readonly size: number }
  | { readonly kind: 'refuse'; readonly status: 400 | 403 | 404 | 422; readonly why: string };

/**
 * Decides on a checkpoint. `keys` are those of the logs that the witness knows; a key's name is the
 * origin of its log. `last` is what was cosigned last of this log.
 */
export function planAnswer(
  { note, says, oldSize, path }: ReadWitnessRequest,
  keys: readonly VerifierKey[],
  last: Cosigned | undefined,
): WitnessAnswer {
  const known = keys.filter(({ name }) => name === says.origin);
  if (known.length === 0) return refuse(404, 'this witness knows no log of this origin');
  const wrong = wrongSignature(() => verifyNote(note, known).length > 0);
  if (wrong !== undefined) return refuse(403, wrong);
  if (oldSize > says.size) return refuse(400, 'the old size is above the size of the checkpoint');
  const { size, root } = last ?? { size: 0, root: rootOf([]) };
  if (oldSize !== size) return { kind: 'conflict', status: 409, size };
  const proof = { oldSize, oldRoot: root, size: says.size, root: says.root, path };
  return verifyConsistency(proof)
    ? { kind: 'cosign' }
    : refuse(422, 'the checkpoint is not proven to continue the last one');
}

function refuse(status: 400 | 403 | 404 | 422, why: string): WitnessAnswer {
  return { kind: 'refuse', status, why };
}

function wrongSignature(isSigned: () => boolean): string | undefined {
  try {
    return isSigned() ? undefined : 'no known key of the log has signed the checkpoint';
  } catch (error) {
    if (error instanceof WrongSignature) return error.message;
    throw error;
  }
}
