import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import type { Running } from './command.ts';
import { readJsonOutput } from './report.ts';
import { createWorld, freshKey, hasStack, staleKey, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

const json = async (...args: string[]) =>
  readJsonOutput<object>(await world.run([...args, '--format', 'json']));

async function startHolder(): Promise<Running> {
  const holder = world.launch(['start']);
  await holder.says('keysweep is ready');
  return holder;
}

test('commands through the process that holds the store print the same', {
  tags: ['long'],
}, async () => {
  const odd = { ...staleKey, id: 'a/b?c#d %2e', name: '=cmd "x"' };
  world = await createWorld({ fleet: [staleKey, freshKey, odd] });
  const holder = await startHolder();
  const swept = await world.run(['sweep', '--format', 'json']);
  expect(swept.code).toBe(1);
  const report = readJsonOutput(swept);
  expect(report.violations).toHaveLength(2);

  const audited = await world.run(['audit', odd.id, freshKey.id, '--format', 'json']);
  expect(readJsonOutput(audited)).toMatchObject({
    sweep: { scope: 'partial' },
    coverage: { tracked: 2 },
    violations: [{ keyId: odd.id }],
  });
  const begun = await world.run(['audit', 'key_fr', freshKey.id, '--format', 'json']);
  expect(JSON.parse(begun.stdout).keys).toMatchObject([{ keyId: freshKey.id }]);
  const ambiguous = await world.run(['audit', 'key_', '--format', 'json']);
  expect(ambiguous).toMatchObject({ code: 2, stdout: '' });
  expect(ambiguous.stderr).toMatch(
    /several key ids begin with "key_": key_fresh, key_stale; give more of it\n$/,
  );
  const examined = JSON.parse((await world.run(['doctor', '--format', 'json'])).stdout);
  const failures = examined.checks.filter(({ status }: { status: string }) => status === 'failure');
  expect(failures).toEqual([]);
  expect(JSON.stringify(examined.checks)).toContain(`process ${holder.pid}`);
  const unknown = await world.run(['audit', 'key_nowhere']);
  expect(unknown).toMatchObject({ code: 2, stdout: '' });
  expect(unknown.stderr).toMatch(/^no key "key_nowhere" in the inventory.*\n$/);
  expect(await world.run(['report', 'nothing'])).toMatchObject({ code: 2 });

  const commands = [
    ['report'],
    ['report', report.sweep.id],
    ['findings'],
    ['findings', '--status', 'resolved', '--severity', 'high'],
    ['keys', 'list'],
  ];
  const through = [];
  for (const args of commands) through.push(await json(...args));
  expect((await holder.end('SIGTERM')).code).toBe(0);
  for (const [at, args] of commands.entries()) expect(await json(...args)).toEqual(through[at]);
  expect(through[0]).toEqual(report);
});

const token = 'token-of-the-test';

test('commands through its port print the same, without a configuration', {
  tags: ['all'],
}, async () => {
  const odd = { ...staleKey, id: 'a/b?c#d %2e', name: '=cmd "x"' };
  const http = { port: 0, tokens: [{ name: 'ops', token, role: 'operator' }] };
  world = await createWorld({ fleet: [staleKey, freshKey, odd], config: { http } });
  const holder = await startHolder();
  const ready = holder.stderr.split('\n').find((line) => line.includes('keysweep is ready'));
  const env = {
    KEYSWEEP_CONFIG: '/nowhere/keysweep.yaml',
    KEYSWEEP_SERVER: `http://127.0.0.1:${JSON.parse(ready ?? '').port}`,
    KEYSWEEP_TOKEN: token,
  };
  const swept = await world.run(['sweep', '--format', 'json'], env);
  expect(swept.code).toBe(1);
  const audited = await world.run(['audit', 'a/b', 'key_fr', '--format', 'json'], env);
  expect(readJsonOutput(audited)).toMatchObject({
    sweep: { scope: 'partial' },
    coverage: { tracked: 2 },
    violations: [{ keyId: odd.id }],
  });
  const findings = await world.run(['findings', '--format', 'json'], env);
  expect((await holder.end('SIGTERM')).code).toBe(0);
  expect(await json('report')).toEqual(readJsonOutput(swept));
  expect(await json('findings')).toEqual(readJsonOutput(findings));
  expect(await world.run(['findings'], env)).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('refuses connections (ECONNREFUSED): check that it runs'),
  });
});

test('a second start names the process that holds the store', async () => {
  world = await createWorld();
  const holder = await startHolder();
  const second = await world.run(['start']);
  expect(second.code).toBe(2);
  const { msg } = JSON.parse(second.stderr);
  expect(msg).toBe(`the store is held by process ${holder.pid}; stop it first`);
  expect((await stat(`${world.folder}/store`)).mode & 0o077).toBe(0);
});

test('commands name a holder that is stopped, and end with exit 2 within a minute', {
  tags: ['long'],
}, async () => {
  world = await createWorld();
  const holder = await startHolder();
  holder.child.kill('SIGSTOP');
  const started = performance.now();
  const commands = [['report'], ['sweep'], ['findings'], ['keys', 'list']];
  const ended = await Promise.all(commands.map((args) => world.run(args)));
  expect(performance.now() - started).toBeLessThan(60_000);
  for (const { code, stdout, stderr } of ended) {
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^keysweep: process \d+, which holds the store, has not answered since \S+Z: it is stopped/,
    );
    expect(stderr).toContain(`kill -CONT ${holder.pid}`);
  }
  holder.child.kill('SIGCONT');
  expect((await world.run(['sweep'])).code).toBe(1);
  expect((await holder.end('SIGTERM')).code).toBe(0);
});

