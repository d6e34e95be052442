import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** A file of the board; its name changes with its content, but for translations and pictures. */
export interface BoardFile {
  readonly type: string;
  read(): Uint8Array<ArrayBuffer>;
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
};

/** The files of a folder by their path in it. A path that is not among them is no file. */
export function readBoardFiles(folder: string): ReadonlyMap<string, BoardFile> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    names.flatMap((name) => {
      const type = types[extname(name)];
      if (type === undefined) return [];
      const read = () => new Uint8Array(readFileSync(join(folder, name)));
      return [[name.replaceAll('\\', '/'), { type, read }]];
    }),
  );
}
