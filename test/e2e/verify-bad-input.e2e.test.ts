import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeVerifierKey } from '../../src/evidence/log/verifier-key.ts';
import { tarEnd, tarHeader } from '../../src/evidence/pack-files/tar.ts';
import { compress, tarOf, writeFolder } from '../evidence/reading/write-pack.ts';
import { keyOf, origin } from '../evidence/verify/installation.ts';
import { nights, packOf } from '../evidence/verify/scenes.ts';
import { type Answer, askBoth } from './both-verifiers.ts';

const folder = mkdtempSync(join(tmpdir(), 'keysweep-test-bad-input-'));
afterAll(() => rmSync(folder, { recursive: true }));

const key = encodeVerifierKey(keyOf(origin).verifier);
const stranger = encodeVerifierKey(keyOf(origin, 1, 'another').verifier);
const witness = encodeVerifierKey(keyOf('witness', 4).verifier);
const good = ['--key', key];
const hostile = '\u001b[2J\u001b]0;x\u0007\u202e\u2028\u009b1m';

const put = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
};

/** An archive with one more file, whose header is changed before its sum is made. */
async function withEntry(path: string, change: (header: Buffer) => void): Promise<Buffer> {
  const whole = await tarOf(files);
  const header = tarHeader('zz', 0);
  header.write(path, 0);
  change(header);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return compress(Buffer.concat([whole.subarray(0, -tarEnd.length), header, tarEnd]));
}

const files = packOf(nights(2), 2);

