import { sql } from 'kysely';
import { encodePack } from '../../evidence/pack.ts';
import { comparePaths, objectPath } from '../../evidence/pack-files/pack-paths.ts';
import type { PackFile } from '../../evidence/pack-files/pack-reader.ts';
import { encodeSeals } from '../log/adopt-seals.ts';
import { readObject } from '../log/log-objects.ts';
import { readManifest } from '../log/read-manifest.ts';
import type { Records } from '../store/database.ts';
import { readPacksAt } from '../store/packs/read-packs.ts';
import type { GatheredExport, ObjectPlace } from './gather-export.ts';
import { readPolicyObject } from './read-policy-object.ts';

type Named = readonly [name: string, place: ObjectPlace];

/** As many objects are read at once. */
const objectsAtOnce = 25;

/**
 * The objects of a pack in the order of their names, made anew from the tables. One that was changed
 * has other bytes than its name says, and one that is gone is left out: whoever verifies the pack
 * sees both.
 */
export async function* readObjects(
  db: Records,
  { objects }: GatheredExport,
): AsyncIterable<PackFile> {
  const named = [...objects].sort(([one], [other]) => comparePaths(one, other));
  for (let at = 0; at < named.length; at += objectsAtOnce) {
    const some = named.slice(at, at + objectsAtOnce);
    const packs = await readPackTexts(db, some);
    for (const [name, place] of some) {
      const text = place.kind === 'pack' ? packs.get(name) : await readOther(db, place);
      if (text !== undefined) yield { path: objectPath(name), bytes: Buffer.from(text) };
    }
  }
}

async function readPackTexts(
  db: Records,
  some: readonly Named[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  const places = some.flatMap(([name, place]) => {
    if (place.kind !== 'pack') return [];
    names.set(`${place.sweepRow}/${place.batch}`, name);
    return [place];
  });
  const rows = new Map(
    await Promise.all(
      places.map(async ({ sweepRow }) => {
        return [await uuidOf(db, sweepRow), sweepRow] as const;
      }),
    ),
  );
  const texts = new Map<string, string>();
  for await (const pack of readPacksAt(db, places)) {
    const name = names.get(`${rows.get(pack.sweep)}/${pack.batch}`);
    if (name !== undefined) texts.set(name, encodePack(pack));
  }
  return texts;
}

async function uuidOf(db: Records, sweepRow: number): Promise<string> {
  const { rows } = await sql<{ uuid: string }>`
    select uuid from keysweep.sweep where id = ${sweepRow}
  `.execute(db);
  return rows[0]?.uuid ?? '';
}

async function readOther(
  db: Records,
  place: Exclude<ObjectPlace, { readonly kind: 'pack' }>,
): Promise<string | undefined> {
  switch (place.kind) {
    case 'manifest':
    case 'inventory': {
      const made = await readManifest(db, { id: place.sweepRow, uuid: place.uuid });
      return place.kind === 'manifest' ? made.manifestText : made.inventoryText;
    }
    case 'kept':
      return readObject(db, place.name);
    case 'seals':
      return encodeSeals(db);
    case 'policy':
      return readPolicyObject(db, place.name);
  }
}
