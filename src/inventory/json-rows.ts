/** An entry of a JSON list: its offsets in bytes, and how many keys are written in an object. */
export interface JsonRow {
  readonly start: number;
  readonly end: number;
  readonly keys: number;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
/** Brackets and braces, and how each changes the depth. */
const depthChanges: ReadonlyMap<number, number> = new Map([
  [0x5b, 1],
  [0x7b, 1],
  [0x5d, -1],
  [0x7d, -1],
]);

/**
 * Finds the entries of a list. It follows only quotes, brackets and commas, so the text may have
 * mistakes. Use it to locate mistakes; JSON.parse reads the values.
 */
export function findJsonRows(bytes: Buffer): JsonRow[] {
  const scan = { depth: 0, keys: 0 };
  const marks: { readonly offset: number; readonly keys: number }[] = [];
  const mark = (offset: number) => {
    marks.push({ offset, keys: scan.keys });
    scan.keys = 0;
  };
  for (let offset = 0; offset < bytes.length; offset++) {
    const sign = bytes[offset] ?? 0;
    if (sign === quote) offset = endOfString(bytes, offset);
    else if (separatesRows(scan, sign)) mark(offset);
  }
  if (scan.depth > 0) mark(bytes.length);
  return marks.slice(1).map(({ offset, keys }, row) => {
    const start = skipSpace(bytes, (marks[row]?.offset ?? 0) + 1);
    return { start, end: offset, keys };
  });
}

/** Counts depth and keys. The list's own brackets and the commas between them separate rows. */
function separatesRows(scan: { depth: number; keys: number }, sign: number): boolean {
  const before = scan.depth;
  scan.depth += depthChanges.get(sign) ?? 0;
  if (sign === colon && before === 2) scan.keys++;
  return Math.max(before, scan.depth) === 1 && (sign === comma || before !== scan.depth);
}

function endOfString(bytes: Buffer, start: number): number {
  let offset = start + 1;
  while (offset < bytes.length && bytes[offset] !== quote) {
    offset += bytes[offset] === backslash ? 2 : 1;
  }
  return offset;
}

function skipSpace(bytes: Buffer, start: number): number {
  let offset = start;
  while (offset < bytes.length && (bytes[offset] ?? 0) <= 0x20) offset++;
  return offset;
}
