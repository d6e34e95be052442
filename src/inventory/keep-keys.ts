import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { TrackedKey } from '../keys/tracked-key.ts';
import { createKeptBlocks, type KeptBlocks } from './kept-blocks.ts';
import type { ListedKeys } from './listed-keys.ts';

/** Takes the keys of an inventory one by one, and keeps none of them in memory. */
export interface KeyKeeper {
  add(key: TrackedKey): void;
  /** Nothing can be added any more. */
  end(): ListedKeys;
}

/** Characters of a block: a thousand keys or more, which are read in some milliseconds. */
const blockLength = 128 * 1024;

/**
 * A copy of what was read from files, so that an inventory stays the same whatever happens to its
 * files: they may get mistakes, and then the inventory before is still in use.
 */
export function createKeyKeeper(blocks: KeptBlocks = createKeptBlocks()): KeyKeeper {
  const hash = createHash('sha256');
  let [count, length] = [0, 0];
  let rows: string[] = [];
  const flush = () => {
    hash.update(rows.join(''));
    // JSON has no line ends within texts.
    if (rows.length > 0) blocks.add(Buffer.from(rows.join('\n')));
    [rows, length] = [[], 0];
  };
  return {
    add(key) {
      const row = toRow(key);
      rows.push(row);
      count += 1;
      length += row.length;
      if (length >= blockLength) flush();
    },
    end() {
      flush();
      const digest = hash.digest('hex');
      const chunks = () => readBlocks(blocks, digest);
      return Object.freeze({ count, hash: digest, chunks, drop: () => blocks.drop() });
    },
  };
}

export function keepKeys(keys: Iterable<TrackedKey>): ListedKeys {
  const keeper = createKeyKeeper();
  for (const key of keys) keeper.add(key);
  return keeper.end();
}

function toRow({ source, keyId, owner, environment, approvedScopes, tags }: TrackedKey): string {
  return JSON.stringify([source, keyId, owner, environment, approvedScopes, tags]);
}

type Row = readonly [
  source: string,
  keyId: string,
  owner: string | null,
  environment: string | null,
  approvedScopes: readonly string[] | null,
  tags: readonly string[],
];

/** Throws at the end if the disk did not return what was written to it. */
async function* readBlocks(
  blocks: KeptBlocks,
  expected: string,
): AsyncGenerator<readonly TrackedKey[]> {
  const hash = createHash('sha256');
  for (let place = 0; place < blocks.count; place += 1) {
    const text = blocks.read(place).toString();
    hash.update(text.replaceAll('\n', ''));
    const rows = JSON.parse(`[${text.replaceAll('\n', ',')}]`) as readonly Row[];
    yield rows.map(toKey);
    await breathe();
  }
  if (hash.digest('hex') !== expected) throw new Error('the copy of the inventory is damaged');
}

function toKey([source, keyId, owner, environment, approvedScopes, tags]: Row): TrackedKey {
  return Object.freeze({
    ...{ source, keyId, owner, environment },
    approvedScopes: approvedScopes && Object.freeze(approvedScopes),
    tags: Object.freeze(tags),
  });
}
