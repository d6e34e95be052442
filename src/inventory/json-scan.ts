/** An element of a list: its bytes, and how many keys it has if it is an object. */
export interface Element {
  readonly start: number;
  readonly end: number;
  readonly keys: number;
}

const space = 0x20;
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const opening: readonly number[] = [0x5b, 0x7b];
const closing: readonly number[] = [0x5d, 0x7d];

/** The elements of the list that a text of valid JSON holds. */
export function scanElements(bytes: Buffer): Element[] {
  const scan: Scan = { elements: [], depth: 0, start: -1, keys: 0 };
  for (let offset = 0; offset < bytes.length; offset++) {
    const byte = bytes[offset] ?? 0;
    if (byte <= space) continue;
    if (scan.depth === 1) meetAtTop(scan, byte, offset);
    if (byte === quote) offset = endOfString(bytes, offset);
    else meet(scan, byte);
  }
  return scan.elements;
}

interface Scan {
  readonly elements: Element[];
  depth: number;
  /** Where the element being read begins; -1 between elements. */
  start: number;
  keys: number;
}

/** Between the brackets of the list itself: elements begin, commas and the last bracket end them. */
function meetAtTop(scan: Scan, byte: number, offset: number): void {
  if (byte !== comma && !closing.includes(byte)) {
    if (scan.start === -1) scan.start = offset;
    return;
  }
  if (scan.start !== -1) {
    scan.elements.push({ start: scan.start, end: offset, keys: scan.keys });
  }
  scan.start = -1;
  scan.keys = 0;
}

function meet(scan: Scan, byte: number): void {
  if (opening.includes(byte)) scan.depth++;
  else if (closing.includes(byte)) scan.depth--;
  else if (byte === colon && scan.depth === 2) scan.keys++;
}

function endOfString(bytes: Buffer, start: number): number {
  let offset = start + 1;
  while (offset < bytes.length && bytes[offset] !== quote) {
    offset += bytes[offset] === backslash ? 2 : 1;
  }
  return offset;
}
