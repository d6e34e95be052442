import { showHidden } from '../../../src/report/safe-text.ts';
import { escapeText } from '../../../src/text/escape-text.ts';

/** Texts that mean something to a database or to what carries them there. */
export const databaseTexts: Readonly<Record<string, string>> = {
  'the end of a statement': `'; drop table keysweep.finding cascade; --`,
  'an escaped quote': `\\'; delete from keysweep.audit_record; --`,
  'a condition': `x') or 1=1 union select null --`,
  'a quoted name': `x"; truncate keysweep.sweep cascade; --`,
  'parameters of SQL': `$1 $$; ?; :id; %s; $x$`,
  'a pattern': `%_\\%`,
  'U+0000': 'a\0b',
  'half of a surrogate pair': 'a\ud800b',
  'the other half': '\udc00',
  'a long text': `'<b>${'x'.repeat(100_000)}`,
};

/** Texts that mean something to a database, a browser, a terminal or a file system. */
export const hostileTexts: Readonly<Record<string, string>> = {
  'the end of a tag': `"><img src=x onerror=alert(1)>`,
  'a script': '</title></textarea><script>alert(1)</script>',
  'the end of an attribute': `' autofocus onfocus='alert(1)`,
  'an address that is a script': 'javascript:alert(1)//',
  'a link of Markdown': '[click](javascript:alert(1)) ![x](https://evil.example/x.png)',
  'an expression of a template': '{{7*7}} #{7*7} <%= 7*7 %> &lt;b&gt;',
  'lines of a header': 'a\r\nset-cookie: keysweep=a\r\n\r\n<b>b</b>',
  'orders to a terminal': '\u001b[2J\u001b]0;a\u0007\u009b31m',
  'marks that turn text around': '\u202etxt.exe\u2066\u200b\ufeff',
  'a path': '../../../../etc/passwd',
  'a name that objects have': '__proto__',
  ...databaseTexts,
};

/** How the beginning of a text that was kept stands on a page. */
export function asShown(text: string): string {
  return showHidden(escapeText(text))
    .slice(0, 60)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** As much of a text as a line of a request has room for. */
export const mostInAddress = 5_000;

/** A text in an address or a form. Halves of surrogate pairs stay what they are: no UTF-8. */
export function percentEncode(text: string): string {
  return [...text]
    .map((sign) => (/\p{Cs}/u.test(sign) ? encodeHalf(sign.charCodeAt(0)) : encodePlain(sign)))
    .join('');
}

function encodePlain(sign: string): string {
  return encodeURIComponent(sign).replace("'", '%27');
}

function encodeHalf(code: number): string {
  const bytes = [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
  return bytes.map((byte) => `%${byte.toString(16)}`).join('');
}
