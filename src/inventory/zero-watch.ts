import { quoted } from '../documents/mistake.ts';

type Warning = (cwd: string) => string;
type Warn = (message: string) => Warning;

/** The ids of one length that consist of digits and begin with another digit than 0. */
interface Shorter {
  count: number;
  readonly first: { readonly keyId: string; readonly warn: Warn }[];
}

/** Of a source: the lengths of ids with a leading zero, and the other ids by their length. */
interface Digits {
  readonly zeros: Set<number>;
  readonly others: Map<number, Shorter>;
}

/** Looks for ids of digits that lost leading zeros, where others of their source have them. */
export function createZeroWatch(mostKept: number) {
  const sources = new Map<string, Digits>();
  return {
    see(source: string, keyId: string, warn: Warn): void {
      if (!/^\d+$/.test(keyId)) return;
      const seen: Digits = sources.get(source) ?? { zeros: new Set(), others: new Map() };
      sources.set(source, seen);
      if (keyId.startsWith('0') && keyId.length > 1) {
        seen.zeros.add(keyId.length);
        return;
      }
      const same = seen.others.get(keyId.length) ?? { count: 0, first: [] };
      seen.others.set(keyId.length, same);
      same.count++;
      if (same.first.length < mostKept) same.first.push({ keyId, warn });
    },
    /** Warnings about the first such ids, and the count of all. */
    lost(): { readonly warnings: readonly Warning[]; readonly count: number } {
      const found = [...sources.values()].flatMap(findShorter);
      return {
        warnings: found.flatMap(({ warnings }) => warnings),
        count: found.reduce((sum, { count }) => sum + count, 0),
      };
    },
  };
}

/** Ids with zeros of several lengths have no common length that another could fall short of. */
function findShorter({ zeros, others }: Digits) {
  const [length = 0] = zeros.size === 1 ? zeros : [];
  return [...others]
    .filter(([shorter]) => shorter < length)
    .map(([, { count, first }]) => ({
      count,
      warnings: first.map(({ keyId, warn }) => warn(wordsOf(keyId, length))),
    }));
}

function wordsOf(keyId: string, length: number): string {
  return (
    `${quoted(keyId)} may have lost leading zeros in a spreadsheet: ` +
    `other ids of this source have ${length} digits and begin with 0`
  );
}
