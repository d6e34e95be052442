/** An element of a list: its bytes, and how many keys it has if it is an object. */
export interface Element {
  readonly start: number;
  readonly end: number;
  readonly keys: number;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const listStart = 0x5b;
const listEnd = 0x5d;
const objectStart = 0x7b;
const objectEnd = 0x7d;

/** Where the first element of a list is looked for; undefined when the text is no list. */
export function startOfList(bytes: Buffer): number | undefined {
  const offset = skipSpace(bytes, 0);
  return bytes[offset] === listStart ? offset + 1 : undefined;
}

/**
 * Hands out the elements of a list one by one, as long as they are wanted. Each is as much as
 * brackets and quotes make it: whether it is JSON is for the taker to see. What stands where a
 * comma, an element or the end should be ends the reading: its offset comes back.
 */
export function eachElement(
  bytes: Buffer,
  first: number,
  take: (element: Element) => boolean,
): number | undefined {
  let offset = skipSpace(bytes, first);
  if (bytes[offset] === listEnd) return strayAfter(bytes, offset);
  while (true) {
    const element = scanElement(bytes, offset);
    if (!take(element)) return undefined;
    if (bytes[element.end] === listEnd) return strayAfter(bytes, element.end);
    if (bytes[element.end] !== comma) return element.end;
    offset = skipSpace(bytes, element.end + 1);
  }
}

/** After the list there may be space. */
function strayAfter(bytes: Buffer, end: number): number | undefined {
  const offset = skipSpace(bytes, end + 1);
  return offset < bytes.length ? offset : undefined;
}

/** From its first byte to the comma or bracket that ends it, or to the end of the text. */
function scanElement(bytes: Buffer, start: number): Element {
  const scan = { depth: 0, keys: 0 };
  let offset = start;
  for (; offset < bytes.length; offset++) {
    const byte = bytes[offset];
    if (scan.depth === 0 && endsElement(byte)) break;
    if (byte === quote) offset = endOfString(bytes, offset);
    else meet(scan, byte);
  }
  return { start, end: Math.min(offset, bytes.length), keys: scan.keys };
}

function endsElement(byte: number | undefined): boolean {
  return byte === comma || byte === listEnd || byte === objectEnd;
}

function meet(scan: { depth: number; keys: number }, byte: number | undefined): void {
  if (byte === listStart || byte === objectStart) scan.depth++;
  else if (byte === listEnd || byte === objectEnd) scan.depth--;
  else if (byte === colon && scan.depth === 1) scan.keys++;
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
  while (isSpace(bytes[offset])) offset++;
  return offset;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
