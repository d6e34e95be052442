import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { batchRoot } from '../../src/evidence/keys-root.ts';
import { hashPack } from '../../src/evidence/pack.ts';
import { logClosing } from '../../src/record/closing/log-closing.ts';
import type { Database } from '../../src/record/store/database.ts';
import { type EntryParts, entryText } from '../../src/record/store/entry-text.ts';
import {
  contentText,
  type ObservationContent,
} from '../../src/record/store/observation-content.ts';
import { listHashInSql } from '../../src/record/store/packs/key-lists.ts';
import { readPacks } from '../../src/record/store/packs/read-packs.ts';
import { allowLongStatements } from '../../src/record/store/postgres/statement-limits.ts';

/** Makes all hashes of a filled store right, and tells the log of its nights. */
export async function fillLog(database: Database): Promise<void> {
  await allowLongStatements(async () => {
    await hashEntries(database);
    await hashContents(database);
    await sql`
      update keysweep.key_list l set hash = (
        select ${listHashInSql(sql`n.at`)}
        from unnest(l.key_ids, l.entry_ids) with ordinality as n (key_id, entry_id, at)
        join keysweep.tracked_key k on k.id = n.key_id
        join keysweep.inventory_entry e on e.id = n.entry_id
      )
    `.execute(database.db);
    await sql`
      update keysweep.finding set fingerprint = encode(sha256(convert_to(
        '["' || source || '","' || key_text || '","' || rule || '"]', 'UTF8')), 'hex')
    `.execute(database.db);
    await sql`
      update keysweep.finding_event v set at = s.closed_at
      from keysweep.sweep s where s.id = v.sweep_id and v.kind = 'resolved'
    `.execute(database.db);
    const { rows } = await sql<{ id: number }>`
      select id from keysweep.sweep order by id
    `.execute(database.db);
    for (const { id } of rows) await logNight(database, id);
  });
}

const sha256 = (text: string) => createHash('sha256').update(text).digest();

async function hashEntries({ db }: Database): Promise<void> {
  const { rows } = await sql<EntryParts & { readonly id: number }>`
    select id, owner, environment, approved_scopes as "approvedScopes", tags
    from keysweep.inventory_entry
  `.execute(db);
  for (const { id, ...parts } of rows) {
    await sql`
      update keysweep.inventory_entry set hash = ${sha256(entryText(parts))} where id = ${id}
    `.execute(db);
  }
}

const atOnce = 5_000;

async function hashContents({ db }: Database): Promise<void> {
  for (let after = 0; ; after += atOnce) {
    const { rows } = await sql<{ id: number; content: ObservationContent }>`
      select id, content from keysweep.observation where id > ${after} and id <= ${after + atOnce}
    `.execute(db);
    if (rows.length === 0) return;
    const hashes = rows.map(({ content }) => sha256(contentText(content)).toString('hex'));
    await sql`
      update keysweep.observation o set hash = decode(n.hash, 'hex')
      from unnest(${rows.map(({ id }) => id)}::integer[], ${hashes}::text[]) as n (id, hash)
      where o.id = n.id
    `.execute(db);
  }
}

/** As its closing would have. */
async function logNight(database: Database, id: number): Promise<void> {
  const { rows } = await sql<Parameters<typeof logClosing>[1] & Night>`
    select s.*, p.hash as policy_hash, s.closed_at as now, encode(s.seed, 'hex') as seed
    from keysweep.sweep s join keysweep.policy p on p.id = s.policy_id where s.id = ${id}
  `.execute(database.db);
  const [sweep] = rows;
  if (sweep === undefined) return;
  const [batches, packs, roots]: [number[], string[], string[]] = [[], [], []];
  for await (const pack of readPacks(database.db, id)) {
    batches.push(pack.batch);
    packs.push(hashPack(pack).toString('hex'));
    roots.push(batchRoot(Buffer.from(sweep.seed, 'hex'), pack).toString('hex'));
  }
  await sql`
    update keysweep.pack p set hash = decode(n.pack, 'hex'), keys_root = decode(n.root, 'hex')
    from unnest(${batches}::integer[], ${packs}::text[], ${roots}::text[]) as n (batch, pack, root)
    where p.sweep_id = ${id} and p.batch = n.batch
  `.execute(database.db);
  const { tracked, pass, fail, closed_at: closedAt } = sweep;
  const coverage = { tracked, audited: tracked, unknown: 0, partial: 0 };
  const totals = { coverage, verdicts: { pass, fail, waived: 0, unknown: 0 } };
  await database.transact(async (tx) => {
    const closed = { status: 'complete', closedAt } as const;
    await logClosing(tx, sweep, totals as Parameters<typeof logClosing>[2], closed);
  });
}

interface Night {
  readonly seed: string;
  readonly tracked: number;
  readonly pass: number;
  readonly fail: number;
  readonly closed_at: Date;
}