/** What is named, the arguments, and what the line says. */
const refused: readonly (readonly [string, readonly string[], RegExp | string])[] = [
  ['nothing there', ['none', ...good], 'none: cannot be read (ENOENT)'],
  ['a pipe', ['fifo', ...good], /^fifo: it is a pipe; save what comes/],
  ['a device', ['/dev/zero', ...good], /^\/dev\/zero: it is a device .* must be a folder or a/],
  [
    'an empty folder',
    ['empty', ...good],
    /^empty: it is no pack of evidence: it has no pack\.json/,
  ],
  ['a text', ['text', ...good], /^text: it is neither a folder nor a \.tar\.gz/],
  ['a tar that was not compressed', ['pack.tar', ...good], /verify the folder$/],
  ['an archive that is cut', ['cut.tar.gz', ...good], 'cut.tar.gz: the archive is cut off'],
  ['an archive of another tar', ['other.tar.gz', ...good], /unpack it, and verify the folder$/],
  ['a name with escape sequences', ['escapes.tar.gz', ...good], /\(zz\\u\{1b\}\[2J/],
  [
    'a newer pack',
    ['newer', ...good],
    /^newer: the pack is of version 2, .* use a newer keysweep$/,
  ],
  ['a key that is a pipe', ['pack', '--key', 'fifo'], /^--key fifo: it is a pipe/],
  [
    'a key that is a folder',
    ['pack', '--key', 'empty'],
    /^--key empty: it is a folder, and must be/,
  ],
  ['a key that is endless', ['pack', '--key', '/dev/zero'], /^--key \/dev\/zero: it is a device/],
  ['a key that is absent', ['pack', '--key', 'none'], '--key none: cannot be read (ENOENT)'],
  [
    'a key that is cut',
    ['pack', '--key', key.slice(0, -9)],
    /^--key keysweep\/acme\+.*: verifier key: /,
  ],
  [
    'a key without its id',
    ['pack', '--key', 'acme+AAAA'],
    /a name, an id of eight hex digits and Ba/,
  ],
  ['a file of two keys', ['pack', '--key', 'two.pub'], /^--key two\.pub: verifier key: /],
  ['an empty key', ['pack', '--key', 'nothing'], /^--key nothing: verifier key: /],
  [
    'the key of a witness',
    ['pack', '--key', 'witness.pub'],
    /it is the key of a witness, not of a log$/,
  ],
  [
    'a key of the pack',
    ['pack', '--key', 'pack/policy.txt'],
    /it lies in the pack, which cannot vouch/,
  ],
  ['a policy of the pack', ['pack', '--policy', 'link/policy.txt'], /it lies in the pack/],
  [
    'a policy that is endless',
    ['pack', '--policy', '/dev/zero'],
    /^--policy \/dev\/zero: it is a dev/,
  ],
  [
    'a policy with a mistake',
    ['pack', '--policy', 'wrong.txt'],
    /^--policy wrong\.txt, line 2: \\u\{202e\}x is none of log/,
  ],
  [
    'an empty policy',
    ['pack', '--policy', 'nothing'],
    /^--policy nothing, line 1: the policy has no quo/,
  ],
  [
    'a mail that is endless',
    ['pack', ...good, '--saw', '/dev/zero'],
    /^--saw \/dev\/zero: it is a dev/,
  ],
  ['a mail that is a pipe', ['pack', ...good, '--saw', 'fifo'], /^--saw fifo: it is a pipe/],
  ['a mail that is a folder', ['pack', ...good, '--saw', 'empty'], /^--saw empty: it is a folder/],
  [
    'a mail without one',
    ['pack', ...good, '--saw', 'text'],
    /^--saw text: no checkpoint was found/,
  ],
  [
    'a checkpoint of the pack',
    ['pack', ...good, '--saw', 'pack/checkpoint'],
    /it lies in the pack/,
  ],
];

/** What is named, the arguments, and the only problem. */
const tampered: readonly (readonly [string, readonly string[], RegExp])[] = [
  [
    'a key of somebody else',
    ['pack', '--key', stranger],
    /^TAMPERED {2}untrusted-signature: checkpoint: no key that you trust signed any checkpoint of the pack: you trust .* and the signatures are of .* Either you gave another key/,
  ],
  [
    'a name in a folder',
    ['named', ...good],
    /^TAMPERED {2}unknown-file: \\u\{1b\}\[2J.*\\u\{202e\}\\u\{2028\}\\u\{9b\}1m\\u\{a\}HOLDS: no pack/,
  ],
  [
    'a name in an archive',
    ['named.tar.gz', ...good],
    /^TAMPERED {2}unsafe-path: \.\.\/\\u\{1b\}\[2J/,
  ],
];

const answers = new Map<string, Answer>();

beforeAll(async () => {
  execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'fifo')]);
  mkdirSync(join(folder, 'empty'));
  writeFolder(files, join(folder, 'pack'));
  symlinkSync(join(folder, 'pack'), join(folder, 'link'));
  const tar = await tarOf(files);
  put('pack.tar', tar);
  put('cut.tar.gz', (await compress(tar)).subarray(0, -50));
  put('escapes.tar.gz', await withEntry(`zz${hostile}`, (header) => header.write('0000755', 100)));
  put('named.tar.gz', await withEntry(`../${hostile}`, () => undefined));
  execFileSync('tar', ['-czf', join(folder, 'other.tar.gz'), '-C', join(folder, 'pack'), '.']);
  writeFolder(new Map([['pack.json', Buffer.from('{"version":2}')]]), join(folder, 'newer'));
  const name = `${hostile}\nHOLDS`;
  writeFolder(new Map([...files, [name, Buffer.from('x')]]), join(folder, 'named'));
  put('text', 'Dear auditor,\n');
  put('nothing', '');
  put('two.pub', `${key}\n${stranger}\n`);
  put('witness.pub', `${witness}\n`);
  put('wrong.txt', `log ${key}\n\u202ex none\nquorum none\n`);
  const rows = [...refused, ...tampered];
  // Two programs each, and four rows at a time.
  const ask = async () => {
    for (let row = rows.shift(); row !== undefined; row = rows.shift()) {
      const [what, args] = row;
      answers.set(what, await askBoth(args, folder));
    }
  };
  await Promise.all([ask(), ask(), ask(), ask()]);
}, 240_000);

// Line feeds alone: what a terminal obeys or hides is shown as an escape.
const harmless = /^(?:[^\p{C}\p{Zl}\p{Zp}]|\n)*$/u;

describe('both programs', { tags: ['all'] }, () => {
  test.each(refused)('end with 2 and one line for %s', (what, _args, line) => {
    const { code, stdout, stderr } = answers.get(what)!;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^[^\n]+\n$/);
    expect(stderr).toMatch(harmless);
    const said = stderr.trimEnd();
    if (typeof line === 'string') expect(said).toBe(line);
    else expect(said).toMatch(line);
  });

  test.each(tampered)('end with 1 and one problem for %s', (what, _args, line) => {
    const { code, stdout, stderr } = answers.get(what)!;
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(harmless);
    const told = stdout.split('\n').filter((one) => /^(?:TAMPERED|OPEN) {2}/.test(one));
    expect(told).toEqual([expect.stringMatching(line)]);
  });
});
