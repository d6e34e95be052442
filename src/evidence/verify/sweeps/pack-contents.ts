import { hash } from 'node:crypto';
import { type Content, contentsPerFile, parseContents } from '../../pack-files/contents.ts';
import { contentsPath, parsePackPath } from '../../pack-files/pack-paths.ts';
import { type PackReader, PackUnreadable } from '../../pack-files/pack-reader.ts';
import { type PackProblem, tampered } from '../problem.ts';
import { malformedFile, readPackForm } from '../read-pack-form.ts';

/** What vendors said, by the rows of the records. */
export interface PackContents {
  /** The SHA-256 of a content; undefined where the pack lacks it. */
  hashOf(row: number): Buffer | undefined;
  readonly problems: readonly PackProblem[];
  /** What is wrong with contents that no batch refers to. */
  listUnused(): readonly PackProblem[];
}

/** Their hashes are kept in memory: ten changes of each of a million keys. */
const mostContents = 10_000_000;

function tooMany(): PackUnreadable {
  return new PackUnreadable(
    `it has more than ${mostContents} contents, and this program reads no more`,
  );
}

export async function readContents(reader: PackReader): Promise<PackContents> {
  const hashes = new Map<number, Buffer>();
  const asked = new Set<number>();
  const problems: PackProblem[] = [];
  const paths = reader.paths.filter((path) => parsePackPath('contents', path) !== undefined);
  let last = 0;
  for (const index of paths.keys()) {
    const path = contentsPath(index);
    const read = await readPackForm(reader, path, parseContents);
    const problem = read.ok
      ? checkFile(path, read.value, { last, isLast: index === paths.length - 1 })
      : read.problem;
    if (problem !== undefined) problems.push(problem);
    last = read.ok ? addHashes(hashes, read.value) : last;
  }
  return {
    problems,
    hashOf(row) {
      asked.add(row);
      return hashes.get(row);
    },
    listUnused() {
      const unused = [...hashes.keys()].filter((row) => !asked.has(row));
      if (unused.length === 0) return [];
      const message = `no sweep of the pack refers to ${unused.length} of its contents, such as that of row ${unused[0]}`;
      return [tampered('unknown-file', 'contents', message)];
    },
  };
}

/** Returns the last row. Throws `PackUnreadable` for more than this program can keep. */
function addHashes(hashes: Map<number, Buffer>, contents: readonly Content[]): number {
  for (const { row, text } of contents) {
    hashes.set(row, hash('sha256', text, 'buffer'));
  }
  if (hashes.size > mostContents) throw tooMany();
  return contents.at(-1)?.row ?? 0;
}

/** Rows must ascend over all files, and only the last file may have fewer than all. */
function checkFile(
  path: string,
  contents: readonly Content[],
  { last, isLast }: { readonly last: number; readonly isLast: boolean },
): PackProblem | undefined {
  const isFull = contents.length === contentsPerFile;
  const fits = isFull || (isLast && contents.length < contentsPerFile);
  let before = last;
  const ascends = contents.every(({ row }) => {
    const is = row > before;
    before = row;
    return is;
  });
  return fits && ascends ? undefined : malformedFile(path);
}
