import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { findCheckpoints } from '../../../src/evidence/auditing/find-checkpoints.ts';
import { origin } from '../verify/installation.ts';
import { nights } from '../verify/scenes.ts';

const home = nights(3);
const note = home.checkpoints.get(7)!;
const [, size = '', root = ''] = note.split('\n');
const own = [{ origin, size: 7, root: Buffer.from(root, 'base64') }];

/** As mails carry octets that are no ASCII, and lines of over 76 letters. */
function quotedPrintable(text: string): string {
  const octets = [...Buffer.from(text)].map((octet) => {
    const isPlain = octet === 10 || (octet >= 32 && octet <= 126 && octet !== 61);
    return isPlain
      ? String.fromCharCode(octet)
      : `=${octet.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return octets
    .join('')
    .split('\n')
    .map((line) => line.replace(/(.{70})(?=.)/g, '$1=\r\n'))
    .join('\r\n');
}

function base64(text: string, width = 76): string {
  const whole = Buffer.from(text).toString('base64');
  return whole.replace(new RegExp(`(.{${width}})`, 'g'), '$1\r\n');
}

const head = 'Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n';
const mail = `Guten Tag, größer.\n\nCheckpoint of the evidence log:\n${note}`;
const page = `<!doctype html><td style="a"><div>Checkpoint:</div><pre class="checkpoint">${note.replaceAll('+', '&#43;')}</pre></td>\n`;
const webhook = JSON.stringify({
  type: 'x',
  data: { text: 'ü "y"' },
  evidence: { checkpoint: note },
});
const quoted = (text: string, mark: string) => text.replace(/^/gm, mark);
const card = {
  body: note.split('\n').map((text) => ({ type: 'TextRun', text: text || ' ', size: 'Small' })),
};

describe('finds a checkpoint', () => {
  test.each([
    ['a note', note],
    ['its first three lines', `${origin}\n${size}\n${root}`],
    ['a note with the line feeds of Windows', note.replaceAll('\n', '\r\n')],
    ['one line', `see ${origin} ${size} ${root}.`],
    ['a mail', `${head}\r\n${mail}`],
    ['a mail that quotes it', quoted(mail, '> > ')],
    ['a mail that indents it', quoted(mail, '\t  ')],
    ['quoted-printable', `${head}\r\n${quotedPrintable(mail)}`],
    ['quoted-printable that a mail quotes', quoted(quotedPrintable(mail), '> ')],
    ['Base64', `${head}\r\n${base64(mail)}\r\n--x--\r\n`],
    ['Base64 in short lines', base64(mail, 60)],
    ['a web page', page],
    ['a web page in quoted-printable', `${head}\r\n${quotedPrintable(page)}`],
    ['a web page in Base64', `${head}\r\n${base64(page)}`],
    ['lines that end with elements', note.replaceAll('\n', '<br/>')],
    ['paragraphs', note.replace(/^(.*)$/gm, '<p dir="ltr"><span>$1</span></p>')],
    ['entities for its signs', page.replaceAll('/', '&#x2F;').replaceAll('=', '&#x3D;')],
    ['the body of a webhook', webhook],
    ['JSON on many lines', JSON.stringify(JSON.parse(webhook), null, 2)],
    [
      'JSON without letters beyond ASCII',
      webhook.replaceAll('—', '\\u2014').replaceAll('=', '\\u003d'),
    ],
    ['a webhook in a log in JSON', JSON.stringify({ level: 30, body: webhook })],
    ['a webhook in quoted-printable', quotedPrintable(webhook)],
    ['a webhook in Base64', base64(webhook)],
    ['a mail as JSON', JSON.stringify({ subject: 'x', html: page })],
    ['a card of Teams', JSON.stringify(card)],
    ['a row of CSV', `a,b,evidence_checkpoint\r\n1,"x, y","${origin} ${size} ${root}"\r\n`],
    ['a table in Markdown', `| a | ${origin} | ${size} | ${root} |`],
  ])('in %s', (_what, text) => {
    expect(findCheckpoints(text)).toEqual(own);
  });
});

test.each([["keysweep/o'brien,jones;co"], ['a|b>c'], [`keysweep/${'x'.repeat(300)}`]])(
  'knows a trusted name that holds marks, or is long: %.20s',
  (name) => {
    const own = note.replaceAll(origin, name);
    const found = [{ origin: name, size: 7, root: Buffer.from(root, 'base64') }];
    for (const text of [own, `"${own.replaceAll('\n', ' ')}"`, JSON.stringify({ own })]) {
      expect(findCheckpoints(text, [origin, name])).toEqual(found);
    }
  },
);

test('takes no name that only ends as a trusted one does', () => {
  expect(findCheckpoints(note, ['acme', origin.slice(3)])).toEqual(own);
});

test('finds each checkpoint of a mailbox once', () => {
  const notes = [...home.checkpoints.values()];
  const box = notes
    .map((one) => `From x\n${head}\r\n${base64(`${mail}\n${one}`)}\r\n\r\n`)
    .join('');
  expect(findCheckpoints(box).map((one) => one.size)).toEqual([7, 5, 6]);
});

test('reads what nodemailer sends', async () => {
  const { createTransport } = createRequire(import.meta.url)('nodemailer') as {
    createTransport(options: object): { sendMail(mail: object): Promise<{ message: Buffer }> };
  };
  for (const textEncoding of ['quoted-printable', 'base64']) {
    const transport = createTransport({ streamTransport: true, buffer: true });
    const { message } = await transport.sendMail({
      ...{ from: 'a@x.test', to: 'b@x.test', subject: 'x', textEncoding, text: mail, html: page },
    });
    expect(findCheckpoints(message.toString())).toEqual(own);
  }
});

test.each([
  ['nothing', ''],
  ['a signature of DKIM', `t=1700000000; bh=${root}; b=x`],
  ['a root alone', root],
  ['a size with a leading zero', `${origin}\n07\n${root}\n`],
  ['a root that goes on', `${origin}\n7\n${root}${root}\n`],
  ['a root that is cut', `${origin}\n7\n${root.slice(1)}\n`],
  ['a name with a plus sign', `a+b\n7\n${root}\n`],
])('finds none in %s', (_what, text) => {
  expect(findCheckpoints(text)).toEqual([]);
});

test.each([
  ['spaces', ' '],
  ['marks of quoting', '>'],
  ['letters', 'A'],
  ['equals signs', '='],
  ['backslashes', '\\'],
  ['begins of elements', '<a '],
  ['ampersands', '&#'],
  ['digits', `${'1'.repeat(15)} `],
])('reads %s without end in a moment', (_what, letters) => {
  const long = letters.repeat(Math.ceil(2 ** 18 / letters.length));
  expect(findCheckpoints(`${long}\n${note}\n${long}`)).toEqual(own);
});
