/** A mail as a program reads it: headers unfolded, by lower-case name; parts decoded, by type. */
export interface ReadMail {
  readonly headers: ReadonlyMap<string, string>;
  readonly type: string;
  readonly parts: ReadonlyMap<string, string>;
  readonly order: readonly string[];
}

/** Reads what we write and no more: multipart with quoted-printable or base64 parts in UTF-8. */
export function readMail(message: string): ReadMail {
  const { headers, body } = splitHeaders(message);
  const type = headers.get('content-type') ?? '';
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1] ?? '';
  const pieces = body.split(`--${boundary}`).slice(1, -1);
  const parts = pieces.map((piece) => {
    const part = splitHeaders(piece.replace(/^\r\n/, ''));
    const kind = part.headers.get('content-type')?.split(';')[0] ?? '';
    return [kind, decode(part.body, part.headers.get('content-transfer-encoding'))] as const;
  });
  return {
    headers,
    type: type.split(';')[0] ?? '',
    parts: new Map(parts),
    order: parts.map(([kind]) => kind),
  };
}

function splitHeaders(text: string) {
  const end = text.indexOf('\r\n\r\n');
  const lines = text
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), decodeWords(line.slice(colon + 1).trim())] as const;
  });
  if (new Set(headers.map(([name]) => name)).size !== headers.length) {
    throw new Error('a header stands twice');
  }
  return { headers: new Map(headers), body: text.slice(end + 4) };
}

function decode(body: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  const plain = body.replace(/\r\n$/, '');
  if (encoding !== 'quoted-printable') return plain.replaceAll('\r\n', '\n');
  return fromHex(plain.replace(/=\r\n/g, ''), /=([0-9A-F]{2})/g).replaceAll('\r\n', '\n');
}

function decodeWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?Q\?(.*?)\?=/gi, (_, word: string) =>
      fromHex(word.replaceAll('_', ' '), /=([0-9A-F]{2})/g),
    )
    .replace(/=\?UTF-8\?B\?(.*?)\?=/gi, (_, word: string) =>
      Buffer.from(word, 'base64').toString(),
    );
}

function fromHex(text: string, form: RegExp): string {
  const bytes = text.replace(form, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}
