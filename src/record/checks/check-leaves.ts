import { sql } from 'kysely';
import type { NoteDifference } from '../../evidence/differences/difference.ts';
import { type Leaf, parseLeaf } from '../../evidence/leaves/leaf.ts';
import { hashLeaf } from '../../evidence/log/merkle.ts';
import { createTileStack, type FullTile } from '../../evidence/log/tile-stack.ts';
import { tilePath } from '../../evidence/log/tiles.ts';
import { readStoredCheckpoints } from '../log/checkpoints.ts';
import type { Database, Records } from '../store/database.ts';
import { addLeaf, type LogStory } from './log-story.ts';
import { createSignedRoots, type SignedRoots } from './notes/signed-roots.ts';
import { type KeysOfLog, verifyNotes } from './notes/verify-notes.ts';
import { readStoredLeaves, type StoredLeaf } from './read-leaves.ts';

/**
 * Compares each leaf with its hash, the tiles and signed roots with the leaves, and adds to `story`
 * what the leaves say. A leaf that was changed says nothing. Returns what does the same with the
 * leaves that have come since, once each, and the number of checkpoints.
 */
export async function checkLeaves(
  { db, view }: Pick<Database, 'db' | 'view'>,
  story: LogStory,
  note: NoteDifference,
  keys: KeysOfLog = {},
): Promise<HeardLog> {
  const [head, notes] = await view(async (one) => [
    await readHead(one),
    await readStoredCheckpoints(one),
  ]);
  const size = head?.size ?? 0;
  const signed = createSignedRoots(notes, size, note);
  const readOn = readLeavesOf(story, signed, note);
  const next = await readOn(db, size);
  noteGap(next, size, note);
  signed.noteWrong();
  await verifyNotes(notes, { ...keys, rotations: story.rotations }, note);
  if (head !== undefined && next === size) checkHead(head, story, note);
  await checkBehind(db, { size, next }, note);
  story.size = Math.max(size, next);
  return { readOn: async (later) => void (await readOn(later)), checkpoints: notes.length };
}

/** A log whose leaves were read. */
export interface HeardLog {
  /** Goes on with the leaves that have come since. */
  readOn(db: Records): Promise<void>;
  /** The number of notes that are kept. */
  readonly checkpoints: number;
}

/** Goes on with the leaves from `story.size`. Returns the number that follows the last one. */
function readLeavesOf(story: LogStory, signed: SignedRoots, note: NoteDifference) {
  const stack = createTileStack();
  const hear = hearLeaf(story, note);
  return async (db: Records, until?: number): Promise<number> => {
    for await (const stored of readStoredLeaves(db, story.size, until)) {
      noteGap(story.size, stored.n, note);
      story.size = stored.n + 1;
      hear(stored);
      // Behind a gap nobody knows the tree.
      if (stack.size !== stored.n) continue;
      for (const tile of stack.add(Buffer.from(stored.hash))) await checkTile(db, tile, note);
      signed.compare(stack);
    }
    return story.size;
  };
}

interface Head {
  readonly size: number;
  readonly at: Date;
  readonly installation: string;
}

async function readHead(db: Records): Promise<Head | undefined> {
  const { rows } = await sql<Head>`
    select size::float8 as size, at, installation from keysweep.log_head
  `.execute(db);
  return rows[0];
}

/** The next leaf is made from it. */
function checkHead(head: Head, story: LogStory, note: NoteDifference): void {
  const place = 'the head of the log';
  const { installation = head.installation, writtenAt } = story;
  const at = head.at.toISOString();
  if (installation !== head.installation) {
    note({
      code: 'log-head',
      place,
      field: 'installation',
      was: installation,
      is: head.installation,
    });
  }
  if (writtenAt === undefined || writtenAt === at) return;
  note({ code: 'log-head', place, field: 'at', was: writtenAt, is: at });
}

/** Adds leaf after leaf to the story; their instants never go back. */
function hearLeaf(story: LogStory, note: NoteDifference): (stored: StoredLeaf) => void {
  let at = '';
  return (stored) => {
    const leaf = readLeaf(stored, note);
    if (leaf === undefined) {
      delete story.writtenAt;
      return;
    }
    if (leaf.event.at < at) note({ code: 'leaf-time', leaf: stored.n, is: leaf.event.at });
    at = leaf.event.at;
    const is = stored.at.toISOString();
    if (is !== at) note({ code: 'leaf-row', leaf: stored.n, field: 'at', was: at, is });
    addLeaf(story, stored.n, leaf);
  };
}

/** A whole log may be gone. */
const mostNamed = 100;

function noteGap(from: number, until: number, note: NoteDifference): void {
  for (let n = from; n < Math.min(until, from + mostNamed); n += 1) {
    note({ code: 'leaf-gone', leaf: n });
  }
}

function readLeaf({ n, body, hash }: StoredLeaf, note: NoteDifference): Leaf | undefined {
  if (!hashLeaf(Buffer.from(body)).equals(Buffer.from(hash))) {
    note({ code: 'leaf-body', leaf: n });
    return undefined;
  }
  try {
    return parseLeaf(body);
  } catch (error) {
    note({ code: 'leaf-form', leaf: n, is: (error as Error).message });
    return undefined;
  }
}

async function checkTile(db: Records, { tile, hashes, root }: FullTile, note: NoteDifference) {
  const { rows } = await sql<{ hashes: Uint8Array; root: Uint8Array }>`
    select hashes, root from keysweep.log_tile where level = ${tile.level} and n = ${tile.index}
  `.execute(db);
  const [stored] = rows;
  const isSame =
    stored !== undefined &&
    hashes.equals(Buffer.from(stored.hashes)) &&
    root.equals(Buffer.from(stored.root));
  if (!isSame) note({ code: 'tile', place: tilePath(tile) });
}

/** What stands behind the leaves that the head counts. */
async function checkBehind(
  db: Records,
  { size, next }: { readonly size: number; readonly next: number },
  note: NoteDifference,
): Promise<void> {
  const { rows } = await sql<{ leaves: number; head: number; tiles: string[] | null }>`
    select (select coalesce(max(n) + 1, 0) from keysweep.log_leaf)::float8 as leaves,
      (select coalesce(max(size), 0) from keysweep.log_head)::float8 as head,
      (select array_agg('tile ' || level || '/' || n) from keysweep.log_tile, keysweep.log_head
        where (n + 1) * (256::numeric ^ (level + 1)) > size) as tiles
  `.execute(db);
  const [{ leaves, head, tiles } = { leaves: 0, head: 0, tiles: null }] = rows;
  if (leaves > head) note({ code: 'log-size', was: `${leaves}`, is: `${head}` });
  if (next < size && leaves <= next) note({ code: 'log-size', was: `${size}`, is: `${next}` });
  for (const place of tiles ?? []) note({ code: 'tile', place });
}