interface TimedReport {
  readonly sweep: { readonly openedAt: string; readonly closedAt: string };
}

/** Nothing went wrong; a wait may have been long enough to be told of. */
const onlyWaits = /^(keys still pending: .*\n)*$/;

test('a command continues alone when the process it went through ends first', {
  tags: ['long'],
}, async () => {
  const slow = { fault: 'latency=1900ms' };
  const names = ['key_0', 'key_1', 'key_2', 'key_3'];
  const fleet = [{ ...staleKey, ...slow }, ...names.map((id) => ({ ...freshKey, id, ...slow }))];
  world = await createWorld({ fleet, source: { concurrency: 1 } });
  const first = world.launch(['audit', ...names, '--format', 'json']);
  await eventually('it asks for its first key', () => world.sandbox.requests.key > 0);
  const second = world.launch(['sweep', '--format', 'json']);
  const third = world.launch(['audit', staleKey.id, '--format', 'json']);
  const ended = await Promise.all([first.ended, second.ended, third.ended]);
  expect(ended.map(({ code }) => code)).toEqual([0, 1, 1]);
  for (const { stderr } of ended) expect(stderr).toMatch(onlyWaits);
  const [audited, swept, auditedToo] = ended.map((one) => readJsonOutput<TimedReport>(one));
  expect(audited).toMatchObject({ sweep: { scope: 'partial' }, coverage: { audited: 4 } });
  expect(swept).toMatchObject({ sweep: { scope: 'full' }, coverage: { audited: 5 } });
  expect(auditedToo).toMatchObject({ sweep: { scope: 'partial' }, coverage: { audited: 1 } });
  // It was opened by the first, and closed when that was gone.
  const [opened, firstClosed, closed] = [
    swept?.sweep.openedAt,
    audited?.sweep.closedAt,
    swept?.sweep.closedAt,
  ];
  expect([opened, firstClosed, closed]).toEqual([opened, firstClosed, closed].sort());
});

test('a command that waits for a killed holder takes over the store and finishes', {
  // Without servers, this is the crash that `npm test` shows; with them, crash.e2e has others.
  tags: hasStack('redis') ? ['all'] : [],
}, async () => {
  world = await createWorld({ fleet: [{ ...staleKey, fault: 'latency=1900ms' }, freshKey] });
  const holder = await startHolder();
  const waiting = world.launch(['sweep', '--format', 'json']);
  await eventually('the key is asked for', () => world.sandbox.requests.keys.has(staleKey.id));
  await holder.end('SIGKILL');
  const ended = await waiting.ended;
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(onlyWaits);
  expect(readJsonOutput(ended).coverage).toMatchObject({ tracked: 2, audited: 2 });
});

interface SweepsText {
  readonly sweeps: readonly { readonly id: string; readonly status: string }[];
}

test('a running sweep is listed and stopped by the beginning of its id, through the holder', {
  tags: ['all'],
}, async () => {
  const slow = { ...staleKey, fault: 'latency=55s' };
  world = await createWorld({ fleet: [slow, freshKey], source: { timeout: '60s' } });
  const waiting = world.launch(['sweep', '--format', 'json']);
  await eventually('the slow key is asked for', () => world.sandbox.requests.keys.has(staleKey.id));
  const [running] = readJsonOutput<SweepsText>(
    await world.run(['sweeps', 'list', '--format', 'json']),
  ).sweeps;
  expect(running).toMatchObject({ status: 'open', trigger: 'request', tracked: 2 });
  const id = running?.id ?? '';
  const stopped = await world.run(['sweeps', 'stop', id.slice(0, 8)]);
  expect(stopped.stderr).toBe(`stopped sweep ${id}; closed as incomplete: 2 of 2 keys unknown\n`);
  const ended = await waiting.ended;
  expect({ code: ended.code, report: readJsonOutput(ended) }).toMatchObject({
    ...{ code: 3, report: { sweep: { id, status: 'incomplete' } } },
  });
  const again = await world.run(['sweeps', 'stop', id]);
  expect(again).toMatchObject({ code: 0, stderr: expect.stringMatching(/was stopped already/) });
});

test('a command with --no-worker says so if no other process holds the store, or no longer', {
  tags: ['all'],
}, async () => {
  world = await createWorld({ fleet: [{ ...staleKey, fault: 'latency=1900ms' }] });
  const alone = /^no other process holds the embedded store.*leave out --no-worker.*\n$/;
  const { code, stderr } = await world.run(['sweep', '--no-worker']);
  expect({ code, told: alone.test(stderr) }).toEqual({ code: 2, told: true });

  const holder = await startHolder();
  const waiting = world.launch(['sweep', '--no-worker']);
  await eventually('the key is asked for', () => world.sandbox.requests.keys.has(staleKey.id));
  expect((await holder.end('SIGTERM')).code).toBe(0);
  const left = await waiting.ended;
  expect({ code: left.code, told: alone.test(left.stderr) }).toEqual({ code: 2, told: true });
  expect((await world.run(['sweep'])).code).toBe(1);
});

test('a command that starts while the store is being opened waits for it', {
  tags: ['all'],
}, async () => {
  world = await createWorld();
  const holder = world.launch(['start']);
  const held = async () =>
    (await readdir(join(world.folder, 'store'))).some((name) => name.startsWith('holder'));
  await eventually('it holds the store', held, { everyMs: 5 });
  const early = [world.run(['keys', 'list']), world.run(['findings']), world.run(['sweep'])];
  expect((await Promise.all(early)).map(({ code }) => code)).toEqual([0, 0, 1]);
  expect((await holder.end('SIGTERM')).code).toBe(0);
});
