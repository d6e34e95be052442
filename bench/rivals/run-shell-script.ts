import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from '../../test/support/find-program.ts';
import { fetchToken } from './fetch-token.ts';

/** Why the script cannot run on this machine; undefined if it can. */
export function whyNoShellScript(): string | undefined {
  const missing = ['xargs', 'curl', 'jq'].filter((name) => findProgram(name) === undefined);
  return missing.length === 0 ? undefined : `no ${missing.join(', no ')} on this machine`;
}

/**
 * The audit as a script: 50 curls at a time, whose answers jq checks for two of the rules. `atOnce`
 * is how many keys one curl asks for: 1, as scripts have it, or more, so that curl keeps its
 * connection. Nothing is recorded but one line per key. Without a buffer, each answer is written in one
 * piece, so that those of several curls do not mix.
 */
const script = `
  xargs -P 50 -n "$AT_ONCE" curl --silent --no-buffer --header @headers < urls |
  jq --compact-output '[.id, (.scopes | any(endswith(":write"))),
    (.lastUsed == null or (.lastUsed | fromdate) < now - 45 * 86400)]' > verdicts
`;

export interface ScriptOptions {
  readonly url: string;
  readonly keys: number;
  readonly folder: string;
  readonly atOnce: number;
}

/** Returns when it began and ended. Throws if an answer is missing. */
export async function runShellScript({ url, keys, folder, atOnce }: ScriptOptions) {
  // A header on the command line would show the token to every user of the machine.
  await writeFile(join(folder, 'headers'), `authorization: bearer ${await fetchToken(url)}\n`);
  const urls = Array.from({ length: keys }, (_, index) => `${url}/api-keys/key_${index}\n`);
  await writeFile(join(folder, 'urls'), urls.join(''));
  const from = Date.now();
  const child = spawn('sh', ['-c', script], {
    cwd: folder,
    env: { PATH: process.env['PATH'], AT_ONCE: String(atOnce) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await once(child, 'exit');
  const to = Date.now();
  const verdicts = (await readFile(join(folder, 'verdicts'), 'utf8')).trimEnd().split('\n');
  if (verdicts.length !== keys) throw new Error(`the script has ${verdicts.length} verdicts`);
  return { from, to };
}
