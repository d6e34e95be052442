import type { MadePackInfo } from '../pack-files/pack-info.ts';
import { stableText } from './stable-text.ts';

/** The text of `VERIFY.md`: how somebody who has nothing but the pack and a key verifies it. */
export function renderGuide(info: MadePackInfo): string {
  const { from, to, only, size, origin, keysweep, timezones } = info;
  const name = stableText(origin);
  return `# How to verify this pack

This is the evidence of the log \`${name}\`: ${size === 1 ? '1 leaf' : `${size} leaves`}, with the
objects of ${from} to ${to}${only === null ? '' : ', of one key'}.
It was written by keysweep ${stableText(keysweep)} with time zones ${stableText(timezones)}.

A pack cannot vouch for itself. Bring these from elsewhere:

- **The key of the log**, a line that begins with its name. Ask the people who keep the log, and
  compare it with what they published or mailed before the period began. \`policy.txt\` in this pack
  is a copy for people, and nothing trusts it.
- **The program**: \`verify.mjs\` of the npm package \`keysweep\`, or the command \`keysweep\` itself. The
  \`verify.mjs\` in this pack is a copy: whoever wrote a false pack could have written it too.
- **A checkpoint that you kept**, if you have one: each alert, report and heartbeat of the log brings
  one. It shows that nothing was cut or rewritten since.

## With the program

\`\`\`sh
node verify.mjs PACK --key log.pub --saw mail.eml
\`\`\`

\`PACK\` is this folder, or the archive. Exit 0: all holds. 1: something was changed, and each place is
named. 3: nothing was changed, but the evidence does not show that all that was due was done. 2: the
usage is wrong, or the pack cannot be read. It needs Node.js 20.19 or newer, and no network.

It reads every leaf and object, and judges again: the tree and its signatures, which sweeps were due,
the verdicts and the coverage of each sweep. It makes \`summary.html\`, \`summary.csv\` and this file
again, and compares each byte.

## The signature alone, with openssl

In this folder, with \`log.pub\` from elsewhere:

\`\`\`sh
name=$(cut -d + -f 1 log.pub)
{ printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'
  cut -d + -f 3- log.pub | base64 -d | tail -c 32; } > key.der
sed '/^$/,$d' checkpoint > signed-text
grep "^— $name " checkpoint | cut -d ' ' -f 3 | base64 -d | tail -c 64 > signature
openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in signed-text -sigfile signature
\`\`\`

It prints “Signature Verified Successfully”. The signed text names the log, its size, and the root of
its tree (RFC 6962). A log that nobody signs has no signature: then nothing here is proven.

## What it does not prove

That the vendor told the truth; that the host was honest when it wrote; that the inventory was
complete; anything after the newest checkpoint that somebody else keeps. Without witnesses, all times
are the host's own word.
`;
}
