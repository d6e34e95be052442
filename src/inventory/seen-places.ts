/** Places under hashes of 32 bits: about 20 bytes for each, whatever was hashed. */
export interface SeenPlaces {
  /**
   * The first place under this hash of which `isSame` holds. If there is none, adds `place`. Hashes
   * collide, so only `isSame` decides.
   */
  findOrAdd(hash: number, place: number, isSame: (seen: number) => boolean): number | undefined;
}

interface Table {
  readonly hashes: Uint32Array;
  /** `free` in a slot that is not taken. */
  readonly places: Float64Array;
}

const free = -1;
const smallest = 1_024;
const growth = 1.5;
/** Of all slots: in a fuller table, a search takes many steps. */
const mostTaken = 0.75;

export function createSeenPlaces(): SeenPlaces {
  let table = createTable(smallest);
  let taken = 0;
  return {
    findOrAdd(hash, place, isSame) {
      if (taken >= table.places.length * mostTaken) table = grown(table);
      const slot = find(table, hash, isSame);
      const seen = table.places[slot];
      if (seen !== free) return seen;
      put(table, slot, hash, place);
      taken += 1;
      return undefined;
    },
  };
}

/** The slot of the place that is the same, or the free one that ends the search for it. */
function find(table: Table, hash: number, isSame: (seen: number) => boolean): number {
  for (let slot = firstSlot(table, hash); ; slot = nextSlot(table, slot)) {
    const seen = table.places[slot] ?? free;
    if (seen === free || (table.hashes[slot] === hash && isSame(seen))) return slot;
  }
}

const nothing = () => false;

function createTable(slots: number): Table {
  return { hashes: new Uint32Array(slots), places: new Float64Array(slots).fill(free) };
}

function grown(table: Table): Table {
  const larger = createTable(Math.ceil(table.places.length * growth));
  for (const [from, place] of table.places.entries()) {
    if (place === free) continue;
    const hash = table.hashes[from] ?? 0;
    put(larger, find(larger, hash, nothing), hash, place);
  }
  return larger;
}

/** Spreads all hashes over the slots of a table of any size. */
function firstSlot({ places }: Table, hash: number): number {
  return Math.floor((hash / 2 ** 32) * places.length);
}

function nextSlot({ places }: Table, slot: number): number {
  return slot + 1 === places.length ? 0 : slot + 1;
}

function put({ hashes, places }: Table, slot: number, hash: number, place: number): void {
  hashes[slot] = hash;
  places[slot] = place;
}

/** A hash of 32 bits, unsigned, for tables in memory only: FNV-1a, and the last mixing of Murmur3. */
export function hashTexts(texts: readonly string[]): number {
  let hash = 0x811c9dc5;
  for (const text of texts) {
    for (let at = 0; at < text.length; at += 1)
      hash = Math.imul(hash ^ text.charCodeAt(at), fnvPrime);
    hash = Math.imul(hash ^ endOfText, fnvPrime);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const fnvPrime = 0x01000193;
/** No code unit of a text. */
const endOfText = 0x10000;
