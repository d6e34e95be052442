import { decodeUtf8 } from '../log/strict-text.ts';

/**
 * A text as it stands, and as the encodings of mails, web pages and JSON make it: whoever looks for
 * something in a file need not know which of them it has. No text is much longer than the first.
 */
export function* textsWithin(text: string): Generator<string> {
  for (const body of bodiesWithin(text)) {
    yield body;
    yield decodePage(body);
    // A message may quote another one's JSON.
    yield listJsonTexts(body);
    const once = decodeJsonText(body);
    if (once === body) continue;
    yield once;
    yield decodePage(decodeJsonText(once));
  }
}

/** The text, and its parts in the encodings of MIME. */
function* bodiesWithin(text: string): Generator<string> {
  yield text;
  if (/=(?:[0-9A-F]{2}|\r?\n)/.test(text)) yield decodeQuotedPrintable(text);
  yield* decodeBase64Parts(text);
}

/** RFC 2045, section 6.7. */
function decodeQuotedPrintable(text: string): string {
  const joined = text.replace(/=[ \t]{0,20}\r?\n/g, '');
  return joined.replace(/(?:=[0-9A-F]{2})+/g, (octets) => {
    return Buffer.from(octets.replaceAll('=', ''), 'hex').toString('utf8');
  });
}

/** A shorter part than a checkpoint is none. */
const shortestPart = 80;

/** RFC 2045, section 6.8: runs of lines with nothing but Base64, also where a mail quotes them. */
function* decodeBase64Parts(text: string): Generator<string> {
  let lines: string[] = [];
  for (const line of [...linesOf(text), '']) {
    const bare = line.replace(/^[\s>]{0,40}/, '').trimEnd();
    if (/^[A-Za-z0-9+/]+={0,2}$/.test(bare)) {
      lines.push(bare);
      continue;
    }
    const part = lines.join('');
    lines = [];
    if (part.length < shortestPart) continue;
    const decoded = decodeUtf8(Buffer.from(part, 'base64'));
    if (decoded !== undefined) yield decoded;
  }
}

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start <= text.length; ) {
    const end = text.indexOf('\n', start);
    yield text.slice(start, end < 0 ? undefined : end);
    if (end < 0) return;
    start = end + 1;
  }
}

const names: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', NewLine: '\n' },
  ...{ equals: '=', plus: '+', sol: '/' },
};

/** The text of a web page, with a space for each element's begin and end. */
function decodePage(text: string): string {
  const bare = text.replace(/<\/?[A-Za-z][^<>]{0,2000}>/g, ' ');
  return bare.replace(
    /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([A-Za-z]{2,8}));/gi,
    (whole, ...parts) => {
      const [hex, decimal, name] = parts as readonly (string | undefined)[];
      if (name !== undefined) return names[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

/** The members that are called so in JSON, a line each: a card of Teams has one for each line. */
function listJsonTexts(text: string): string {
  const members = text.matchAll(/"text"\s{0,9}:\s{0,9}"([^"\\]{0,300})"/g);
  return Array.from(members, ([, member = '']) => member).join('\n');
}

/** Escapes of JSON's texts. What is escaped twice loses one level. */
function decodeJsonText(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/g, (_whole, hex, letter) => {
    if (typeof hex === 'string') return String.fromCharCode(Number.parseInt(hex, 16));
    return escapes[letter as string] ?? (letter as string);
  });
}

const escapes: Readonly<Record<string, string>> = { b: ' ', f: ' ', n: '\n', r: '\r', t: '\t' };
