// What a night costs in PostgreSQL once its sweep has closed: bytes of all tables and indexes of
// keysweep, per key, that the night added. Nights are swept through the command, right after each
// other. Real nights are a day apart, and autovacuum has long freed by then what a night no longer
// needs; so a vacuum follows each of the first nights. The nights without one show what it is worth.
// The queue is in Redis and is not counted.
import { Client } from 'pg';
import { atMost } from '../support/aim.ts';
import { defineBench, type Figure } from '../support/define-bench.ts';
import { count } from '../support/option.ts';
import { rounded } from '../support/render-lines.ts';
import { withOpened } from '../support/scope.ts';
import { secondsOf } from '../support/span.ts';
import { openPlace } from '../support/world/open-place.ts';
import { sweepWorld } from '../support/world/sweep.ts';

interface Night {
  readonly name: string;
  readonly movesHalf?: boolean;
  readonly vacuum?: boolean;
}

/** In this order, in one store. */
const nights: readonly Night[] = [
  { name: 'the first night', vacuum: true },
  { name: 'a night without a change', vacuum: true },
  { name: 'a night after which half the keys were used', movesHalf: true, vacuum: true },
  { name: 'without a change, no vacuum' },
  { name: 'half the keys were used, no vacuum', movesHalf: true },
];

export const bench = defineBench({
  name: 'night',
  about: 'bytes a key that a night adds to PostgreSQL, with and without changes',
  options: { keys: count(100_000, 'keys in the fleet; one in nine breaks a rule') },
  aims: () => ({ 'a night without a change': atMost(25) }),
  run: ({ keys }, say) =>
    withOpened(async (keep) => {
      const { vendor, world, servers } = await openPlace({ fleet: { keys } }, keep);
      const found: Figure[] = [];
      let before = await measure(servers.databaseUrl, true);
      for (const { name, movesHalf = false, vacuum = false } of nights) {
        if (movesHalf) await vendor.tell({ kind: 'use-keys', oneIn: 2 });
        const seconds = rounded(secondsOf(await sweepWorld(world, keys)));
        const bytes = await measure(servers.databaseUrl, vacuum);
        found.push({ name, unit: 'bytes/key', value: (bytes - before) / keys });
        before = bytes;
        say(`${name}: swept in ${seconds} s`);
      }
      return found;
    }),
});

async function measure(databaseUrl: string, vacuum: boolean): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    if (vacuum) await client.query('vacuum analyze');
    const { rows } = await client.query<{ bytes: string }>(`
      select sum(pg_total_relation_size(c.oid)) as bytes from pg_class c
      join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'keysweep' and c.relkind = 'r'`);
    return Number(rows[0]?.bytes);
  } finally {
    await client.end();
  }
}
