import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './find-program.ts';

/** Where Debian's golang-golang-x-mod-dev puts its packages. */
const gopath = '/usr/share/gocode';

/** Whether this machine has Go and its packages of notes and logs. */
export const canBuildGo = (): boolean =>
  findProgram('go') !== undefined && existsSync(`${gopath}/src/golang.org/x/mod/sumdb/note`);

/** Builds a program of one file into a folder, and returns its path. It downloads nothing. */
export function buildGo(source: string, folder: string): string {
  const program = join(folder, 'program');
  const own = { GOPATH: gopath, GO111MODULE: 'off', GOFLAGS: '', CGO_ENABLED: '0' };
  const env = { ...process.env, ...own, GOCACHE: join(folder, 'cache') };
  execFileSync(findProgram('go') ?? 'go', ['build', '-o', program, source], { env, cwd: folder });
  return program;
}
