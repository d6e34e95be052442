import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The path of a program on PATH or among PostgreSQL's; undefined if there is none. Does not follow
 * links: `redis-server` is a link, and its program acts by the name that it is called by.
 */
export function findProgram(name: string): string | undefined {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of [...path, '/usr/sbin', ...postgresFolders()]) {
    const program = join(folder, name);
    try {
      accessSync(program, constants.X_OK);
      return program;
    } catch {
      // Not here: try the next folder.
    }
  }
  return undefined;
}

/** Where Debian keeps PostgreSQL's programs, outside PATH; the newest version first. */
function postgresFolders(): string[] {
  const home = '/usr/lib/postgresql';
  try {
    return readdirSync(home)
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      .map((version) => join(home, version, 'bin'));
  } catch {
    return [];
  }
}
