import { hash } from 'node:crypto';
import { listPath, parsePackPath } from '../../pack-files/pack-paths.ts';
import type { PackReader } from '../../pack-files/pack-reader.ts';
import { hashPackedList, parsePackedList } from '../../pack-files/packed-list.ts';
import { type PackProblem, tampered } from '../problem.ts';
import { readPackForm } from '../read-pack-form.ts';

/** The keys of a batch, in the order of its pack. */
export interface KeysOfList {
  readonly source: string;
  readonly keys: readonly { readonly keyId: string; readonly entryHash: Buffer }[];
}

/** The lists of keys of a pack. It remembers which ones were asked for. */
export interface PackLists {
  /** `listHash`: in hex. Undefined where the list is not there, or not that one: see `problems`. */
  read(listHash: string): Promise<KeysOfList | undefined>;
  readonly problems: readonly PackProblem[];
  listUnused(): readonly string[];
}

/** Most sweeps have the lists of the sweep before. */
const mostKept = 2_000;

export function openLists(reader: PackReader): PackLists {
  const problems: PackProblem[] = [];
  const asked = new Set<string>();
  const kept = new Map<string, KeysOfList | undefined>();
  const readList = async (listHash: string) => {
    const path = listPath(listHash);
    const read = await readPackForm(reader, path, parsePackedList);
    if (read.ok && hashPackedList(read.value).toString('hex') === listHash) {
      const { source, keys } = read.value;
      return {
        source,
        keys: keys.map(([keyId, entry]) => ({ keyId, entryHash: hash('sha256', entry, 'buffer') })),
      };
    }
    const message = 'the keys in it are not those that the sweep had';
    const problem = read.ok ? tampered('object-differs', path, message) : read.problem;
    if (!asked.has(listHash)) problems.push(problem);
    return undefined;
  };
  return {
    problems,
    async read(listHash) {
      if (kept.has(listHash)) return kept.get(listHash);
      const list = await readList(listHash);
      asked.add(listHash);
      if (kept.size >= mostKept) kept.clear();
      kept.set(listHash, list);
      return list;
    },
    listUnused: () =>
      reader.paths.filter((path) => {
        const listHash = parsePackPath('list', path);
        return listHash !== undefined && !asked.has(listHash);
      }),
  };
}
