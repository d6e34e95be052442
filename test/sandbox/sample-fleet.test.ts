import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { parseFault } from '../../src/sandbox/parse-fault.ts';
import { sampleFleet } from '../../src/sandbox/sample-fleet.ts';

interface Row {
  readonly source: string;
  readonly key_id: string;
  readonly owner: string;
  readonly approved_scopes: string;
}

const csv = readFileSync(new URL('../../config/keys.csv', import.meta.url));
const inventory: readonly Row[] = parse(csv, { columns: true });
const tracked = new Set(inventory.map((row) => row.key_id));
const ids = new Set(sampleFleet.map(({ id }) => id));

describe('the sample inventory and the sample fleet agree', () => {
  test('every key of the fleet is tracked, in the sandbox’s source', () => {
    expect([...ids].filter((id) => !tracked.has(id))).toEqual([]);
    expect(new Set(inventory.map(({ source }) => source))).toEqual(new Set(['flexcharge-sandbox']));
  });

  test('two tracked keys are gone, and a third is told of with the FAILED body', () => {
    const gone = [...tracked].filter((id) => !ids.has(id));
    expect(gone).toEqual(['key_old_gateway', 'key_contractor_2023']);
    expect(sampleFleet.filter(({ fault }) => fault === 'missing-failed')).toHaveLength(1);
  });

  test('nothing is listed twice', () => {
    expect(tracked.size).toBe(inventory.length);
    expect(ids.size).toBe(sampleFleet.length);
  });

  test('some keys have no owner, and some no approved scopes', () => {
    expect(inventory.filter(({ owner }) => owner === '').length).toBeGreaterThanOrEqual(3);
    expect(inventory.filter((row) => row.approved_scopes === '').length).toBeGreaterThanOrEqual(3);
  });
});

test('the fleet has about sixty keys, of every kind that the rules look for', () => {
  expect(sampleFleet.length).toBeGreaterThanOrEqual(55);
  const days = (date: unknown) =>
    typeof date === 'string' ? Number(/^-(\d+)d$/.exec(date)?.[1]) : 0;
  const some = (wanted: (key: (typeof sampleFleet)[number]) => boolean) =>
    sampleFleet.filter(wanted).length;
  expect(some(({ lastUsed }) => days(lastUsed) >= 45)).toBeGreaterThanOrEqual(3);
  expect(some((key) => key.lastUsed === null && days(key.createdOn) >= 14)).toBeGreaterThanOrEqual(
    3,
  );
  expect(some((key) => key.lastUsed === null && days(key.createdOn) < 14)).toBeGreaterThanOrEqual(
    1,
  );
  expect(some(({ createdOn }) => days(createdOn) > 90)).toBeGreaterThanOrEqual(3);
  expect(some((key) => key.type === 'public' && `${key.scopes}`.includes(':write'))).toBe(1);
  expect(some((key) => key.type === undefined && key.fault === undefined)).toBe(1);
  expect(some(({ fault }) => fault === '500')).toBe(1);
});

test('every fault of the fleet is one that the sandbox knows', () => {
  for (const { fault } of sampleFleet) if (fault !== undefined) parseFault(fault);
});
