import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { canonicalJson } from '../evidence/canonical-json.ts';
import { parseCheckpoint } from '../evidence/log/checkpoint.ts';
import { LogFormatError } from '../evidence/log/log-format-error.ts';
import { parseNote, verifyNote } from '../evidence/log/note.ts';
import { encodeVerifierKey, type VerifierKey } from '../evidence/log/verifier-key.ts';
import { StateUnusable } from './state-unusable.ts';

/** By origin: the checkpoint that the witness cosigned last, with that cosignature. */
export type WitnessState = ReadonlyMap<string, string>;

/** Reads the state, which is empty where there is no file. Throws `StateUnusable`. */
export async function readState(file: string, key: VerifierKey): Promise<WitnessState> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new StateUnusable(`${file}: cannot be read (${error.code})`);
  });
  return text === undefined ? new Map() : parseState(text, file, key);
}

/** Replaces the file by one that is whole and on the disk when this returns. */
export async function writeState(
  file: string,
  key: VerifierKey,
  state: WitnessState,
): Promise<void> {
  const unfinished = `${file}.part`;
  try {
    await withFile(unfinished, 'w', async (handle) => {
      await handle.writeFile(encodeState(key, state));
      await handle.sync();
    });
    await rename(unfinished, file);
    // The rename itself is on the disk only when its folder is.
    await withFile(dirname(file), 'r', (folder) => folder.sync());
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function withFile(path: string, flags: string, use: (handle: FileHandle) => Promise<void>) {
  const handle = await open(path, flags, 0o600);
  try {
    await use(handle);
  } finally {
    await handle.close();
  }
}

function encodeState(key: VerifierKey, state: WitnessState): string {
  const checkpoints = Object.fromEntries(state);
  return `${canonicalJson({ version: 1, witness: encodeVerifierKey(key), checkpoints })}\n`;
}

/** Every checkpoint must bear the cosignature of this witness: the file may have been changed. */
function parseState(text: string, file: string, key: VerifierKey): WitnessState {
  const refuse = (why: string) => new StateUnusable(`${file}: ${why}`);
  const { version, witness, checkpoints } = parseObject(text, refuse);
  if (version !== 1) throw refuse('is no state of a witness, or that of a newer keysweep');
  if (witness !== encodeVerifierKey(key)) {
    throw refuse('is the state of another witness; a new key begins with a new file');
  }
  const state = new Map<string, string>();
  for (const [origin, note] of Object.entries(Object(checkpoints) as Record<string, unknown>)) {
    const why = wrongNote(origin, note, key);
    if (why !== undefined) throw refuse(`the checkpoint of ${origin} ${why}`);
    state.set(origin, String(note));
  }
  if (text !== encodeState(key, state)) throw refuse('is not as keysweep writes it');
  return state;
}

function parseObject(text: string, refuse: (why: string) => Error): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    throw refuse('is not JSON');
  }
}

function wrongNote(origin: string, text: unknown, key: VerifierKey): string | undefined {
  if (typeof text !== 'string') return 'is no text';
  try {
    const note = parseNote(text);
    if (parseCheckpoint(note.text).origin !== origin) return 'is of another log';
    return verifyNote(note, [key]).length === 1 ? undefined : 'is not cosigned by this witness';
  } catch (error) {
    if (error instanceof LogFormatError) return `cannot be read: ${error.message}`;
    return 'was changed after this witness cosigned it';
  }
}
