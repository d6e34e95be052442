import { renderCount } from '../text/render-count.ts';
import type { Replacement } from './plan-replacement.ts';

/** The command that accepts a held inventory. */
export const acceptCommand = 'keysweep sweep --replace-inventory';

export interface HeldWords extends Replacement {
  /** The inventory files, as keysweep.yaml names them. */
  readonly files: readonly string[];
  /** The store in words, without credentials. */
  readonly store: string;
}

const mostFiles = 5;

/** Why an inventory is held, and what to do, in one line. */
export function renderHeld({ files, store, tracked, kept }: HeldWords): string {
  const where = `the ${renderCount(tracked, 'tracked key')} of ${store}`;
  const what =
    kept === 0
      ? `has no key in common with ${where}`
      : `lacks ${tracked - kept} of ${where}, which is more than 30 %`;
  return (
    `the inventory (${nameFiles(files)}) ${what}. ` +
    `If this is the right file and the right store, accept it: ${acceptCommand}`
  );
}

function nameFiles(files: readonly string[]): string {
  const more = files.length - mostFiles;
  return files.slice(0, mostFiles).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
