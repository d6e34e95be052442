import { sql } from 'kysely';
import { contentsPerFile, encodeContents } from '../../evidence/pack-files/contents.ts';
import { comparePaths, contentsPath, listPath } from '../../evidence/pack-files/pack-paths.ts';
import type { PackFile } from '../../evidence/pack-files/pack-reader.ts';
import { encodePackedList } from '../../evidence/pack-files/packed-list.ts';
import type { Records } from '../store/database.ts';
import { entryText } from '../store/entry-text.ts';
import { contentText, type ObservationContent } from '../store/observation-content.ts';
import type { GatheredExport } from './gather-export.ts';

/** What vendors said, as far as the packs refer to it. */
export async function* readContentFiles(
  db: Records,
  { contents }: GatheredExport,
): AsyncIterable<PackFile> {
  for (let at = 0; at < contents.length; at += contentsPerFile) {
    const some = contents.slice(at, at + contentsPerFile);
    const { rows } = await sql<{ id: number; content: ObservationContent }>`
      select id, content from keysweep.observation o where o.id = any (${some}::integer[])
      order by o.id
    `.execute(db);
    const lines = rows.map(({ id, content }) => ({ row: id, text: contentText(content) }));
    const text = encodeContents(lines);
    yield { path: contentsPath(at / contentsPerFile), bytes: Buffer.from(text) };
  }
}

interface ListedEntry {
  readonly source: string;
  readonly keyId: string;
  readonly owner: string | null;
  readonly environment: string | null;
  readonly approvedScopes: string[] | null;
  readonly tags: string[];
}

/** The key lists of the batches, with what the inventory says of each key. */
export async function* readListFiles(
  db: Records,
  { lists }: GatheredExport,
): AsyncIterable<PackFile> {
  const named = [...lists].sort(([one], [other]) => comparePaths(one, other));
  for (const [hash, id] of named) {
    const { rows } = await sql<ListedEntry>`
      select k.source, k.key_id as "keyId", e.owner, e.environment,
        e.approved_scopes as "approvedScopes", e.tags
      from keysweep.key_list l
      cross join lateral unnest(l.key_ids, l.entry_ids) with ordinality as n (key_id, entry_id, at)
      join keysweep.tracked_key k on k.id = n.key_id
      join keysweep.inventory_entry e on e.id = n.entry_id
      where l.id = ${id} order by n.at
    `.execute(db);
    const keys = rows.map((row): [string, string] => [row.keyId, entryText(row)]);
    const text = encodePackedList({ source: rows[0]?.source ?? '', keys });
    yield { path: listPath(hash), bytes: Buffer.from(text) };
  }
}
