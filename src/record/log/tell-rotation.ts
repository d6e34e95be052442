import { sql } from 'kysely';
import { parseLeaf } from '../../evidence/leaves/leaf.ts';
import {
  type KeyRotation,
  type RotatedKeys,
  readRotation,
} from '../../evidence/log/key-rotation.ts';
import { parseNote } from '../../evidence/log/note.ts';
import { parseVerifierKey, type VerifierKey } from '../../evidence/log/verifier-key.ts';
import type { Database, Records } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { type AppendedLeaf, appendLeaf } from './append-leaf.ts';
import { readNewestCheckpoint } from './checkpoints.ts';

/**
 * Tells the log that another key signs it from now on. Throws `RequestRefused` unless both keys
 * signed that, bear one name, and the old one signed the newest checkpoint and was not replaced.
 */
export async function tellRotation(
  database: Database,
  rotation: KeyRotation,
): Promise<AppendedLeaf> {
  const keys = readRotation(rotation, rotation.old.split('+')[0] ?? '');
  if (typeof keys === 'string') throw new RequestRefused(`the change of the key: ${keys}`);
  if (keys.old.name !== keys.new.name) {
    const names = `the old key is of ${keys.old.name}, the new one of ${keys.new.name}`;
    throw new RequestRefused(`${names}: both bear the name of their log`);
  }
  if (rotation.old === rotation.new) throw new RequestRefused('the new key is the old one');
  return database.transact(async (tx) => {
    await assertCurrent(tx, keys);
    await noteReplaced(tx, rotation, keys);
    return appendLeaf(tx, { event: 'key-rotated', ...rotation });
  });
}

async function assertCurrent(tx: Records, { old, new: next }: RotatedKeys): Promise<void> {
  const newest = await readNewestCheckpoint(tx);
  const signers = newest === undefined ? [] : parseNote(newest.note).signatures;
  const isSigner = signers.some(({ name, id }) => name === old.name && id === old.id);
  if (newest !== undefined && !isSigner) {
    throw new RequestRefused(`the old key ${old.id} did not sign the newest checkpoint`);
  }
  for (const rotation of await readRotations(tx)) {
    if (rotation.old.id === old.id || rotation.old.id === next.id) {
      const { id } = rotation.old.id === old.id ? old : next;
      throw new RequestRefused(`the key ${id} was replaced before`);
    }
  }
}

/** Waits for another rotation of the same key that has not ended yet, and is refused if that succeeds. */
async function noteReplaced(tx: Records, rotation: KeyRotation, { old }: RotatedKeys) {
  const noted = await sql`
    insert into keysweep.log_fact (kind, name, value)
    values ('key', ${rotation.old}, ${rotation.new})
    on conflict do nothing returning name
  `.execute(tx);
  if (noted.rows.length > 0) return;
  const { rows } = await sql<{ value: string }>`
    select value from keysweep.log_fact where kind = 'key' and name = ${rotation.old}
  `.execute(tx);
  const next = rows.map(({ value }) => parseVerifierKey(value).id).join();
  throw new RequestRefused(
    `another rotation has just replaced the key ${old.id} with ${next}, and this one changed ` +
      'nothing; let evidence.keyFile name that key, and rotate it if you still need to',
  );
}

/**
 * The changes of the key that the log tells of, in their order, those alone that both keys signed. The
 * condition is that of the index `log_leaf_rotated`.
 */
export async function readRotations(db: Records): Promise<readonly RotatedKeys[]> {
  const { rows } = await sql<{ body: string }>`
    select body from keysweep.log_leaf l
    where strpos(body, '"event":"key-rotated"') > 0 order by l.n
  `.execute(db);
  return rows.flatMap(({ body }) => {
    const { event } = parseLeaf(body);
    if (event.event !== 'key-rotated') return [];
    const keys = readRotation(event, event.old.split('+')[0] ?? '');
    return typeof keys === 'string' ? [] : [keys];
  });
}

/** The keys that signed the log before this one, through changes that both keys signed. */
export function predecessorsOf(
  key: VerifierKey,
  rotations: readonly RotatedKeys[],
): readonly VerifierKey[] {
  const found: VerifierKey[] = [];
  let current = key;
  for (const { old, new: next } of rotations.toReversed()) {
    if (next.id !== current.id || next.name !== current.name) continue;
    found.push(old);
    current = old;
  }
  return found;
}
