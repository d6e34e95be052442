import { hash } from 'node:crypto';
import { decodeUtf8 } from '../../log/strict-text.ts';
import { objectPath, parsePackPath } from '../../pack-files/pack-paths.ts';
import type { PackReader } from '../../pack-files/pack-reader.ts';
import { type PackProblem, tampered } from '../problem.ts';

/** An object of the pack: its text, or why there is none. */
export type ObjectRead = { readonly text: string } | 'absent' | 'differs';

/** The objects of a pack. It remembers which ones were asked for. */
export interface PackObjects {
  /** `sha256`: the name. Objects whose bytes have another hash are reported once. */
  read(sha256: string): Promise<ObjectRead>;
  readonly problems: readonly PackProblem[];
  /** The paths of those that nobody asked for. */
  listUnused(): readonly string[];
}

export function openObjects(reader: PackReader): PackObjects {
  const problems: PackProblem[] = [];
  const asked = new Set<string>();
  return {
    problems,
    async read(sha256) {
      const path = objectPath(sha256);
      const isFirst = !asked.has(sha256);
      asked.add(sha256);
      if (!reader.has(path)) return 'absent';
      const bytes = await reader.read(path);
      const found = hash('sha256', bytes);
      const text = decodeUtf8(bytes);
      if (found === sha256 && text !== undefined) return { text };
      const message = `its bytes are not those that the log stands for: their SHA-256 is ${found}`;
      if (isFirst) problems.push(tampered('object-differs', path, message));
      return 'differs';
    },
    listUnused: () =>
      reader.paths.filter((path) => {
        const sha256 = parsePackPath('object', path);
        return sha256 !== undefined && !asked.has(sha256);
      }),
  };
}
