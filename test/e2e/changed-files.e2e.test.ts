import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import type { Running } from './command.ts';
import { readJsonOutput } from './report.ts';
import {
  createWorld,
  describeStacks,
  freshKey,
  hasStack,
  listKeys,
  staleKey,
  type World,
} from './world.ts';

let world: World;
afterEach(() => world.close());

const at = (name: string) => join(world.folder, name);

async function start(): Promise<Running> {
  const running = world.launch(['start']);
  await running.says('keysweep is ready');
  return running;
}

/** The log's line that begins so. */
function lineOf({ stderr }: Running, message: string): Record<string, unknown> {
  const lines = stderr.split('\n').filter((line) => line.includes(message));
  return JSON.parse(lines.at(-1) ?? '{}');
}

interface Message {
  readonly type: string;
  readonly data: Record<string, unknown>;
}

const messages = (): Message[] =>
  world.receiver.received.map(({ body }) => JSON.parse(body) as Message);

const arrives = (type: string) =>
  eventually(`a message ${type} arrives`, () => messages().some((one) => one.type === type));

const used = 'a changed policy or inventory is used from the next sweep';
const rejected = 'a changed policy or inventory has mistakes and is not used';
const laxRule = { id: 'stale-90', type: 'stale', after: '90d', severity: 'high' };
const ids = [staleKey.id, freshKey.id, 'key_2', 'key_3'];
const fleet = ids.map((id) => ({ ...(id === staleKey.id ? staleKey : freshKey), id }));

test('a running start uses a changed policy, and keeps the one before if it has mistakes', async () => {
  world = await createWorld({ fleet });
  const running = await start();
  expect(readJsonOutput(await world.run(['sweep', '--format', 'json'])).violations).toHaveLength(1);

  await world.write({ rules: [laxRule] });
  await running.says(used);
  const line = lineOf(running, used);
  // A sweep says which files its command has read, and they are then read again; an audit does not.
  const audited = await world.run(['audit', staleKey.id, '--format', 'json']);
  expect({ code: audited.code, stderr: audited.stderr }).toEqual({ code: 0, stderr: '' });
  expect(readJsonOutput(audited).sweep).toMatchObject({ policy: { hash: line['hash'] } });

  const right = await readFile(at('policy.yaml'), 'utf8');
  await world.write({ rules: [{ ...laxRule, after: 'soon' }] });
  await running.says(rejected);
  const validated = await world.run(['config', 'validate']);
  const { mistakes } = lineOf(running, rejected) as { mistakes: readonly string[] };
  expect(`${mistakes.join('\n')}\n`).toBe(validated.stderr);
  await arrives('config.rejected');
  running.child.kill('SIGHUP');
  await eventually('it reads again', () => running.stderr.split(rejected).length === 3);
  await writeFile(at('new.yaml'), right);
  await rename(at('new.yaml'), at('policy.yaml'));
  await running.says('the policy or inventory in use is back');

  expect(messages().filter(({ type }) => type === 'config.rejected')).toMatchObject([
    { data: { kind: 'policy', files: ['policy.yaml'], mistakes, omitted: 0 } },
  ]);
  expect((await running.end('SIGTERM')).code).toBe(0);
});

test('a sweep through a running start uses the files of now, without a wait', {
  tags: ['all'],
}, async () => {
  world = await createWorld({ fleet });
  const running = await start();
  await world.write({ rules: [laxRule], inventory: listKeys(ids.slice(0, 3)) });
  const swept = await world.run(['sweep', '--format', 'json']);
  expect({ code: swept.code, stderr: swept.stderr }).toEqual({ code: 0, stderr: '' });
  expect(readJsonOutput(swept).coverage).toMatchObject({ tracked: 3, audited: 3 });
  expect((await running.end('SIGTERM')).code).toBe(0);
});

// Two processes, where there are servers: they do all that one does, and must agree as well.
describeStacks('a running start', [hasStack('redis') ? 'redis' : 'embedded'], (stack) => {
  test('holds an inventory that was cut, until it is accepted', async () => {
    world = await createWorld({ fleet, stack });
    const running = await start();
    const other = stack === 'embedded' ? undefined : await start();
    expect((await world.run(['sweep'])).code).toBe(1);
    await world.write({ inventory: listKeys(ids.slice(1, 3)) });
    await arrives('inventory.held');
    await running.says('the inventory is held: sweeps use the keys tracked before');
    await other?.says('the inventory is held: sweeps use the keys tracked before');

    const audited = await world.run(['audit', staleKey.id, '--format', 'json']);
    expect(readJsonOutput(audited).violations).toHaveLength(1);
    const refused = await world.run(['sweep']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /the inventory \(keys.csv\) lacks 2 of the 4 tracked keys of (the embedded store in|PostgreSQL at) \S.*: keysweep sweep --replace-inventory\n$/,
    );
    const findings = ['findings', '--format', 'json'];
    const statuses = async () =>
      readJsonOutput<{ findings: { status: string }[] }>(await world.run(findings)).findings;
    expect(await statuses()).toMatchObject([{ status: 'open' }]);

    const accepted = await world.run(['sweep', '--replace-inventory', '--format', 'json']);
    expect(accepted.code).toBe(0);
    expect(readJsonOutput(accepted).coverage).toMatchObject({ tracked: 2, audited: 2 });
    expect(await statuses()).toMatchObject([{ status: 'resolved', resolution: 'untracked' }]);
    expect(messages().filter(({ type }) => type === 'inventory.held')).toMatchObject([
      { data: { files: ['keys.csv'], tracked: 4, kept: 2, listed: 2 } },
    ]);
    expect((await running.end('SIGTERM')).code).toBe(0);
    await other?.end('SIGTERM');
  });
});

test('SIGHUP says what is in use, and a changed keysweep.yaml asks for a restart', {
  tags: ['all'],
}, async () => {
  world = await createWorld({ fleet });
  const running = await start();
  running.child.kill('SIGHUP');
  await eventually('it answers for both', () => running.stderr.split('is unchanged').length === 3);
  await world.write({ config: { retention: '30d' } });
  await running.says('keysweep.yaml has changed: restart to use it');
  expect((await running.end('SIGTERM')).code).toBe(0);
});
