import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeItems } from '../../src/operations/paged-list.ts';
import { createRemoteOperations } from '../../src/operations/remote/remote.ts';
import { openEmbeddedDatabase } from '../../src/record/store/database.ts';
import { queryRecords } from './records.ts';
import type { World } from './world.ts';

/** Runs one statement and returns its rows. */
export type Query = <Row extends object>(
  statement: string,
  values?: readonly unknown[],
) => Promise<readonly Row[]>;

const storeOf = ({ folder }: World) => join(folder, 'store');

/** Asks the records of a world on any stack. No process may hold an embedded store meanwhile. */
export async function withRecords<T>(world: World, work: (query: Query) => Promise<T>): Promise<T> {
  if (world.databaseUrl !== undefined) {
    return work((statement, values) => queryRecords(world, statement, values));
  }
  const database = await openEmbeddedDatabase(storeOf(world));
  try {
    const pool = database.queuePool;
    return await work(async (statement, values = []) => {
      const { rows } = await pool.query(statement, [...values]);
      return rows as never[];
    });
  } finally {
    await database.close();
  }
}

/** How far the work of a world is. */
export interface WorkState {
  readonly closed: number;
  readonly open: number;
  readonly pendingAlerts: number;
}

/** The same while processes work: an embedded store is asked through its holder. */
export async function readWorkState(world: World): Promise<WorkState> {
  if (world.databaseUrl === undefined) return askHolder(world);
  const [state] = await queryRecords<WorkState>(
    world,
    `select (select count(*)::integer from keysweep.sweep where closed_at is not null) as closed,
       (select count(*)::integer from keysweep.sweep where closed_at is null) as open,
       (select count(*)::integer from keysweep.alert where state = 'pending') as "pendingAlerts"`,
  );
  if (state === undefined) throw new Error('no state');
  return state;
}

const most = 1_000;

async function askHolder(world: World): Promise<WorkState> {
  const names = await readdir(storeOf(world));
  const numbers = names.flatMap((name) => /^holder-(\d+)\.json$/.exec(name)?.[1] ?? []);
  const newest = Math.max(...numbers.map(Number));
  const file = join(storeOf(world), `holder-${newest}.json`);
  const operations = createRemoteOperations(JSON.parse(await readFile(file, 'utf8')));
  const state = { closed: 0, open: 0, pendingAlerts: 0 };
  for await (const { closedAt } of takeItems(operations.sweeps({}), most)) {
    if (closedAt === null) state.open += 1;
    else state.closed += 1;
  }
  const pending = takeItems(operations.alerts({ state: ['pending'] }), most);
  for await (const _alert of pending) state.pendingAlerts += 1;
  return state;
}
