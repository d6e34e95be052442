import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

const own = read(new URL('build-id.txt', import.meta.url)) ?? randomUUID();

/**
 * A text that differs between builds of one version whose code differs. `scripts/bundle.mjs` writes
 * it beside the bundle. Code that was not built may change any time, so each process has its own.
 */
export function buildId(): string {
  return own;
}

function read(file: URL): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
