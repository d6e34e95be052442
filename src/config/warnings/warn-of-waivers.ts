import type { Waiver } from '../../evaluate/waivers/waiver.ts';
import { renderNames } from '../render-names.ts';

/**
 * Warns of waivers for keys of unknown sources, one line per source. These are not mistakes: a
 * removed source must not stop the audit of the others. But the source may be misspelt.
 */
export function warnOfWaivers(
  waivers: readonly Waiver[],
  known: ReadonlySet<string> = new Set(),
): string[] {
  const strange = new Map<string, Set<string>>();
  for (const { id, keys = [] } of waivers) {
    for (const { source } of keys) {
      if (!known.has(source)) strange.set(source, (strange.get(source) ?? new Set()).add(id));
    }
  }
  return [...strange].map(
    ([source, ids]) => `waivers: there is no source ${source}, which ${nameSome([...ids])}`,
  );
}

function nameSome(ids: readonly string[]): string {
  return `${renderNames(ids)} ${ids.length === 1 ? 'names' : 'name'}`;
}
