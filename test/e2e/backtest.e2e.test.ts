import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { FleetKey } from '../../src/sandbox/fleet-key.ts';
import { type ReportText, readJsonOutput } from './report.ts';
import {
  createWorld,
  describeStacks,
  freshKey,
  type Stack,
  staleKey,
  type World,
} from './world.ts';

let world: World;
afterEach(() => world.close());

interface Told {
  readonly keyId: string;
  readonly rule: string | null;
  readonly was: string;
}

interface Backtest {
  readonly sweeps: readonly {
    readonly would: Pick<ReportText, 'coverage'> & { readonly verdicts: object };
  }[];
  readonly opens: readonly Told[];
  readonly resolves: readonly Told[];
  readonly waived: readonly Told[];
  readonly unknown: readonly Told[];
}

type Report = ReportText & { readonly verdicts: object };

const was = [
  { id: 'stale', type: 'stale', after: '60d', severity: 'high' },
  { id: 'old', type: 'too-old', after: '30d', severity: 'medium' },
  { id: 'owner', type: 'unowned', severity: 'low' },
  { id: 'woke', type: 'reawakened', dormant: '30d', severity: 'high' },
  { id: 'odd', type: 'impossible-metadata', severity: 'high' },
];
const would = {
  version: '2',
  rules: [
    { id: 'stale', type: 'stale', after: '30d', warnBefore: '10d', severity: 'critical' },
    { id: 'never', type: 'never-used', grace: '14d', severity: 'medium' },
    { id: 'old', type: 'too-old', after: '120d', severity: 'medium' },
    { id: 'scopes', type: 'over-scoped', forbid: ['*:write'], severity: 'critical' },
    { id: 'drift', type: 'scope-drift', severity: 'high' },
    { id: 'woke', type: 'reawakened', dormant: '30d', severity: 'high' },
    { id: 'odd', type: 'impossible-metadata', severity: 'low' },
    { id: 'dark', type: 'unaudited', after: '5d', severity: 'low' },
    { id: 'gone', type: 'missing', severity: 'low' },
    { id: 'names', type: 'naming', pattern: '* job', severity: 'info' },
    { id: 'own', type: 'expression', when: 'key.idleDays > 70', message: 'idle', severity: 'low' },
  ],
  waivers: [
    {
      ...{ id: 'W-1', rule: 'stale', keys: [{ source: 'vendor', keyId: staleKey.id }] },
      ...{ reason: 'seasonal', requestedBy: 'ann', approvedBy: 'bob', expires: '2099-01-01' },
    },
  ],
};

const aKey = (id: string, difference: Partial<FleetKey>): FleetKey => ({
  ...freshKey,
  id,
  ...difference,
});
/** What it says is not near any limit: sweeps some seconds apart come to the same. */
const fleet = [
  staleKey,
  freshKey,
  aKey('key_writes', { scopes: ['charges:write'] }),
  aKey('key_unused', { lastUsed: null, createdOn: '-20d' }),
  aKey('key_soon', { lastUsed: '-25d' }),
  aKey('key_named', { name: 'prod', lastUsed: '-75d' }),
  aKey('key_dark', { fault: '500' }),
];
const inventory = [
  'source,key_id,owner',
  ...fleet.map(({ id }) => `vendor,${id},`),
  'vendor,key_gone,',
  '',
].join('\n');

const files = { other: 'other.yaml' };
const backtest = (...args: string[]) =>
  world.run(['policy', 'backtest', '--policy', join(world.folder, files.other), ...args]);

async function createJudged(stack: Stack = 'embedded'): Promise<Report> {
  world = await createWorld({ stack, fleet, inventory, rules: was });
  await writeFile(join(world.folder, files.other), JSON.stringify(would));
  return readJsonOutput<Report>(await world.run(['sweep', '--format', 'json']));
}

const names = (rows: readonly { keyId: string; rule: string | null }[]) =>
  rows.map(({ keyId, rule }) => `${keyId} ${rule}`).sort();

describeStacks('a back-test', ['embedded', 'postgres'], (stack) => {
  test('gives the results of the next sweep under that policy', async () => {
    const before = await createJudged(stack);
    const told = await backtest('--format', 'json');
    expect(told.code).toBe(1);
    const judged = readJsonOutput<Backtest>(told);
    await writeFile(join(world.folder, 'policy.yaml'), JSON.stringify(would));
    const after = readJsonOutput<Report>(await world.run(['sweep', '--format', 'json']));

    const open = (report: Report, status = 'open') =>
      names(report.violations.filter((violation) => violation.status === status));
    const isIn = (rows: readonly string[]) => (row: string) => rows.includes(row);
    const isOut = (rows: readonly string[]) => (row: string) => !rows.includes(row);
    expect(names(judged.opens)).toEqual(open(after).filter(isOut(open(before))));
    const resolved = open(before)
      .filter(isOut(open(after)))
      .filter(isOut(open(after, 'waived')));
    expect(names(judged.resolves)).toEqual(resolved);
    expect(names(judged.waived)).toEqual(
      open(after, 'waived').filter(isOut(open(before, 'waived'))),
    );
    const unknowns = (report: Report) => names(report.unknowns);
    expect(names(judged.unknown)).toEqual(unknowns(after).filter(isOut(unknowns(before))));
    expect(judged.sweeps[0]?.would).toEqual({
      coverage: after.coverage,
      verdicts: after.verdicts,
    });

    expect(judged.opens.length).toBeGreaterThan(5);
    expect(names(judged.waived)).toEqual([`${staleKey.id} stale`]);
    expect(names(judged.resolves).filter(isIn([`${freshKey.id} old`]))).toHaveLength(1);
  });
});

