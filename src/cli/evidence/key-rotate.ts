import { copyFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readText } from '../../documents/read-text.ts';
import { signRotation } from '../../evidence/log/key-rotation.ts';
import { LogFormatError } from '../../evidence/log/log-format-error.ts';
import { parseSigningKey, type SigningKey } from '../../evidence/log/signing-key.ts';
import { encodeVerifierKey } from '../../evidence/log/verifier-key.ts';
import { writeText } from '../output/write-output.ts';
import { chooseStore } from '../server/choose-store.ts';
import type { StoreOptions } from '../server/read-server.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from '../terminal.ts';

export interface KeyRotateOptions extends StoreOptions {
  readonly to: string;
}

const mostBytes = 4_096;

/**
 * `keysweep evidence key-rotate`: has the key of the configuration and the new one sign that the
 * new one replaces it, and tells the log. The configuration is changed by hand afterwards.
 */
export async function runKeyRotate(
  terminal: Terminal,
  options: KeyRotateOptions,
): Promise<ExitCode> {
  const file = resolve(terminal.cwd, options.to);
  const next = await readKey(file, options.to);
  const { loaded, open } = await chooseStore(terminal, options);
  const old = loaded?.secrets.evidenceKey;
  if (loaded === undefined || old === undefined) {
    throw new CommandFailed(
      'the configuration has no evidence.keyFile: there is no key to replace',
    );
  }
  const { operations, detach } = await open();
  try {
    const done = await operations.rotateKey(signRotation(old, next));
    await copyState(loaded.config.evidence.stateFile, `${file}.checkpoint`);
    say(
      terminal,
      `leaf ${done?.leaf} of the evidence log tells the new key; nothing is signed until ` +
        `evidence.keyFile names ${options.to} and keysweep start runs anew`,
    );
    await writeText(terminal, `${encodeVerifierKey(next.verifier)}\n`);
    return 0;
  } finally {
    await detach();
  }
}

async function readKey(file: string, shown: string): Promise<SigningKey> {
  const read = await readText(file, mostBytes);
  if (!read.ok) throw new CommandFailed(`${shown}: ${read.why}`);
  try {
    return parseSigningKey(read.text);
  } catch (error) {
    if (error instanceof LogFormatError) throw new CommandFailed(`${shown}: ${error.message}`);
    throw error;
  }
}

/** So that the new key, too, signs nothing but an extension of what the old one signed. */
async function copyState(from: string | undefined, to: string): Promise<void> {
  if (from === undefined) return;
  await copyFile(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT')
      throw new CommandFailed(`${to}: cannot be written (${error.code})`);
  });
}
