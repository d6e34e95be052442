import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A commit before the migration to packs. There is no tag. */
const commit = 'c43fedc2ba223662b452b37409fe8460588ad6d0';

export interface BuildBefore {
  /** Its `keysweep`, for `launch`. */
  readonly script: string;
  remove(): Promise<void>;
}

/** Builds that commit in a folder of its own, with its own packages. */
export async function buildBefore(): Promise<BuildBefore> {
  await assertHasCommit();
  const folder = await mkdtemp(join(tmpdir(), 'ks-before-'));
  const archive = join(folder, 'source.tar');
  await run('git', ['archive', '--output', archive, commit], { cwd: root });
  await run('tar', ['-xf', archive, '-C', folder]);
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder });
  await run(process.execPath, [join(folder, 'scripts', 'build.mjs')], { cwd: folder });
  return {
    script: join(folder, 'dist', 'src', 'main.js'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function assertHasCommit(): Promise<void> {
  const git = async (...args: string[]) => (await run('git', args, { cwd: root })).stdout.trim();
  try {
    await git('cat-file', '-e', `${commit}^{commit}`);
  } catch {
    const isShallow = git('rev-parse', '--is-shallow-repository').catch(() => 'no clone');
    const mend = {
      true: 'this clone is shallow: run `git fetch --unshallow`, then try again',
      'no clone': 'this folder is no clone of the repository: make one with its history',
    };
    const why = mend[(await isShallow) as keyof typeof mend] ?? 'fetch it from the repository';
    throw new Error(`the build before is made from commit ${commit}, which is not here; ${why}`);
  }
}
