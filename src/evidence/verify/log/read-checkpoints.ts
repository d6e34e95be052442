import { type Checkpoint, parseCheckpoint } from '../../log/checkpoint.ts';
import { LogFormatError } from '../../log/log-format-error.ts';
import { encodeNote, type Note, parseNote } from '../../log/note.ts';
import { checkpointPath, packFiles, parsePackPath } from '../../pack-files/pack-paths.ts';
import type { PackReader } from '../../pack-files/pack-reader.ts';
import { type PackProblem, tampered } from '../problem.ts';
import { missingFile } from '../read-pack-form.ts';

/** A checkpoint of the pack, with the file that it stands in. */
export interface PackCheckpoint extends Checkpoint {
  readonly path: string;
  readonly note: Note;
}

export interface CheckpointsRead {
  readonly problems: readonly PackProblem[];
  /** Undefined where it is missing or cannot be read. */
  readonly newest: PackCheckpoint | undefined;
  /** All, the newest included, by size. */
  readonly all: readonly PackCheckpoint[];
}

export async function readCheckpoints(reader: PackReader): Promise<CheckpointsRead> {
  const sizes = reader.paths.flatMap((path) => parsePackPath('checkpoint', path) ?? []);
  const problems: PackProblem[] = [];
  const all: PackCheckpoint[] = [];
  for (const path of [newestPath, ...sizes.map((size) => checkpointPath(Number(size)))]) {
    const read = reader.has(path) ? readOne(path, await reader.read(path)) : missingFile(path);
    if ('note' in read) all.push(read);
    else problems.push(read);
  }
  const newest = all.find(({ path }) => path === newestPath);
  const ofSizes = newest === undefined ? [] : all.flatMap((one) => compareSizes(one, newest));
  return {
    problems: [...problems, ...ofSizes],
    newest,
    all: all.sort((one, other) => one.size - other.size),
  };
}

const newestPath = packFiles.checkpoint;

function compareSizes({ path, size }: PackCheckpoint, newest: PackCheckpoint): PackProblem[] {
  if (path === newestPath || size < newest.size) return [];
  const code = size > newest.size ? 'tail-cut' : 'doubled-file';
  const message = `it stands for ${size} leaves, and the newest checkpoint for ${newest.size}`;
  return [tampered(code, path, message)];
}

function readOne(path: string, bytes: Buffer): PackCheckpoint | PackProblem {
  try {
    const note = parseNote(bytes, { where: path, mayBeUnsigned: true });
    const isCanonical = encodeNote(note) === bytes.toString('utf8');
    const checkpoint = parseCheckpoint(note.text, path);
    if (!isCanonical || checkpoint.extensions.length > 0) {
      return tampered('malformed-file', path, 'it is not in the one form of a checkpoint');
    }
    if (path !== newestPath && path !== checkpointPath(checkpoint.size)) {
      const message = `it is the checkpoint of size ${checkpoint.size}`;
      return tampered('malformed-file', path, message);
    }
    return { path, note, ...checkpoint };
  } catch (error) {
    if (!(error instanceof LogFormatError)) throw error;
    return tampered('malformed-file', path, `the checkpoint cannot be read: ${error.message}`);
  }
}
