import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { createKeptBlocks, type KeptBlocks } from '../blocks/kept-blocks.ts';
import type { TrackedKey } from '../keys/tracked-key.ts';
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
      const { count: blockCount } = blocks;
      const chunks = () => readBlocks(blocks, blockCount);
      return Object.freeze({ count, hash: hash.digest('hex'), chunks, drop: () => blocks.drop() });
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

/** Throws if they were dropped. */
async function* readBlocks(
  blocks: KeptBlocks,
  count: number,
): AsyncGenerator<readonly TrackedKey[]> {
  for (let place = 0; place < count; place += 1) {
    const text = blocks.read(place).toString();
    const rows = JSON.parse(`[${text.replaceAll('\n', ',')}]`) as readonly Row[];
    yield rows.map(toKey);
    await breathe();
  }
}

function toKey([source, keyId, owner, environment, approvedScopes, tags]: Row): TrackedKey {
  return Object.freeze({
    ...{ source, keyId, owner, environment },
    approvedScopes: approvedScopes && Object.freeze(approvedScopes),
    tags: Object.freeze(tags),
  });
}
