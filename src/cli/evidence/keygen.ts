import { randomBytes } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import { readOrigin } from '../../config/evidence/read-origin.ts';
import { wrongOrigin } from '../../config/evidence/wrong-keys.ts';
import { encodeSigningKey, signingKeyOf } from '../../evidence/log/signing-key.ts';
import { encodeVerifierKey, signatureTypes } from '../../evidence/log/verifier-key.ts';
import { findExisting, type WriteFailure, writeFiles } from '../../init/write-files.ts';
import { writeText } from '../output/write-output.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from '../terminal.ts';

export interface KeygenOptions {
  readonly output?: string;
  readonly origin?: string;
  readonly witness?: string;
  readonly config?: string;
}

/**
 * `keysweep evidence keygen`: writes a new key to a file and its verifier key beside it, and prints
 * the verifier key. Replaces no file.
 */
export async function runKeygen(terminal: Terminal, options: KeygenOptions): Promise<ExitCode> {
  const { output } = options;
  if (output === undefined) throw new CommandFailed('--output -: a key is written to a file only');
  const path = resolve(terminal.cwd, output);
  const names = [basename(path), `${basename(path)}.pub`];
  const place = (name: string) => (name === names[0] ? output : `${output}.pub`);
  const existing = await findExisting(dirname(path), names);
  if (existing.length > 0) throw new CommandFailed(existsAlready(existing.map(place)));

  const type = options.witness === undefined ? signatureTypes.note : signatureTypes.cosignature;
  const name = await nameOfKey(terminal, options);
  const key = signingKeyOf(name, type, randomBytes(32));
  const verifierKey = `${encodeVerifierKey(key.verifier)}\n`;
  const failure = await writeFiles(dirname(path), [
    { name: names[0] ?? '', text: `${encodeSigningKey(key)}\n`, about: 'the key', secret: true },
    { name: names[1] ?? '', text: verifierKey, about: 'its verifier key' },
  ]);
  if (failure !== undefined) throw new CommandFailed(failureWords(failure, place));
  say(terminal, `wrote ${output} (secret: only this user may read it) and ${output}.pub`);
  await writeText(terminal, verifierKey);
  return 0;
}

async function nameOfKey(terminal: Terminal, options: KeygenOptions): Promise<string> {
  const [flag, given] =
    options.witness === undefined ? ['--origin', options.origin] : ['--witness', options.witness];
  const { env, cwd } = terminal;
  const configured =
    flag === '--witness' ? undefined : await readOrigin({ path: options.config, env, cwd });
  const name = configured ?? given;
  if (name === undefined) {
    throw new CommandFailed(
      'name the log with --origin (such as keysweep/acme): the configuration has no evidence.origin',
    );
  }
  if (given !== undefined && given !== name) {
    throw new CommandFailed(
      `--origin ${given}: evidence.origin of the configuration is ${name}, and a key bears the name of its log`,
    );
  }
  const wrong = name.length > 200 ? 'must have at most 200 characters' : wrongOrigin(name);
  if (wrong === undefined) return name;
  throw new CommandFailed(`${configured === undefined ? flag : 'evidence.origin'}: ${wrong}`);
}

function existsAlready(paths: readonly string[]): string {
  const verb = paths.length === 1 ? 'exists' : 'exist';
  return `${paths.join(', ')}: ${verb} already; keysweep evidence keygen replaces no file, and wrote nothing`;
}

function failureWords({ name, code }: WriteFailure, place: (name: string) => string): string {
  if (code === 'EEXIST' && name !== '.') return existsAlready([place(name)]);
  return `${name === '.' ? dirname(place('')) : place(name)}: cannot be written (${code}); no key was made`;
}
