import { setImmediate } from 'node:timers/promises';
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
export async function verifyNotes(
  notes: readonly StoredCheckpoint[],
  {
    verifierKey,
    witnesses = [],
    rotations,
  }: KeysOfLog & { readonly rotations: readonly NumberedLeaf[] },
  note: NoteDifference,
): Promise<void> {
  if (verifierKey === undefined) return;
  const own = parseVerifierKey(verifierKey);
  const ring = makeKeyRing(rotations, [own], own.name);
  for (const { place, message } of ring.problems) note({ code: 'signature', place, is: message });
  const verifying = { ring, own, witnesses: witnesses.map(parseVerifierKey) };
  const found: (Wrong & { readonly size: number })[] = [];
  for (const [n, stored] of notes.entries()) {
    const wrong = whatIsWrong(stored, verifying);
    if (wrong !== undefined) found.push({ ...wrong, size: stored.size });
    if (n % notesAtOnce === 0) await setImmediate();
  }
  for (const { size, was, is } of atOnce(found, notes.length)) {
    note({ code: 'signature', place: placeOfNote(size), was, is });
  }
}

/** Ed25519 takes a tenth of a millisecond and more, and timers and sockets wait for it. */
const notesAtOnce = 100;

interface Wrong {
  readonly was?: string;
  readonly is: string;
  /** No key of the log signed it. */
  readonly isForeign?: boolean;
}

/** A key that signed nothing is one mistake, not one for each checkpoint. */
function atOnce<Found extends Wrong>(found: readonly Found[], all: number): readonly Found[] {
  const newest = found.at(-1);
  const isOne = found.length === all && found.every(({ isForeign }) => isForeign);
  if (newest === undefined || all === 1 || !isOne) return found;
  return [{ ...newest, is: `${newest.is}, like the ${all - 1} before it` }];
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
    const is = `by ${ids.join(', ') || 'nobody'}`;
    return { was: `by ${own.name}+${own.id}`, is, isForeign: true };
  }
  const until = signers.map((key) => ring.retired.get(encodeVerifierKey(key)) ?? Infinity);
  const last = Math.max(...until);
  if (last + 1 >= size) return undefined;
  return { is: `signed by a key alone that leaf ${last} replaced` };
}
