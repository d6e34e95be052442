import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../config/package-root.ts';
import { version } from '../../config/version.ts';
import type { MakerVersions, TextMaker } from '../../evidence/summary/pack-texts.ts';

/** This program, as the maker of the texts of a pack. Its `verify.mjs` is made by the build. */
export function readTextMaker(): TextMaker {
  const program = readFileSync(join(packageRoot(), 'dist', 'src', 'verify.mjs'));
  return { ...readMakerVersions(), program };
}

export function readMakerVersions(): MakerVersions {
  return { keysweep: version(), timezones: process.versions.tz ?? '' };
}
