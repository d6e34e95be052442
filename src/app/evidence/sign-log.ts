import {
  type Checkpoint,
  encodeCheckpoint,
  parseCheckpoint,
} from '../../evidence/log/checkpoint.ts';
import type { RotatedKeys } from '../../evidence/log/key-rotation.ts';
import { LogFormatError } from '../../evidence/log/log-format-error.ts';
import { hashLeaf, verifyConsistency } from '../../evidence/log/merkle.ts';
import {
  encodeNote,
  parseNote,
  signNote,
  verifyNote,
  WrongSignature,
} from '../../evidence/log/note.ts';
import type { SigningKey } from '../../evidence/log/signing-key.ts';
import { proveConsistencyFromTiles, rootFromTiles } from '../../evidence/log/tile-proofs.ts';
import type { VerifierKey } from '../../evidence/log/verifier-key.ts';
import {
  readLeafHashes,
  readLogHead,
  readNewestCheckpoint,
  writeCheckpoint,
} from '../../record/log/checkpoints.ts';
import { logTiles } from '../../record/log/log-tiles.ts';
import { predecessorsOf, readRotations } from '../../record/log/tell-rotation.ts';
import type { Database, Records } from '../../record/store/database.ts';
import { readCheckpointFile, writeCheckpointFile } from './checkpoint-file.ts';
import { SigningRefused } from './signing-refused.ts';

export interface SigningTerms {
  readonly key: SigningKey;
  readonly origin: string;
  /** Where the last checkpoint is kept, outside the database. */
  readonly stateFile: string;
}

/** What the signer signed last, as its file or the log has it. */
interface Signed {
  readonly checkpoint: Checkpoint;
  readonly note: string;
}

const nothing: Checkpoint = { origin: '', size: 0, root: Buffer.alloc(0), extensions: [] };

/**
 * Signs the log as it is, if it has grown since the last checkpoint. Returns the size that is signed
 * now, or undefined while the log is empty. Throws `SigningRefused` if the log is no extension of
 * what this signer signed last: then somebody rewrote it, cut it, or restored an old backup.
 */
export async function signLog(
  { db }: Pick<Database, 'db'>,
  terms: SigningTerms,
): Promise<number | undefined> {
  const head = await readLogHead(db);
  const last = await readSigned(db, terms);
  if (head === undefined && last === undefined) return undefined;
  const before = last?.checkpoint ?? nothing;
  const size = head?.size ?? 0;
  if (size < before.size) throw new SigningRefused(describeLoss(size, before.size, terms));
  await assertBodies(db, before.size, size);
  const checkpoint = await extend(db, before, size, terms);
  const note = size === before.size && last !== undefined ? last.note : signed(checkpoint, terms);
  if (note !== last?.note) await writeCheckpointFile(terms.stateFile, note);
  await writeCheckpoint(db, { size, note });
  return size;
}

function signed(checkpoint: Checkpoint, { key }: SigningTerms): string {
  const text = encodeCheckpoint(checkpoint);
  return encodeNote({ text, signatures: [signNote(text, key)] });
}

/** The log's tree now, proved to extend the one before. */
async function extend(
  db: Records,
  before: Checkpoint,
  size: number,
  { origin, stateFile }: SigningTerms,
): Promise<Checkpoint> {
  const tiles = logTiles(db);
  const rewritten = () => {
    const told = `the evidence log was rewritten: its first ${before.size} leaves differ from those`;
    return new SigningRefused(`${told} that the checkpoint in ${stateFile} stands for; ${wayOut}`);
  };
  try {
    const root = await rootFromTiles(size, tiles);
    const path = await proveConsistencyFromTiles(before.size, size, tiles);
    const [oldSize, oldRoot] = [before.size, before.root];
    const isExtension = oldSize === 0 || verifyConsistency({ oldSize, size, oldRoot, root, path });
    if (!isExtension) throw rewritten();
    return { origin, size, root, extensions: [] };
  } catch (error) {
    if (error instanceof LogFormatError) throw rewritten();
    throw error;
  }
}

/** Leaves that are read at once. */
const chunk = 500;

/** New leaves whose hashes are not theirs would be signed, and never verify. */
async function assertBodies(db: Records, from: number, size: number): Promise<void> {
  for (let at = from; at < size; at += chunk) {
    const wanted = Math.min(chunk, size - at);
    const leaves = await readLeafHashes(db, at, wanted);
    for (let n = at; n < at + wanted; n += 1) {
      const leaf = leaves[n - at];
      const isOwn = leaf?.n === n && hashLeaf(Buffer.from(leaf.body)).equals(leaf.hash);
      if (!isOwn) throw new SigningRefused(`leaf ${n} of the evidence log was changed; ${wayOut}`);
    }
  }
}

/** Without the file, such as on a new machine, the newest checkpoint of the log itself is used. */
async function readSigned(db: Records, terms: SigningTerms): Promise<Signed | undefined> {
  const { stateFile, key } = terms;
  const kept = await readCheckpointFile(stateFile);
  const stored = await readNewestCheckpoint(db);
  const rotations = await readRotations(db);
  const after = rotations.find(({ old }) => old.id === key.verifier.id);
  if (after !== undefined) throw new SigningRefused(describeReplaced(after));
  const keys = [key.verifier, ...predecessorsOf(key.verifier, rotations)];
  if (kept !== undefined) return verified(kept, stateFile, keys);
  return stored === undefined ? undefined : verified(stored.note, 'the evidence log', keys);
}

function verified(note: string, where: string, keys: readonly VerifierKey[]): Signed {
  try {
    const read = parseNote(note, { where });
    if (verifyNote(read, keys).length === 0) {
      const [{ name, id } = { name: '', id: '' }] = keys;
      throw new SigningRefused(
        `the checkpoint in ${where} is not signed by ${name}+${id}; ${rightKey}`,
      );
    }
    return { checkpoint: parseCheckpoint(read.text, where), note };
  } catch (error) {
    if (error instanceof LogFormatError || error instanceof WrongSignature) {
      throw new SigningRefused(`the checkpoint in ${where} cannot be used: ${error.message}`);
    }
    throw error;
  }
}

const wayOut = 'docs/evidence-log.md says what to do';
const rightKey = 'give the key that signed it, or see docs/evidence-log.md';

function describeReplaced({ old, new: next }: RotatedKeys): string {
  const [before, now] = [`${old.name}+${old.id}`, `${next.name}+${next.id}`];
  return `the key ${before} was replaced by ${now}; give that one as evidence.keyFile`;
}

function describeLoss(size: number, before: number, { stateFile }: SigningTerms): string {
  return (
    `the evidence log has ${size} leaves, but the checkpoint in ${stateFile} stands for ${before}: ` +
    `an old backup was restored, or leaves were removed; ${wayOut}`
  );
}
