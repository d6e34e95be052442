import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { noHistory } from '../../src/evaluate/history/history.ts';
import { compilePolicy } from '../../src/evaluate/policy/compile-policy.ts';
import { parsePolicy } from '../../src/evaluate/policy/parse-policy.ts';
import type { Observation } from '../../src/keys/observation.ts';
import { readDetails } from '../../src/keys/read-details.ts';
import type { TrackedKey } from '../../src/keys/tracked-key.ts';
import { readVendorFields } from '../../src/keys/vendor-fields.ts';
import { keyBody } from '../../src/sandbox/bodies.ts';
import { createFleet } from '../../src/sandbox/fleet.ts';
import type { FleetKey } from '../../src/sandbox/fleet-key.ts';
import { parseFault } from '../../src/sandbox/parse-fault.ts';
import { sampleFleet } from '../../src/sandbox/sample-fleet.ts';

interface Row {
  readonly source: string;
  readonly key_id: string;
  readonly owner: string;
  readonly environment: string;
  readonly tags: string;
  readonly approved_scopes: string;
}

const config = new URL('../../config/', import.meta.url);
const csv = readFileSync(new URL('keys.csv', config));
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

test('judged by the sample policy, the fleet breaks what one look can find, has a waiver, and leaves some unknown', () => {
  const asOf = new Date('2026-11-20T02:30:00Z');
  const fleet = createFleet(sampleFleet, asOf);
  const policy = compilePolicy(parsePolicy(readFileSync(new URL('policy.yaml', config), 'utf8')));
  const judged = inventory.map((row) => {
    const observation = observationOf(fleet.get(row.key_id), asOf);
    return evaluate({
      key: trackedKey(row),
      observation,
      policy,
      asOf,
      usageLagMs: 0,
      history: noHistory,
    });
  });

  const types = new Map(policy.rules.map(({ id, type }) => [id, type]));
  const broken = judged.flatMap(({ violations }) => violations.map(({ rule }) => types.get(rule)));
  expect(new Set(broken)).toEqual(
    new Set([
      ...['stale', 'never-used', 'too-old', 'over-scoped', 'scope-drift', 'expression'],
      ...['missing', 'unowned'],
    ]),
  );
  const warned = judged.flatMap(({ violations }) => violations.map(({ rule }) => rule));
  expect(warned).toEqual(expect.arrayContaining(['stale-45.due', 'too-old.due']));
  const waived = judged.flatMap(({ violations }) =>
    violations.flatMap(({ waiver }) => waiver ?? []),
  );
  expect(waived).toEqual(['W-12']);
  const keysWith = (wanted: string) =>
    inventory.filter((_row, index) => judged[index]?.verdict === wanted).map((row) => row.key_id);
  expect(keysWith('unknown')).toEqual(['key_no_type', 'key_odd_dates', 'key_always_fails']);
  expect(keysWith('pass').length).toBeGreaterThanOrEqual(25);
  expect(keysWith('fail').length).toBeGreaterThanOrEqual(20);
});

function observationOf(key: FleetKey | undefined, at: Date): Observation {
  if (key === undefined || key.fault === 'missing-failed') return { kind: 'missing', at };
  if (key.fault === '500')
    return { kind: 'unknown', at, reason: 'vendor-error', detail: 'HTTP 500' };
  return { kind: 'present', at, details: readDetails(readVendorFields(keyBody(key))) };
}

function trackedKey(row: Row): TrackedKey {
  const { source, key_id: keyId, owner, approved_scopes: approved } = row;
  return {
    source,
    keyId,
    owner: owner || null,
    environment: row.environment || null,
    approvedScopes: approved === '' ? null : approved.split('|'),
    tags: row.tags.split('|'),
  };
}
