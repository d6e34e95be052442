// What it takes to check the records of many nights against the evidence log, and to export them: the
// same for the last night alone and for all of them. The store is filled by SQL (filled-store.ts), and
// then all of its hashes and leaves are made (fill-log.ts), which takes a minute for a million keys.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../../src/config/read-config.ts';
import { openPostgresDatabase } from '../../src/record/store/database.ts';
import { defineBench, type Found } from '../support/define-bench.ts';
import { fillLog } from '../support/fill-log.ts';
import { filledInventory, fillStore } from '../support/filled-store.ts';
import { count } from '../support/option.ts';
import { watchProcesses } from '../support/processes/watch-processes.ts';
import { withOpened } from '../support/scope.ts';
import { openPlace, type Place } from '../support/world/open-place.ts';
import { runKeysweep } from '../support/world/run-keysweep.ts';

const day = 86_400_000;

export const bench = defineBench({
  name: 'evidence',
  about: 'checking and exporting the evidence of one night and of all nights in the store',
  options: {
    keys: count(100_000, 'keys in the fleet'),
    nights: count(30, 'nights in the store'),
  },
  aims: () => ({}),
  run: ({ keys, nights }, say) =>
    withOpened(async (keep) => {
      const sourceId = filledInventory(1)[0]?.source ?? '';
      const rows = filledInventory(keys).map(
        ({ source, keyId, owner }) => `${source},${keyId},${owner},,,\n`,
      );
      const place = await openPlace({ fleet: { keys: 1 }, rows, source: { id: sourceId } }, keep);
      const { configFile, folder } = place.world;
      const read = await readConfig({ path: configFile, env: {}, cwd: folder });
      if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
      const quiet = { connectionLost: () => undefined };
      const database = openPostgresDatabase(place.servers.databaseUrl, quiet);
      await fillStore(database, read.config, { keys, nights });
      say(`a store with ${nights} nights of ${keys} keys is filled`);
      await fillLog(database);
      await database.close();
      say('its log is written');
      const from = (days: number) => new Date(Date.now() - days * day).toISOString();
      const spans = [
        { about: 'of one night', since: from(1) },
        { about: 'of all nights', since: from(nights + 1) },
      ];
      const found: Found[] = [];
      for (const { about, since } of spans) {
        found.push(...(await measure(place, `checking ${about}`, ['check', '--from', since])));
        const pack = join(folder, `${found.length}.tar.gz`);
        const args = ['export', '--from', since, '--to', from(0), '--output', pack];
        found.push(...(await measure(place, `exporting ${about}`, args)));
        const value = (await stat(pack)).size / 1e6;
        found.push({ name: `size of the pack ${about}`, unit: 'MB', value });
      }
      return found;
    }),
});

async function measure({ world }: Place, name: string, args: readonly string[]) {
  const watch = watchProcesses();
  const startedAt = performance.now();
  const told = await runKeysweep(world, ['evidence', ...args], (pid) => watch.add(name, pid));
  const seconds = (performance.now() - startedAt) / 1_000;
  await watch.close();
  const beside = told.trim().split('\n').at(-1) ?? '';
  return [
    { name, unit: 's', value: seconds, ...(beside === '' ? {} : { beside }) },
    { name: `memory of ${name}`, unit: 'MB', value: watch.peakMb(name) },
  ];
}
