import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The last commit before the migrations of 2026-11-28. There is no tag. Its packages are those of
 * this checkout but for two that no command uses.
 */
const commit = 'c4404419df6eb8b711b01aa674d1e8ab99916ce7';

export interface BuildBefore {
  /** Its `keysweep`, for `launch`. */
  readonly script: string;
  remove(): Promise<void>;
}

/** Builds that commit in a folder of its own, with the packages of this checkout. */
export async function buildBefore(): Promise<BuildBefore> {
  await run('git', ['cat-file', '-e', `${commit}^{commit}`], { cwd: root }).catch(() => {
    throw new Error(
      `the build before needs commit ${commit.slice(0, 8)}, which this checkout lacks: clone with its history (git fetch --unshallow)`,
    );
  });
  const folder = await mkdtemp(join(tmpdir(), 'ks-before-'));
  const archive = join(folder, 'source.tar');
  await run('git', ['archive', '--output', archive, commit], { cwd: root });
  await run('tar', ['-xf', archive, '-C', folder]);
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await run(process.execPath, [join(folder, 'scripts', 'build.mjs')], { cwd: folder });
  return {
    script: join(folder, 'dist', 'src', 'main.js'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
