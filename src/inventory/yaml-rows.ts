const lineFeed = 0x0a;

/** Lines above the first row that say nothing. */
const emptyLine = /^ *(?:#.*)?\r?$/;
const startMark = /^--- *(?: #.*)?\r?$/;
const rowStart = /^-(?:[ \t\r]|$)/;

/**
 * Where the first row stands when the document is a list whose rows can be told apart by their
 * first line, each of which means the same by itself as among the others. Undefined for any other,
 * be it right or not.
 */
export function startOfRows(bytes: Buffer): number | undefined {
  const said = skipEmptyLines(bytes, 0);
  const start = startMark.test(lineAt(bytes, said))
    ? skipEmptyLines(bytes, endOfLine(bytes, said) + 1)
    : said;
  return rowStart.test(lineAt(bytes, start)) && isOfRowsOnly(bytes, start) ? start : undefined;
}

/** Where the next row begins, or the end of the text. */
export function endOfRow(bytes: Buffer, start: number): number {
  let end = bytes.indexOf('\n-', start);
  while (end !== -1 && !isBlank(bytes[end + 2])) end = bytes.indexOf('\n-', end + 1);
  return end === -1 ? bytes.length : end + 1;
}

/** After the mark that ends a document no row may follow; what an anchor names, any row may use. */
function isOfRowsOnly(bytes: Buffer, start: number): boolean {
  return !bytes.includes('\n...', start) && !hasAnchor(bytes);
}

/** What may stand right before an anchor: space, or what flow style puts between values. */
const beforeAnchor: readonly (number | undefined)[] = [...' \t\r\n,[{:'].map((sign) =>
  sign.charCodeAt(0),
);

/** Whether there may be one: texts such as `A &B` look alike, and that is no harm. */
function hasAnchor(bytes: Buffer): boolean {
  for (let at = bytes.indexOf('&'); at !== -1; at = bytes.indexOf('&', at + 1)) {
    if (beforeAnchor.includes(bytes[at - 1]) && !isBlank(bytes[at + 1])) return true;
  }
  return false;
}

function skipEmptyLines(bytes: Buffer, first: number): number {
  let start = first;
  while (start < bytes.length && emptyLine.test(lineAt(bytes, start))) {
    start = endOfLine(bytes, start) + 1;
  }
  return start;
}

function lineAt(bytes: Buffer, start: number): string {
  return bytes.toString('utf8', start, endOfLine(bytes, start));
}

function endOfLine(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(lineFeed, start);
  return end === -1 ? bytes.length : end;
}

/** Space, tab, the end of a line or of the text. */
function isBlank(byte: number | undefined): boolean {
  return byte === undefined || byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
