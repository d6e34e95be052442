import { hash } from 'node:crypto';
import { resolve } from 'node:path';
import {
  type Mistake,
  type Path,
  type Position,
  quoted,
  toMistake,
} from '../../documents/mistake.ts';
import { textsOf } from '../check-references.ts';

/** A file that keysweep.yaml names. */
export interface NamedFile extends Position {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  /** Where keysweep.yaml names it. */
  readonly path: Path;
}

/** The files of a configuration. Those that keysweep.yaml does not name well are left out. */
export interface NamedFiles {
  /** keysweep.yaml itself: absolute. */
  readonly config: string;
  /** The hash of its text when it was read. */
  readonly configHash: string;
  readonly policy: NamedFile | undefined;
  /** Each file once. */
  readonly inventory: readonly NamedFile[];
  /** The ids that keys may name; undefined if none is known. */
  readonly sources: ReadonlySet<string> | undefined;
  /** Mistakes show files relative to this folder. */
  readonly cwd: string;
}

export interface ListedFrom {
  readonly config: string;
  readonly text: string;
  /** The folder of keysweep.yaml. */
  readonly folder: string;
  readonly cwd: string;
  locate(path: Path): Position;
}

/** The files that keysweep.yaml names. Its plain value `raw` may have mistakes. */
export function listNamedFiles(raw: unknown, from: ListedFrom): NamedFiles {
  const { config, text, folder, cwd, locate } = from;
  const named = (name: string, path: Path): NamedFile => ({
    name,
    file: resolve(folder, name),
    path,
    ...locate(path),
  });
  const policy = (raw as { policy?: unknown } | null)?.policy;
  const lists = textsOf(raw, 'inventory', 'file');
  const ids = textsOf(raw, 'sources', 'id').map((source) => source.text);
  return {
    config,
    configHash: hashText(text),
    policy: typeof policy === 'string' && policy !== '' ? named(policy, ['policy']) : undefined,
    // A repeated file is already one mistake; reading it once avoids another for each of its keys.
    inventory: lists
      .filter((one, n) => lists.findIndex((each) => each.text === one.text) === n)
      .map((one) => named(one.text, ['inventory', one.place, 'file'])),
    sources: ids.length > 0 ? new Set(ids) : undefined,
    cwd,
  };
}

/** `sha256:` and 64 hex digits. */
export function hashText(text: string): string {
  return `sha256:${hash('sha256', text)}`;
}

/** The mistake of the line that names a file that cannot be opened. */
export function misnamedFile(
  { config, cwd }: Pick<NamedFiles, 'config' | 'cwd'>,
  { name, ...at }: NamedFile,
  why: string,
): Mistake {
  return toMistake({ ...at, message: `${quoted(name)} ${why}` }, config, cwd);
}
