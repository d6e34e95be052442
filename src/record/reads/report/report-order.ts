import { createKeptBlocks, type KeptBlocks } from '../../../blocks/kept-blocks.ts';

/** What a closed sweep says of a key. Rows stand for what is read when the key is reported. */
export interface OrderedKey {
  /** The row of the key. */
  readonly id: number;
  readonly source: string;
  readonly keyId: string;
  readonly batch: number;
  /** The row of what the inventory said. */
  readonly entry: number;
  readonly verdict: number;
  /** The row of what the vendor said, if it said anything. */
  readonly observation: number | null;
  /** In milliseconds. */
  readonly lastUsed: number | null;
}

/** A key as a database returns it. */
export interface OrderedRow {
  /** With commas: marks, key, batch, entry, verdict, observation (or 0), last use (or `never`). */
  readonly numbers: string;
  readonly source: string;
  readonly name: string;
}

/**
 * The keys of a closed sweep in the order of its report: by source, then by name. Only the
 * keys of small sweeps stay in memory, because there may be millions.
 */
export interface ReportOrder {
  /** All of them, or those that bear a mark, some at a time and as often as they are asked for. */
  parts(mark?: number): Iterable<readonly OrderedKey[]>;
}

/** An order that is being made. */
export interface GrowingOrder extends ReportOrder {
  /** The next keys: about `keysOfPart`. */
  add(rows: readonly OrderedRow[]): void;
}

/** How many keys are read and written together. */
export const keysOfPart = 1_000;

/** No instant of JavaScript is as early. */
export const never = -9e15;

/** How many numbers are kept of each key. */
const width = 8;

/** Stands in no text of PostgreSQL. */
const betweenNames = '\0';

/** Each `add` makes two blocks: the numbers of its keys, then their names. */
export function createReportOrder(blocks: KeptBlocks = createKeptBlocks()): GrowingOrder {
  const sources: string[] = [];
  return {
    add(rows) {
      const texts = rows.map(({ numbers, source }) => {
        if (sources.at(-1) !== source) sources.push(source);
        return `${numbers},${sources.length - 1}`;
      });
      const numbers = new Float64Array(JSON.parse(`[${texts.join(',')}]`) as number[]);
      blocks.add(Buffer.from(numbers.buffer));
      blocks.add(Buffer.from(rows.map(({ name }) => name).join(betweenNames)));
    },
    *parts(mark) {
      let part: OrderedKey[] = [];
      for (let place = 0; place < blocks.count; place += 2) {
        part.push(...readRows(blocks, place, sources, mark));
        if (part.length < keysOfPart) continue;
        yield part;
        part = [];
      }
      if (part.length > 0) yield part;
    },
  };
}

function readRows(
  blocks: KeptBlocks,
  place: number,
  sources: readonly string[],
  mark: number | undefined,
): readonly OrderedKey[] {
  // A copy, because the bytes of a file may begin anywhere in memory.
  const numbers = new Float64Array(Uint8Array.from(blocks.read(place)).buffer);
  const wanted: number[] = [];
  for (let row = 0; row * width < numbers.length; row += 1) {
    if (mark === undefined || ((numbers[row * width] ?? 0) & mark) !== 0) wanted.push(row);
  }
  if (wanted.length === 0) return [];
  const names = blocks
    .read(place + 1)
    .toString()
    .split(betweenNames);
  return wanted.map((row) => {
    const number = (at: number) => numbers[row * width + at] ?? 0;
    const [observation, lastUsed] = [number(5), number(6)];
    return {
      ...{ id: number(1), source: sources[number(7)] ?? '', keyId: names[row] ?? '' },
      ...{ batch: number(2), entry: number(3), verdict: number(4) },
      observation: observation === 0 ? null : observation,
      lastUsed: lastUsed === never ? null : lastUsed,
    };
  });
}
