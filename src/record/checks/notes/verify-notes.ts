import type { NoteDifference } from '../../../evidence/differences/difference.ts';
import type { NumberedLeaf } from '../../../evidence/leaves/numbered-leaf.ts';
import { parseCheckpoint } from '../../../evidence/log/checkpoint.ts';
import { LogFormatError } from '../../../evidence/log/log-format-error.ts';
import { parseNote, verifyNote, WrongSignature } from '../../../evidence/log/note.ts';
import {
  encodeVerifierKey,
  parseVerifierKey,
  type VerifierKey,
} from '../../../evidence/log/verifier-key.ts';
import { type KeyRing, makeKeyRing } from '../../../evidence/verify/log/key-ring.ts';
import type { StoredCheckpoint } from '../../log/checkpoints.ts';
import { placeOfNote } from './signed-roots.ts';

/** Verifier keys, as the configuration has them. */
export interface KeysOfLog {
  /** Of the log now. */
  readonly verifierKey?: string | undefined;
  readonly witnesses?: readonly string[] | undefined;
}

interface Verifying {
  readonly ring: KeyRing;
  readonly own: VerifierKey;
  readonly witnesses: readonly VerifierKey[];
}

/**
 * Verifies the signatures of all notes with the key of the log, those before it that it replaced, and
 * the keys of witnesses. Without a key, nothing is verified. A note that cannot be read is noted
 * elsewhere.
 */
export function verifyNotes(
  notes: readonly StoredCheckpoint[],
  {
    verifierKey,
    witnesses = [],
    rotations,
  }: KeysOfLog & { readonly rotations: readonly NumberedLeaf[] },
  note: NoteDifference,
): void {
  if (verifierKey === undefined) return;
  const own = parseVerifierKey(verifierKey);
  const ring = makeKeyRing(rotations, [own], own.name);
  for (const { place, message } of ring.problems) note({ code: 'signature', place, is: message });
  const verifying = { ring, own, witnesses: witnesses.map(parseVerifierKey) };
  for (const stored of notes) {
    const wrong = whatIsWrong(stored, verifying);
    if (wrong !== undefined) note({ code: 'signature', place: placeOfNote(stored.size), ...wrong });
  }
}

interface Wrong {
  readonly was?: string;
  readonly is: string;
}

function whatIsWrong(stored: StoredCheckpoint, verifying: Verifying): Wrong | undefined {
  try {
    return judge(stored, verifying);
  } catch (error) {
    if (error instanceof WrongSignature) return { is: error.message };
    if (error instanceof LogFormatError) return undefined;
    throw error;
  }
}

/** Throws `WrongSignature`, and `LogFormatError` for what is no note. */
function judge(
  { note: text, size }: StoredCheckpoint,
  { ring, own, witnesses }: Verifying,
): Wrong | undefined {
  const note = parseNote(text, { mayBeUnsigned: true });
  const { origin } = parseCheckpoint(note.text);
  if (origin !== own.name) return { was: own.name, is: origin };
  const signers = verifyNote(note, ring.keys).map(({ key }) => key);
  verifyNote(note, witnesses);
  if (signers.length === 0) {
    const ids = note.signatures.map(({ id }) => id);
    return { was: `by ${own.name}+${own.id}`, is: `by ${ids.join(', ') || 'nobody'}` };
  }
  const until = signers.map((key) => ring.retired.get(encodeVerifierKey(key)) ?? Infinity);
  const last = Math.max(...until);
  if (last + 1 >= size) return undefined;
  return { is: `signed by a key alone that leaf ${last} replaced` };
}
