import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { createWorld, hasStack, type World } from './world.ts';

let world: World | undefined;
let admin: pg.Client | undefined;
const role = `ks_few_${process.pid}`;
afterEach(async () => {
  await world?.close();
  await admin?.query(`drop role if exists ${role}`);
  await admin?.end();
});

/** What docs/operations.md says that a role needs to run keysweep. */
const documentedRights = [
  'grant usage on schema keysweep to ROLE',
  'grant usage, create on schema bullmq to ROLE',
  'grant all on all tables in schema keysweep, bullmq to ROLE',
  'grant all on all sequences in schema keysweep, bullmq to ROLE',
  'grant execute on all functions in schema keysweep, bullmq to ROLE',
];

/** The world on PostgreSQL, asked as a role with these rights and so many connections. */
async function asRoleWith(connections: number, rights = documentedRights): Promise<World> {
  world = await createWorld({ stack: 'postgres' });
  const url = new URL(world.databaseUrl ?? '');
  const owner = new pg.Client({ connectionString: url.href });
  await owner.connect();
  await owner.query(`create role ${role} login connection limit ${connections}`);
  for (const right of rights) await owner.query(right.replace('ROLE', role));
  await owner.end();
  url.pathname = '/postgres';
  admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  await world.write({ config: { store: { url: ownUrl(world) } } });
  return world;
}

test.skipIf(!hasStack('postgres'))(
  'a role with too few connections is exit 2 with the number needed, and enough with that number',
  { tags: ['all'] },
  async () => {
    const limited = await asRoleWith(6);
    const { run, write } = limited;
    const refused = await run(['sweep']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^keysweep: PostgreSQL at \S+ .*set store\.connections to 6/);
    await write({ config: { store: { url: ownUrl(limited), connections: 6 } } });
    const swept = await run(['sweep', '--format', 'json']);
    expect({ code: swept.code, stderr: swept.stderr }).toEqual({ code: 1, stderr: '' });
  },
);

function ownUrl({ databaseUrl = '' }: World): string {
  const url = new URL(databaseUrl);
  url.username = role;
  url.password = '';
  return url.href;
}

test.skipIf(!hasStack('postgres'))(
  'a role with fewer connections than a process needs is refused',
  { tags: ['all'] },
  async () => {
    const { run } = await asRoleWith(3);
    const refused = await run(['sweep']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^keysweep: PostgreSQL at \S+ .*needs at least 6: raise/);
  },
);

test.skipIf(!hasStack('postgres'))(
  'several worker processes are refused if the role has too few connections for all of them',
  { tags: ['all'] },
  async () => {
    const limited = await asRoleWith(30);
    const worker = { processes: 2 };
    await limited.write({ config: { store: { url: ownUrl(limited) }, worker } });
    const refused = await limited.run(['start']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /leaves 30 connections for the 2 processes .* may open 22: set store\.connections to 15 or less/,
    );
  },
);

test.skipIf(!hasStack('postgres'))(
  'a role that may not add jobs is refused, and does not wait without a word',
  { tags: ['all'] },
  async () => {
    const rights = documentedRights.map((right) => right.replace('usage, create', 'usage'));
    const { run } = await asRoleWith(40, rights);
    const refused = await run(['sweep']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^keysweep: PostgreSQL at \S+ refuses the user this \(42501\)/);
  },
);
