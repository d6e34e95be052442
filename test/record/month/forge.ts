import { sql } from 'kysely';
import { batchRoot, sweepRoot } from '../../../src/evidence/keys-root.ts';
import { encodeLeaf, parseLeaf } from '../../../src/evidence/leaves/leaf.ts';
import { encodeCheckpoint } from '../../../src/evidence/log/checkpoint.ts';
import { hashLeaf } from '../../../src/evidence/log/merkle.ts';
import { encodeNote, signNote } from '../../../src/evidence/log/note.ts';
import { createTileStack } from '../../../src/evidence/log/tile-stack.ts';
import { hashPack } from '../../../src/evidence/pack.ts';
import { nameObjects, readManifest } from '../../../src/record/log/read-manifest.ts';
import type { Database, RecordsTransaction } from '../../../src/record/store/database.ts';
import { readPacks } from '../../../src/record/store/packs/read-packs.ts';
import { origin, signingKey } from './month-server.ts';

/** A sweep of the month and a key of it that broke a rule. */
export interface Failure {
  readonly row: number;
  readonly sweep: string;
  readonly leaf: number;
  readonly keyId: string;
}

/**
 * What an administrator who holds the signing key too can do: a key that failed passed, with all
 * counts, hashes, roots and signatures that follow from it, as the program itself makes them.
 */
export async function letPass(database: Database, failure: Failure): Promise<void> {
  await database.transact(async (tx) => {
    await editPack(tx, failure);
    const roots = await hashPacks(tx, failure.row);
    await editLeaf(tx, failure, sweepRoot(roots).toString('base64'));
    await makeLogAnew(tx);
  });
}

async function editPack(tx: RecordsTransaction, { row, keyId }: Failure): Promise<void> {
  await sql`
    update keysweep.pack p set verdicts[x.n] = 1, judgements[x.n] = null, pass = pass + 1, fail = fail - 1
    from (
      select b.batch, array_position(l.key_ids, k.id) as n
      from keysweep.sweep_batch b join keysweep.key_list l on l.id = b.list_id
      join keysweep.tracked_key k on k.key_id = ${keyId} and k.id = any (l.key_ids)
      where b.sweep_id = ${row}
    ) x where p.sweep_id = ${row} and p.batch = x.batch
  `.execute(tx);
  await sql`
    update keysweep.sweep set pass = pass + 1, fail = fail - 1 where id = ${row}
  `.execute(tx);
}

/** Returns the roots of the batches. */
async function hashPacks(tx: RecordsTransaction, row: number): Promise<readonly Buffer[]> {
  const seed = Buffer.from((await readManifest(tx, { id: row, uuid: '' })).manifest.seed, 'base64');
  const roots: Buffer[] = [];
  for await (const pack of readPacks(tx, row)) {
    const root = batchRoot(seed, pack);
    roots.push(root);
    await sql`
      update keysweep.pack set hash = ${hashPack(pack)}, keys_root = ${root}
      where sweep_id = ${row} and batch = ${pack.batch}
    `.execute(tx);
  }
  return roots;
}

async function editLeaf(
  tx: RecordsTransaction,
  { row, sweep, leaf }: Failure,
  keysRoot: string,
): Promise<void> {
  const { rows } = await sql<{ body: string }>`
    select body from keysweep.log_leaf where n = ${leaf}
  `.execute(tx);
  const { event, subjects } = parseLeaf(rows[0]?.body ?? '');
  if (event.event !== 'sweep-closed') throw new Error('the leaf closes no sweep');
  const { pass, fail } = event.verdicts;
  const verdicts = { ...event.verdicts, pass: pass + 1, fail: fail - 1 };
  const { evidence } = nameObjects(await readManifest(tx, { id: row, uuid: sweep }));
  const body = encodeLeaf({
    event: { ...event, verdicts, keysRoot },
    subjects: { ...subjects, evidence },
  });
  await sql`update keysweep.log_leaf set body = ${body} where n = ${leaf}`.execute(tx);
}

/** Makes all hashes, tiles, roots and notes from the leaves as they are now. */
async function makeLogAnew(tx: RecordsTransaction): Promise<void> {
  const { rows: leaves } = await sql<{ n: number; body: string; signed: boolean }>`
    select n::float8 as n, body, exists (
      select from keysweep.checkpoint c where c.size = l.n + 1
    ) as signed from keysweep.log_leaf l order by l.n
  `.execute(tx);
  const stack = createTileStack();
  for (const { n, body, signed } of leaves) {
    const hash = hashLeaf(Buffer.from(body));
    await sql`update keysweep.log_leaf set hash = ${hash} where n = ${n}`.execute(tx);
    for (const { tile, hashes, root } of stack.add(hash)) {
      await sql`
        update keysweep.log_tile set hashes = ${hashes}, root = ${root}
        where level = ${tile.level} and n = ${tile.index}
      `.execute(tx);
    }
    if (!signed) continue;
    const text = encodeCheckpoint({ origin, size: n + 1, root: stack.root(), extensions: [] });
    const note = encodeNote({ text, signatures: [signNote(text, signingKey)] });
    await sql`update keysweep.checkpoint set note = ${note} where size = ${n + 1}`.execute(tx);
  }
}
