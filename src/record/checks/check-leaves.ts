import { sql } from 'kysely';
import type { NoteDifference } from '../../evidence/differences/difference.ts';
import { type Leaf, parseLeaf } from '../../evidence/leaves/leaf.ts';
import { parseCheckpoint } from '../../evidence/log/checkpoint.ts';
import { hashLeaf } from '../../evidence/log/merkle.ts';
import { parseNote } from '../../evidence/log/note.ts';
import { createTileStack, type FullTile } from '../../evidence/log/tile-stack.ts';
import { tilePath } from '../../evidence/log/tiles.ts';
import type { StoredCheckpoint } from '../log/checkpoints.ts';
import type { Database, Records } from '../store/database.ts';
import { addLeaf, type LogStory } from './log-story.ts';
import { readStoredLeaves, type StoredLeaf } from './read-leaves.ts';

/**
 * Compares each leaf with its hash, the tiles and signed roots with the leaves, and adds to `story`
 * what the leaves say. A leaf that was changed says nothing. Returns what does the same with the
 * leaves that have come since, once each.
 */
export async function checkLeaves(
  { db, view }: Pick<Database, 'db' | 'view'>,
  story: LogStory,
  note: NoteDifference,
): Promise<(db: Records) => Promise<void>> {
  const [head, notes] = await view(async (one) => [await readHead(one), await readNotes(one)]);
  const size = head?.size ?? 0;
  const readOn = readLeavesOf(story, readRoots(notes, size, note), note);
  const next = await readOn(db, size);
  noteGap(next, size, note);
  if (head !== undefined && next === size) checkHead(head, story, note);
  await checkBehind(db, { size, next }, note);
  story.size = Math.max(size, next);
  return async (later) => void (await readOn(later));
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
      checkRoot(signed, stack, note);
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

/** The signed roots by the size of their log; 0 is the last size whose root was right. */
interface SignedRoots {
  readonly roots: Map<number, Buffer>;
  lastRight: number;
}

async function readNotes(db: Records): Promise<readonly StoredCheckpoint[]> {
  const { rows } = await sql<StoredCheckpoint>`
    select size::float8 as size, note from keysweep.checkpoint c order by c.size
  `.execute(db);
  return rows;
}

function readRoots(
  rows: readonly StoredCheckpoint[],
  size: number,
  note: NoteDifference,
): SignedRoots {
  const roots = new Map<number, Buffer>();
  for (const row of rows) {
    const root = readRoot(row);
    const place = `checkpoint ${row.size}`;
    if (root === undefined) note({ code: 'checkpoint', place, is: 'one that cannot be read' });
    else if (row.size > size)
      note({ code: 'checkpoint', place, was: `over ${row.size} leaves`, is: `over ${size}` });
    else roots.set(row.size, root);
  }
  return { roots, lastRight: 0 };
}

function readRoot(row: StoredCheckpoint): Buffer | undefined {
  try {
    const { size, root } = parseCheckpoint(parseNote(row.note, { mayBeUnsigned: true }).text);
    return size === row.size ? root : undefined;
  } catch {
    return undefined;
  }
}

function checkRoot(
  signed: SignedRoots,
  stack: { readonly size: number; root(): Buffer },
  note: NoteDifference,
): void {
  const { size } = stack;
  const root = signed.roots.get(size);
  if (root === undefined) return;
  if (root.equals(stack.root())) {
    signed.lastRight = size;
    return;
  }
  const place = `checkpoint ${size}`;
  // All later roots differ too.
  signed.roots.clear();
  const among = `a leaf from ${signed.lastRight} to ${size - 1} was changed together with its hash`;
  note({ code: 'checkpoint', place, is: among });
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
