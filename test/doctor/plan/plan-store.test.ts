import { expect, test } from 'vitest';
import { planDatabase } from '../../../src/doctor/plan/plan-database.ts';
import { planRedis } from '../../../src/doctor/plan/plan-redis.ts';
import { planRoom } from '../../../src/doctor/plan/plan-room.ts';
import { planWork } from '../../../src/doctor/plan/plan-work.ts';
import type { StoreFacts } from '../../../src/record/reads/read-store-facts.ts';

const facts: StoreFacts = {
  server: 'PostgreSQL at db:5432',
  refusesWrites: null,
  version: '15.4',
  versionNumber: 150_004,
  encoding: 'UTF8',
  closedTables: [],
  orphanedBatches: 0,
  orphanedAlerts: 0,
  lateSweeps: 0,
  schedules: [],
  lastFullSweepAt: null,
};

const judged = (difference: Partial<StoreFacts>) =>
  Object.fromEntries(
    planDatabase({ ...facts, ...difference }, 'postgres').map((line) => [line.check, line]),
  );

test('finds nothing wrong with an ordinary server', () => {
  const lines = planDatabase(facts, 'postgres');
  expect(lines.map(({ check, status }) => [check, status])).toEqual([
    ['writing', 'ok'],
    ['version', 'ok'],
    ['rights', 'ok'],
    ['settings', 'ok'],
  ]);
});

test('asks nothing of the server of the embedded store but to be written to', () => {
  const lines = planDatabase({ ...facts, versionNumber: 1 }, 'embedded');
  expect(lines.map(({ check }) => check)).toEqual(['writing']);
});

test('refuses a PostgreSQL before 13', () => {
  expect(judged({ versionNumber: 130_000 })['version']).toMatchObject({ status: 'ok' });
  expect(judged({ version: '12.22', versionNumber: 120_022 })['version']).toMatchObject({
    ...{ status: 'failure', seen: 'PostgreSQL 12.22' },
    mend: 'upgrade the server: 13 is the oldest that works',
  });
});

test('says what the server refuses, and how to mend it', () => {
  const refusesWrites = { what: 'PostgreSQL at db:5432 refuses writes (25006)', mend: 'it is …' };
  expect(judged({ refusesWrites })['writing']).toMatchObject({
    ...{ status: 'failure', seen: refusesWrites.what, mend: refusesWrites.mend },
  });
});

test('names the tables that the user may not use, and counts the others', () => {
  const seen = (closedTables: string[]) => judged({ closedTables })['rights'];
  expect(seen(['keysweep.a'])).toMatchObject({
    ...{ status: 'failure', seen: 'the user may not read, write and delete in keysweep.a' },
  });
  expect(seen(['a', 'b', 'c'])?.seen).toMatch(/ in a, b, c$/);
  expect(seen(['a', 'b', 'c', 'd'])?.seen).toMatch(/ in a, b, c and 1 more$/);
});

test('refuses other encodings than UTF8', () => {
  expect(judged({ encoding: 'LATIN1' })['settings']).toMatchObject({ status: 'failure' });
  expect(judged({ encoding: 'UTF8' })['settings']).toMatchObject({ status: 'ok' });
});

test('warns when less than 200 MB are free', () => {
  expect(planRoom(200 * 1024 * 1024, '/s')).toMatchObject({ status: 'ok' });
  expect(planRoom(200 * 1024 * 1024 - 1, '/s')).toMatchObject({
    ...{ status: 'warning', seen: '199 MB free for /s' },
  });
});

test.each([
  ['6.2.0', 'ok'],
  ['7.0.15', 'ok'],
  ['10.0.0', 'ok'],
  ['6.0.16', 'warning'],
  ['5.9.9', 'warning'],
  [undefined, 'warning'],
])('judges Redis %s as %s', (version, status) => {
  expect(planRedis([{ version, keepsLog: true }])[0]).toMatchObject({ check: 'version', status });
  const newer = { version: '7.2.0', keepsLog: true };
  expect(planRedis([newer, { version, keepsLog: true }])[0]).toMatchObject({ status });
});

test.each([
  [[true, true], 'ok', null],
  [[true, false], 'warning', 'set appendonly yes in Redis'],
  [[true, undefined], 'warning', 'make sure of it: set appendonly yes in Redis'],
])('judges append-only files of %j as %s', (logs, status, mend) => {
  const found = planRedis(logs.map((keepsLog) => ({ version: '7.2.0', keepsLog })));
  expect(found[1]).toMatchObject({ check: 'persistence', status, mend });
});

test('warns of work whose worker is gone and of sweeps that nobody closes', () => {
  const none = { orphanedBatches: 0, orphanedAlerts: 0, lateSweeps: 0 };
  expect(planWork(none).map(({ status }) => status)).toEqual(['ok', 'ok']);
  expect(planWork({ orphanedBatches: 1, orphanedAlerts: 2, lateSweeps: 0 })[0]).toMatchObject({
    ...{ status: 'warning', seen: 'the worker is gone of 1 batch and 2 alerts' },
  });
  expect(planWork({ ...none, lateSweeps: 1 })[1]).toMatchObject({
    ...{ status: 'warning', seen: '1 open sweep is past the deadline' },
  });
});
