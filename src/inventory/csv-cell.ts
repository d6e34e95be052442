const quote = 0x22;
const comma = 0x2c;

/** The offset in bytes of a cell; `after` is where the previous row ended. Skips empty lines. */
export function offsetOfCell(bytes: Buffer, after: number, column: number): number {
  let offset = skipSpace(bytes, after);
  for (let passed = 0; passed < column; passed++) {
    const end = endOfCell(bytes, offset);
    if (bytes[end] !== comma) return offset;
    offset = skipBlanks(bytes, end + 1);
  }
  return offset;
}

/** The offset of the comma or line end after a cell; those inside quotes are part of the cell. */
function endOfCell(bytes: Buffer, start: number): number {
  let inQuotes = false;
  for (let offset = start; offset < bytes.length; offset++) {
    const byte = bytes[offset];
    if (byte === quote) inQuotes = !inQuotes;
    else if (!inQuotes && (byte === comma || isLineEnd(byte))) return offset;
  }
  return bytes.length;
}

function skipSpace(bytes: Buffer, start: number): number {
  let offset = start;
  while (isLineEnd(bytes[offset]) || isBlank(bytes[offset])) offset++;
  return offset;
}

function skipBlanks(bytes: Buffer, start: number): number {
  let offset = start;
  while (isBlank(bytes[offset])) offset++;
  return offset;
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}
