import { encodeCheckpoint } from '../../../src/evidence/log/checkpoint.ts';
import { proveConsistency, rootOf } from '../../../src/evidence/log/merkle.ts';
import { encodeNote, signNote } from '../../../src/evidence/log/note.ts';
import { signingKeyOf } from '../../../src/evidence/log/signing-key.ts';
import {
  encodeWitnessRequest,
  type WitnessRequest,
} from '../../../src/evidence/log/witness-request.ts';
import { leavesOf } from './some-leaves.ts';

/** The keys of a log and of a witness; a test that needs others makes them. */
export const logKey = signingKeyOf('keysweep/acme', 1, Buffer.alloc(32, 1));
export const witnessKey = signingKeyOf('witness.example', 4, Buffer.alloc(32, 2));

/** The text of the log's checkpoint with so many of the leaves. */
export function checkpointText(size: number, leaves = leavesOf(size), origin = 'keysweep/acme') {
  const root = rootOf(leaves.slice(0, size));
  return encodeCheckpoint({ origin, size, root, extensions: [] });
}

/** A checkpoint as its log signs it. */
export function signedCheckpoint(size: number, leaves = leavesOf(size), key = logKey): string {
  const text = checkpointText(size, leaves, key.verifier.name);
  return encodeNote({ text, signatures: [signNote(text, key)] });
}

/** What the log sends to a witness that cosigned `oldSize` leaves last; a test states what differs. */
export function requestBody(
  oldSize: number,
  size: number,
  change: Partial<WitnessRequest> = {},
): string {
  const leaves = leavesOf(size);
  const path = oldSize > size ? [] : proveConsistency(oldSize, leaves);
  return encodeWitnessRequest({ oldSize, path, checkpoint: signedCheckpoint(size), ...change });
}
