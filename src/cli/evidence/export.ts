import { lstat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { gzipPack } from '../../evidence/pack-files/gzip.ts';
import { packFiles } from '../../evidence/pack-files/pack-paths.ts';
import type { PackFile } from '../../evidence/pack-files/pack-reader.ts';
import { readTar } from '../../evidence/pack-files/read-tar.ts';
import { writeTar } from '../../evidence/pack-files/tar.ts';
import { cannotWrite } from '../output/cannot-write.ts';
import { replaceFile } from '../output/write-file.ts';
import { chooseStore } from '../server/choose-store.ts';
import { createProgressBar, type ProgressBar } from '../sweep/progress.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from '../terminal.ts';
import { type PeriodOptions, readPeriod } from './read-period.ts';
import { writePackFolder } from './write-pack-folder.ts';

export interface EvidenceExportOptions extends PeriodOptions {
  readonly from: string;
  readonly to: string;
  readonly only?: string;
  readonly output?: string;
  readonly config?: string;
  readonly server?: string;
  readonly quiet: boolean;
}

/** `keysweep evidence export`: writes a pack, as a folder or an archive, that was not there. */
export async function runEvidenceExport(
  terminal: Terminal,
  options: EvidenceExportOptions,
): Promise<ExitCode> {
  const { output, from, to, only, quiet } = options;
  if (output === undefined) throw new CommandFailed('--output -: a pack is a file or a folder');
  readPeriod(options);
  const path = resolve(terminal.cwd, output);
  if ((await lstat(path).catch(() => undefined)) !== undefined) {
    throw new CommandFailed(`${output}: exists already; keysweep evidence export replaces nothing`);
  }
  const { operations, detach } = await (await chooseStore(terminal, options)).open();
  const bar = createProgressBar(terminal, { quiet, color: false });
  const seen: Seen = { files: 0, differs: false };
  try {
    bar.note('comparing the records with the log');
    const asked = { from, to, ...(only === undefined ? {} : { only }) };
    const archive = await operations.evidencePack(asked);
    await write(path, output, watch(readTar(unpack(archive)), seen, bar, terminal));
  } finally {
    bar.clear();
    await detach();
  }
  if (!quiet) say(terminal, `wrote ${output}: ${seen.files} files`);
  if (!seen.differs) return 0;
  say(
    terminal,
    `the records differ from the log: ${packFiles.differences} in the pack says how, and so does keysweep evidence check`,
  );
  return 1;
}

interface Seen {
  files: number;
  differs: boolean;
}

async function* unpack(archive: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const source = Readable.from(archive);
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  yield* source.pipe(gunzip) as AsyncIterable<Buffer>;
}

async function* watch(
  files: AsyncIterable<PackFile>,
  seen: Seen,
  bar: ProgressBar,
  { signal }: Terminal,
): AsyncIterable<PackFile> {
  for await (const file of files) {
    signal.throwIfAborted();
    seen.files += 1;
    if (file.path === packFiles.differences) seen.differs = true;
    if (seen.files % 100 === 0) bar.note(`${seen.files} files`);
    yield file;
  }
}

/** The same pack gives the same bytes, however it came. */
async function write(path: string, output: string, files: AsyncIterable<PackFile>): Promise<void> {
  if (!/\.(tar\.gz|tgz)$/.test(path)) return writePackFolder(path, files, cannotWrite(output));
  await replaceFile({ path, mode: 0o644 }, gzipPack(writeTar(files)), cannotWrite(output));
}
