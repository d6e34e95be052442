const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * The UTF-8 text of a CSV file. Spreadsheets also write UTF-16 with a byte order mark, and old ones
 * end a line with a carriage return alone. Other bytes are returned as they are.
 */
export function decodeSpreadsheet(bytes: Buffer): Buffer {
  const text = decodeUtf16(bytes) ?? bytes;
  if (!text.includes(lineFeed)) replaceAll(text, carriageReturn, lineFeed);
  return text;
}

function decodeUtf16(bytes: Buffer): Buffer | undefined {
  const mark = bytes.length % 2 === 0 ? bytes.toString('hex', 0, 2) : '';
  if (mark !== 'fffe' && mark !== 'feff') return undefined;
  const littleEndian = mark === 'fffe' ? bytes : Buffer.from(bytes).swap16();
  try {
    return Buffer.from(new TextDecoder('utf-16le', { fatal: true }).decode(littleEndian));
  } catch {
    return undefined;
  }
}

function replaceAll(bytes: Buffer, from: number, to: number): void {
  for (let at = bytes.indexOf(from); at !== -1; at = bytes.indexOf(from, at + 1)) bytes[at] = to;
}