test('a back-test through the process that holds the store gives the same', {
  tags: ['long'],
}, async () => {
  const { sweep } = await createJudged();
  const alone = await backtest('--format', 'json');
  const table = await backtest();
  const holder = world.launch(['start']);
  await holder.says('keysweep is ready');
  expect(await backtest('--format', 'json')).toMatchObject({ code: 1, stdout: alone.stdout });
  expect(await backtest('--sweep', sweep.id)).toMatchObject({ code: 1, stdout: table.stdout });
  expect(await backtest('--since', '1d', '--quiet')).toMatchObject({ code: 1, stderr: '' });
  expect(await backtest('--sweep', '00000000')).toMatchObject({
    code: 2,
    stderr:
      'no closed sweep has an id that begins with "00000000"; keysweep sweeps list shows them\n',
  });
  expect((await holder.end('SIGTERM')).code).toBe(0);
});

/** As dear as a policy may be: each rule takes milliseconds for a key with many scopes. */
const dear = {
  version: 'dear',
  rules: Array.from({ length: 200 }, (_, at) => ({
    ...{ id: `dear-${at}`, type: 'expression', severity: 'low', message: 'dear' },
    when: 'key.scopes.all(a, key.scopes.all(b, a.contains(b) || b.contains(a) || a != b))',
  })),
};

test('probes are answered while a back-test over the port takes long', async () => {
  const scopes = Array.from({ length: 150 }, (_, at) => `scope-${at}:read`);
  const many = Array.from({ length: 300 }, (_, at) => aKey(`key_${at}`, { scopes }));
  world = await createWorld({ fleet: many, config: { http: { port: 0, open: true } } });
  await world.run(['sweep']);
  const running = world.launch(['start']);
  await running.says('keysweep is ready');
  const ready = running.stderr.split('\n').find((line) => line.includes('keysweep is ready'));
  const { port } = JSON.parse(ready ?? '{}') as { port?: number };
  let isOver = false;
  const asked = fetch(`http://127.0.0.1:${port}/api/v1/backtests`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ policy: JSON.stringify(dear), sweeps: { kind: 'last' } }),
  }).finally(() => {
    isOver = true;
  });
  let answered = 0;
  for (;;) {
    const healthy = await fetch(`http://127.0.0.1:${port}/healthz`, {
      signal: AbortSignal.timeout(5_000),
    });
    expect(healthy.status).toBe(200);
    // A connection stays open until the body is read.
    await healthy.text();
    if (isOver) break;
    answered += 1;
    await sleep(50);
  }
  const told = await asked;
  expect(told.status).toBe(200);
  await told.text();
  expect(answered).toBeGreaterThan(3);
  expect((await running.end('SIGTERM')).code).toBe(0);
});

test('exits 1 if a violation at the given severity would open, else 3 if a key is unknown', {
  tags: ['long'],
}, async () => {
  await createJudged();
  expect((await backtest('--fail-on', 'critical')).code).toBe(1);
  const milder = { version: '3', rules: was.map((rule) => ({ ...rule, severity: 'low' })) };
  await writeFile(join(world.folder, files.other), JSON.stringify(milder));
  // What is open already opens no more; key_dark is unknown under any policy.
  expect((await backtest()).code).toBe(3);
});

test('judges under the configured policy if none is named', { tags: ['long'] }, async () => {
  world = await createWorld();
  await world.run(['sweep']);
  const { code, stdout } = await world.run(['policy', 'backtest']);
  expect(code).toBe(0);
  expect(stdout).toContain('Nothing would open, 0 would resolve, 0 would be waived');
});

test('reports all mistakes of the policy and the configuration with their places', async () => {
  world = await createWorld();
  const bad = [
    'version: "1"',
    'rules:',
    '  - { id: a, type: stale, after: soon, severity: high }',
    '  - { id: a, type: none, severity: high }',
  ];
  await writeFile(join(world.folder, files.other), bad.join('\n'));
  await writeFile(join(world.folder, 'keys.csv'), 'source,key_id\nelsewhere,key_1\n');
  const { code, stdout, stderr } = await backtest();
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/keys\.csv:2:1 .*\n/);
  expect(stderr).toMatch(/other\.yaml:3:\d+ rules\.0\.after: /);
  expect(stderr).toMatch(/other\.yaml:4:\d+ rules\.1\.type: /);
  expect(stderr).toMatch(/other\.yaml:4:\d+ rules\.1\.id: /);
});

test('refuses a wrong request in one line', {
  tags: ['long'],
}, async () => {
  world = await createWorld();
  await writeFile(join(world.folder, files.other), JSON.stringify(would));
  const lines = [
    [['--sweep', 'x', '--since', '1d'], '--sweep and --since cannot both be given'],
    [
      ['--since', 'soon'],
      '--since "soon": must be a whole, positive duration such as 12h, 30d or 2w',
    ],
    [['--since', '30d'], 'no full sweep that was opened in the last 30d is closed'],
    [[], 'no full sweep has been closed yet; keysweep sweep runs one'],
  ] as const;
  for (const [args, line] of lines) {
    expect(await backtest(...args)).toMatchObject({ code: 2, stdout: '', stderr: `${line}\n` });
  }
  const missing = await world.run(['policy', 'backtest', '--policy', 'nowhere.yaml']);
  expect(missing).toMatchObject({
    code: 2,
    stderr: 'nowhere.yaml: cannot be read: there is no such file\n',
  });
});
