import { createKeptBlocks, type KeptBlocks } from '../../../blocks/kept-blocks.ts';
import type { StoredJudgement } from '../../store/stored-judgement.ts';

/** What a closed sweep says of a key. Rows stand for what is read when the key is reported. */
export interface OrderedKey {
  /** The row of the key. */
  readonly id: number;
  readonly source: string;
  readonly keyId: string;
  /** The row of what the inventory said. */
  readonly entry: number;
  readonly verdict: number;
  /** The row of what the vendor said, if it said anything. */
  readonly observation: number | null;
  /** In milliseconds. */
  readonly lastUsed: number | null;
  /** Only of keys that are asked for by a mark. */
  readonly judgement: StoredJudgement | null;
}

/** A key as a database returns it. */
export interface OrderedRow {
  /**
   * With commas: marks, place of the source (from 1; or 0), key, entry, verdict, observation (or 0),
   * last use (or `never`).
   */
  readonly numbers: string;
  readonly name: string;
  /** In JSON. */
  readonly judgement: string | null;
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
  /** The next keys of these sources: `keysOfPart` at most. */
  add(sources: readonly string[], rows: readonly OrderedRow[]): void;
}

/** How many keys are read and written together. */
export const keysOfPart = 1_000;

/** No instant of JavaScript is as early. */
export const never = -9e15;

/** How many numbers are kept of each key. */
const width = 7;

/** Stands in no text of PostgreSQL, and in no JSON. */
const betweenTexts = '\0';

/** What is known of the keys of one `add`, whose numbers, names and judgements are a block each. */
interface Added {
  readonly sources: readonly string[];
  /** Those that some key bears. */
  readonly marks: number;
}

export function createReportOrder(blocks: KeptBlocks = createKeptBlocks()): GrowingOrder {
  const added: Added[] = [];
  return {
    add(sources, rows) {
      const joined = rows.map(({ numbers }) => numbers).join(',');
      const numbers = Float64Array.from(JSON.parse(`[${joined}]`) as number[]);
      let marks = 0;
      for (let at = 0; at < numbers.length; at += width) marks |= numbers[at] ?? 0;
      blocks.add(Buffer.from(numbers.buffer));
      blocks.add(Buffer.from(rows.map(({ name }) => name).join(betweenTexts)));
      blocks.add(Buffer.from(rows.map(({ judgement }) => judgement).join(betweenTexts)));
      added.push({ sources, marks });
    },
    *parts(mark) {
      let part: OrderedKey[] = [];
      for (const [at, { sources, marks }] of added.entries()) {
        if (!bears(marks, mark)) continue;
        part.push(...readRows(blocks, at * 3, sources, mark));
        if (part.length < keysOfPart) continue;
        yield part;
        part = [];
      }
      if (part.length > 0) yield part;
    },
  };
}

function bears(marks: number, mark: number | undefined): boolean {
  return mark === undefined || (marks & mark) !== 0;
}

function readRows(
  blocks: KeptBlocks,
  place: number,
  sources: readonly string[],
  mark: number | undefined,
): readonly OrderedKey[] {
  const numbers = readNumbers(blocks.read(place));
  const names = readTexts(blocks.read(place + 1));
  const judgements = mark === undefined ? [] : readTexts(blocks.read(place + 2));
  const keys: OrderedKey[] = [];
  for (const [row, keyId] of names.entries()) {
    const number = (at: number) => numbers[row * width + at] ?? 0;
    if (!bears(number(0), mark)) continue;
    const [observation, lastUsed] = [number(5), number(6)];
    keys.push({
      id: number(2),
      source: sourceAt(sources, number(1)),
      keyId,
      entry: number(3),
      verdict: number(4),
      observation: observation === 0 ? null : observation,
      lastUsed: lastUsed === never ? null : lastUsed,
      judgement: parseJudgement(judgements[row]),
    });
  }
  return keys;
}

/** Only damaged records hold a key of another source than its batch. */
function sourceAt(sources: readonly string[], place: number): string {
  const source = sources[place - 1];
  if (source === undefined) throw new Error('the records hold a key of an unknown source');
  return source;
}

function parseJudgement(json: string | undefined): StoredJudgement | null {
  return json ? JSON.parse(json) : null;
}

function readTexts(bytes: Buffer): readonly string[] {
  return bytes.toString().split(betweenTexts);
}

/** From a copy, because the bytes of a file may begin anywhere in memory. */
function readNumbers({ buffer, byteOffset, length }: Buffer): Float64Array {
  return new Float64Array(buffer.slice(byteOffset, byteOffset + length));
}
