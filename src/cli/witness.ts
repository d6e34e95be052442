import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { LogFormatError } from '../evidence/log/log-format-error.ts';
import { parseSigningKey, type SigningKey } from '../evidence/log/signing-key.ts';
import {
  encodeVerifierKey,
  parseVerifierKey,
  signatureTypes,
  type VerifierKey,
} from '../evidence/log/verifier-key.ts';
import { hostPort } from '../text/host-port.ts';
import { createWitness } from '../witness/create-witness.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from './terminal.ts';

export interface WitnessCommandOptions {
  readonly listen: string;
  readonly key: string;
  readonly log: readonly string[];
  readonly state: string;
}

/**
 * `keysweep witness`: cosigns the checkpoints of logs that only grow, until it is stopped. It reads
 * no configuration: it runs where the auditor is, not where the log is.
 */
export async function runWitness(
  terminal: Terminal,
  options: WitnessCommandOptions,
): Promise<ExitCode> {
  const { host, port } = parseListen(options.listen);
  const key = await readKey(terminal, options.key);
  const logs = await Promise.all(options.log.map((log) => readLog(terminal, log)));
  const stateFile = resolve(terminal.cwd, options.state);
  const failed = new AbortController();
  const tell = (line: string) => say(terminal, `witness: ${line}`);
  const witness = await createWitness({
    ...{ host, port, key, logs, stateFile, say: tell },
    now: () => new Date(),
    onFailure: (error) => failed.abort(error),
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.syscall !== 'listen') throw error;
    throw new CommandFailed(`--listen ${options.listen}: cannot listen there (${error.code})`);
  });
  tell(`listens at http://${hostPort(host, witness.port)}`);
  tell(`its verifier key is ${encodeVerifierKey(key.verifier)}`);
  const end = AbortSignal.any([terminal.signal, failed.signal]);
  if (!end.aborted) await once(end, 'abort');
  await witness.close();
  if (failed.signal.aborted) throw failed.signal.reason;
  return 0;
}

function parseListen(text: string) {
  const found = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(text);
  const host = found?.[1] ?? found?.[2];
  const port = Number(found?.[3]);
  const isAddress = found?.[1] === undefined || isIP(found[1]) === 6;
  if (host !== undefined && isAddress && port <= 65_535) return { host, port };
  throw new CommandFailed(`--listen ${text}: must be HOST:PORT, such as 127.0.0.1:7380`);
}

async function readKey(terminal: Terminal, file: string): Promise<SigningKey> {
  const key = parse(`--key ${file}`, await readText(terminal, '--key', file), parseSigningKey);
  if (key.verifier.type === signatureTypes.cosignature) return key;
  const make = `keysweep evidence keygen --output ${file}.witness --witness NAME`;
  throw new CommandFailed(
    `--key ${file}: is the key of a log, not of a witness; make one: ${make}`,
  );
}

/** A verifier key, or a file that holds one. */
async function readLog(terminal: Terminal, log: string): Promise<VerifierKey> {
  const isKey = /^[^+]+\+[0-9a-f]{8}\+/.test(log);
  const text = isKey ? log : (await readText(terminal, '--log', log)).replace(/\n$/, '');
  const key = parse(isKey ? '--log' : `--log ${log}`, text, parseVerifierKey);
  if (key.type === signatureTypes.note) return key;
  throw new CommandFailed(`--log ${log}: is the key of a witness, not of a log`);
}

async function readText({ cwd }: Terminal, option: string, file: string): Promise<string> {
  return readFile(resolve(cwd, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailed(`${option} ${file}: cannot be read (${error.code})`);
  });
}

/** Never quotes the text, which may be secret. */
function parse<T>(where: string, text: string, parser: (text: string) => T): T {
  try {
    return parser(text);
  } catch (error) {
    if (error instanceof LogFormatError) throw new CommandFailed(`${where}: ${error.what}`);
    throw error;
  }
}
