import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A clock of the system that a test may set, for programs that run with its variables. */
export interface FakeClock {
  readonly env: Readonly<Record<string, string>>;
  /** Sets it to so many milliseconds from the true time. The monotonic clock stays true. */
  set(offsetMs: number): Promise<void>;
  close(): Promise<void>;
}

export async function openFakeClock(): Promise<FakeClock> {
  const library = libraryPath();
  const folder = await mkdtemp(join(tmpdir(), 'ks-clock-'));
  // The server of PostgreSQL runs as another user.
  await chmod(folder, 0o755);
  const file = join(folder, 'offset');
  const set = async (offsetMs: number) => {
    const seconds = `${offsetMs < 0 ? '' : '+'}${offsetMs / 1_000}`;
    await writeFile(`${file}.new`, `${seconds}\n`, { mode: 0o644 });
    await rename(`${file}.new`, file);
  };
  await set(0);
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
    set,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Whether this machine has what a fake clock takes. */
export const canFakeClock = (): boolean => findLibrary() !== undefined;

function libraryPath(): string {
  const found = findLibrary();
  if (found === undefined) {
    throw new Error('no libfaketime on this machine (Debian: apt-get install libfaketime)');
  }
  return found;
}

/** Debian keeps it in a folder of the machine's kind. */
function findLibrary(): string | undefined {
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib') : [];
  return ['', ...folders]
    .map((folder) => join('/usr/lib', folder, 'faketime', 'libfaketimeMT.so.1'))
    .find(existsSync);
}
