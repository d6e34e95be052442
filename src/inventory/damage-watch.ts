import { type Path, quoted, renderMistake, toMistake } from '../documents/mistake.ts';
import type { TrackedKey } from '../keys/tracked-key.ts';
import type { KeyList } from './key-list.ts';
import { describeDamagedId, describeDamagedText } from './spreadsheet-damage.ts';
import { createZeroWatch } from './zero-watch.ts';

/** Looks for ids and owners that a spreadsheet seems to have changed. */
export interface DamageWatch {
  /** Begins a file; the function takes its keys with their rows. */
  open(file: string, list: KeyList): (key: TrackedKey, row: number) => void;
  /** A line for each of the first that were found, with its place, and one that counts the rest. */
  warnings(cwd: string): readonly string[];
}

/** A damaged column fills a whole file; the first rows show which. */
const mostWarnings = 20;

export function createDamageWatch(): DamageWatch {
  const found: ((cwd: string) => string)[] = [];
  let others = 0;
  const zeros = createZeroWatch(mostWarnings);
  const add = (warning: (cwd: string) => string, count = 1) => {
    if (found.length < mostWarnings) found.push(warning);
    else others += count;
  };
  return {
    open(file, list) {
      const warn = (row: number, path: Path, message: string) => (cwd: string) =>
        renderMistake(
          toMistake({ ...list.locate(row, path), path: list.name(row, path), message }, file, cwd),
        );
      return ({ source, keyId, owner }, row) => {
        const id = describeDamagedId(keyId);
        if (id !== undefined) add(warn(row, ['keyId'], looksLike(keyId, id)));
        const person = owner === null ? undefined : describeDamagedText(owner);
        if (person !== undefined) add(warn(row, ['owner'], looksLike(owner ?? '', person)));
        zeros.see(source, keyId, (message) => warn(row, ['keyId'], message));
      };
    },
    warnings(cwd) {
      const lost = zeros.lost();
      const lines = [...found, ...lost.warnings].slice(0, mostWarnings);
      const more = found.length + others + lost.count - lines.length;
      const rest = `inventory: ${more} more ids or owners look changed by a spreadsheet`;
      return [...lines.map((line) => line(cwd)), ...(more > 0 ? [rest] : [])];
    },
  };
}

function looksLike(text: string, what: string): string {
  return `${quoted(text)} looks like ${what}; format the column as text before you fill it`;
}
