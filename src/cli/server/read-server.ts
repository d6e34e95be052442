import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isLoopback } from '../../config/http/http-addresses.ts';
import type { AskedServer } from '../../operations/remote/server-client.ts';
import { parseUrl, wrongBaseUrl } from '../../options/address.ts';
import { readProxies } from '../../proxy/read-proxies.ts';
import { CommandFailed, say, type Terminal } from '../terminal.ts';

/** Which store a command is about: that of a configuration, or that of a running server. */
export interface StoreOptions {
  readonly config?: string;
  readonly server?: string;
  readonly quiet: boolean;
}

/**
 * The server that `--server` or KEYSWEEP_SERVER names; undefined if the command is about the store
 * of a configuration. Throws `CommandFailed` for what cannot be used, without the token.
 */
export async function readServer(
  terminal: Terminal,
  options: StoreOptions,
): Promise<AskedServer | undefined> {
  const { env, signal } = terminal;
  if (options.server !== undefined && options.config !== undefined) {
    throw new CommandFailed('give --server or --config, not both: a server has its own files');
  }
  const url = findUrl(options, env);
  if (url === undefined) return undefined;
  const { proxies, mistakes } = readProxies(env);
  if (mistakes.length > 0) throw new CommandFailed(mistakes.join('\n'));
  const token = await readToken(terminal);
  if (
    !options.quiet &&
    url.protocol === 'http:' &&
    !isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1'))
  ) {
    const what = token === undefined ? 'all' : 'the token and all';
    const why = `${what} that is asked of ${url.host} can be read on the way`;
    say(terminal, `warning: ${why}; use https://`);
  }
  return { url, token, proxies, signal };
}

/** An option counts more than the environment. */
function findUrl({ server, config }: StoreOptions, env: Terminal['env']): URL | undefined {
  if (server !== undefined) return readUrl(server, '--server');
  const text = env['KEYSWEEP_SERVER']?.trim() ?? '';
  if (config !== undefined || text === '') return undefined;
  return readUrl(text, 'KEYSWEEP_SERVER');
}

function readUrl(text: string, name: string): URL {
  const wrong = wrongBaseUrl(text);
  const url = parseUrl(text);
  if (wrong === undefined && url !== undefined) return url;
  throw new CommandFailed(`${name} ${wrong}: write it as https://keysweep.example`);
}

async function readToken({ env, cwd }: Terminal): Promise<string | undefined> {
  const given = env['KEYSWEEP_TOKEN']?.trim() || undefined;
  const file = env['KEYSWEEP_TOKEN_FILE'] || undefined;
  if (given !== undefined && file !== undefined) {
    throw new CommandFailed('KEYSWEEP_TOKEN and KEYSWEEP_TOKEN_FILE are both set: unset one');
  }
  if (file === undefined) return checkToken(given, 'KEYSWEEP_TOKEN');
  const text = await readFile(resolve(cwd, file), 'utf8').catch((error) => {
    throw new CommandFailed(`KEYSWEEP_TOKEN_FILE: ${file} cannot be read (${error.code})`);
  });
  return checkToken(text.trim(), 'KEYSWEEP_TOKEN_FILE');
}

/** Anything else could not be sent in a header. */
function checkToken(token: string | undefined, name: string): string | undefined {
  if (token === undefined || /^[\x21-\x7e]{1,4096}$/.test(token)) return token;
  throw new CommandFailed(
    `${name} holds no token: a token has no spaces, line breaks or letters outside ASCII`,
  );
}
