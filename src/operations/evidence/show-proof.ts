import { sql } from 'kysely';
import { z } from 'zod';
import { type Leaf, LeafUnreadable, parseLeaf } from '../../evidence/leaves/leaf.ts';
import { encodeKeyProof, type KeyProof } from '../../evidence/pack-files/key-proof.ts';
import type { ShownProof } from '../../evidence/shown-proof/shown-proof.ts';
import { readExportedLog } from '../../record/exports/export-pack.ts';
import { findKey } from '../../record/exports/find-key.ts';
import { proveKey, proveLeaf } from '../../record/exports/read-proofs.ts';
import type { Records } from '../../record/store/database.ts';
import { RequestRefused } from '../../record/store/errors.ts';
import { findSweep } from '../../record/store/find-by-beginning.ts';
import { asJson } from '../answers.ts';
import { oneName } from '../filters.ts';
import { defineOperation } from '../operation.ts';
import { shownProofShape } from '../shapes/evidence.ts';

/**
 * The proof of what a sweep found of a key; undefined if there is no such sweep. Throws
 * `RequestRefused` if there is nothing to prove.
 */
export const keyProof = defineOperation({
  about: 'Proves what a sweep found of one key.',
  access: 'evidence',
  method: 'GET',
  path: 'evidence/proof',
  input: z.strictObject({ sweep: z.string().max(100), key: oneName }),
  shape: shownProofShape,
  answer: asJson<ShownProof>(),
  async run({ database, config }, { sweep, key }): Promise<ShownProof | undefined> {
    const { db } = database;
    const found = await findSweep(db, sweep);
    if (found === undefined) return undefined;
    const [source, keyId] = await findKey(db, key);
    const { n, body } = await findLeaf(db, found.row, found.id);
    const log = await readExportedLog(db, config.evidence.origin);
    if (n >= log.size) {
      throw new RequestRefused(
        `leaf ${n} of sweep ${found.id} is not signed yet: wait ten seconds`,
      );
    }
    const { event, subjects } = readLeaf(n, body, found.id);
    if (event.event !== 'sweep-closed') throw noLeaf(found.id);
    const proven = { id: found.row, leaf: { n, event, subjects } };
    const proof = await proveKey(db, proven, source, keyId);
    if (proof === undefined) {
      throw new RequestRefused(
        `sweep ${found.id} has no key ${source}/${keyId} that can be proven`,
      );
    }
    const whole = JSON.parse(encodeKeyProof(proof)) as KeyProof;
    return { leaf: body, logProof: await proveLeaf(db, n, log), proof: whole };
  },
});

async function findLeaf(db: Records, row: number, id: string) {
  const { rows } = await sql<{ n: number; body: string }>`
    select l.n::float8 as n, l.body from keysweep.sweep s join keysweep.log_leaf l on l.n = s.leaf
    where s.id = ${row}
  `.execute(db);
  if (rows[0] === undefined) throw noLeaf(id);
  return rows[0];
}

/** `id`: of its sweep. Throws `RequestRefused` for a leaf that somebody changed. */
function readLeaf(n: number, body: string, id: string): Leaf {
  try {
    return parseLeaf(body);
  } catch (error) {
    if (!(error instanceof LeafUnreadable)) throw error;
    const advice = 'keysweep evidence check says what else was changed';
    throw new RequestRefused(
      `leaf ${n} of sweep ${id} cannot be read: ${error.message}; ${advice}`,
    );
  }
}

function noLeaf(id: string): RequestRefused {
  return new RequestRefused(
    `no leaf tells of sweep ${id}: it is open, simulated, or older than the evidence log`,
  );
}
