import { applies, compileMatch } from '../evaluate/policy/match.ts';
import type { Waiver } from '../evaluate/waivers/waiver.ts';
import { renderCount } from '../text/render-count.ts';
import type { KeysCalled, Watch } from './watched-keys.ts';

/**
 * Finds the waivers that cover no key. A waiver that matches by type or scope may still match a key
 * whose vendor fields are unknown.
 */
export function watchWaivers(waivers: readonly Waiver[], called: KeysCalled): Watch {
  const watches = waivers.map((waiver) => {
    const { keys } = waiver;
    return keys === undefined ? watchMatch(waiver, called) : watchNames(waiver, keys, called);
  });
  return {
    see(key) {
      for (const watch of watches) watch.see(key);
    },
    describe: () => watches.flatMap((watch) => watch.describe()),
  };
}

function watchMatch({ id, match }: Waiver, called: KeysCalled): Watch {
  const compiled = compileMatch(match);
  let any = false;
  return {
    see(key) {
      any ||= applies(compiled, key).answer !== 'no';
    },
    describe: () => (any ? [] : [`waiver ${id} matches no key of the ${called}`]),
  };
}

function watchNames({ id }: Waiver, named: NonNullable<Waiver['keys']>, called: KeysCalled): Watch {
  const unseen = new Set(named.map(nameOf));
  return {
    see(key) {
      if (unseen.size > 0) unseen.delete(nameOf(key));
    },
    describe() {
      const gone = named.filter((key) => unseen.has(nameOf(key)));
      if (gone.length === named.length) return [`waiver ${id} matches no key of the ${called}`];
      if (gone.length === 0 || called === 'cases') return [];
      return [
        `waiver ${id} names ${renderCount(gone.length, 'key')} that the inventory does not: ${shown(gone)}`,
      ];
    },
  };
}

/** The most keys that a line names. */
const most = 3;

function shown(keys: readonly { source: string; keyId: string }[]): string {
  const names = keys.slice(0, most).map(({ source, keyId }) => `${source} ${keyId}`);
  const more = keys.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function nameOf({ source, keyId }: { readonly source: string; readonly keyId: string }): string {
  return JSON.stringify([source, keyId]);
}
