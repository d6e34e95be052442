import { describe, expect, test } from 'vitest';
import { pastLives } from '../../src/demo/past-lives.ts';
import { createFleet } from '../../src/sandbox/fleet.ts';
import { sampleFleet } from '../../src/sandbox/sample-fleet.ts';
import { dayMs, detailsAt, sampleLives } from './past.ts';

const now = new Date('2026-11-29T12:00:00Z');
const ago = (days: number) => new Date(now.getTime() - days * dayMs);
const lives = await sampleLives(now);
const of = (id: string, days: number) => detailsAt(lives.get(id), ago(days));
const nights = Array.from({ length: 61 }, (_, index) => ago(60 - index));

describe('the past of a key', () => {
  test('is of a tracked key: a life of another key would never be lived', () => {
    expect(Object.keys(pastLives).filter((id) => !lives.has(id))).toEqual([]);
  });

  test('ends as the sample fleet is now', () => {
    const fleet = createFleet(sampleFleet, now);
    const ends = [...lives].flatMap(([id, life]) => {
      const { name, scopes, lastUsed } = fleet.get(id) ?? {};
      const said = detailsAt(life, now);
      if (said === undefined) return [];
      const used = said.lastUsed?.toISOString().replace('.000Z', 'Z') ?? said.lastUsed;
      return [[id, said.name, said.scopes, used, name, scopes, lastUsed] as const];
    });
    expect(ends.length).toBeGreaterThan(50);
    for (const [id, name, scopes, used, ...fleetSays] of ends) {
      if (id !== 'key_odd_dates') expect([name, scopes, used]).toEqual(fleetSays);
    }
  });

  test('begins when the key is tracked, which is after it was created', () => {
    for (const life of lives.values()) {
      const created = detailsAt(life, life.trackedAt)?.createdOn;
      if (created !== undefined) expect(created.getTime()).toBeLessThan(life.trackedAt.getTime());
    }
  });

  test('never has a last use that goes back, or lies after the answer or before the creation', () => {
    for (const life of lives.values()) {
      const said = nights.flatMap((night) => {
        const { lastUsed, createdOn } = detailsAt(life, night) ?? {};
        const isKnown = lastUsed instanceof Date && night >= life.trackedAt;
        return isKnown ? [{ used: lastUsed, night, created: createdOn ?? new Date(0) }] : [];
      });
      for (const [index, { used, night, created }] of said.entries()) {
        expect(used >= (said[index - 1]?.used ?? created)).toBe(true);
        expect(used <= night && used > created).toBe(true);
      }
    }
  });

  test('is the same each time', async () => {
    const again = await sampleLives(now);
    for (const [id, life] of lives) {
      expect(nights.map((night) => life.observe(night))).toEqual(
        nights.map((night) => again.get(id)?.observe(night)),
      );
    }
  });

  test('lets keys that are stale now be in use before', () => {
    const idleDays = (id: string, days: number) =>
      (ago(days).getTime() - (of(id, days)?.lastUsed?.getTime() ?? 0)) / dayMs;
    expect(idleDays('key_migration_2', 59)).toBeLessThan(2);
    expect(idleDays('key_migration_2', 0)).toBeCloseTo(58, 1);
  });

  test('lets keys wake, drift and be mended', () => {
    const idle = ago(20).getTime() - (of('key_legacy_pos', 20)?.lastUsed?.getTime() ?? 0);
    expect(idle / dayMs).toBeGreaterThan(60);
    expect(of('key_legacy_pos', 14)?.lastUsed?.getTime()).toBeGreaterThan(ago(18.1).getTime());
    expect(of('key_drifted', 9.1)?.scopes).not.toContain('payouts:read');
    expect(of('key_drifted', 8.9)?.scopes).toContain('payouts:read');
    expect(of('key_ledger_import', 33.1)?.scopes).toContain('charges:write');
    expect(of('key_ledger_import', 32.9)?.scopes).toEqual(['charges:read']);
    expect(of('key_subscriptions', 46)?.lastUsed).toBeNull();
    expect(of('key_subscriptions', 43)?.lastUsed).not.toBeNull();
  });

  test('lets a key go, and others fail only lately', () => {
    expect(lives.get('key_old_gateway')?.observe(ago(27.1)).kind).toBe('present');
    expect(lives.get('key_old_gateway')?.observe(ago(26.9)).kind).toBe('missing');
    expect(lives.get('key_always_fails')?.observe(ago(5.1)).kind).toBe('present');
    expect(lives.get('key_always_fails')?.observe(ago(4.9))).toMatchObject({
      ...{ kind: 'unknown', reason: 'vendor-error', detail: 'HTTP 500' },
    });
    expect([of('key_no_type', 4.1)?.type, of('key_no_type', 3.9)?.type]).toEqual([
      'secret',
      undefined,
    ]);
    expect(of('key_odd_dates', 3.1)?.createdOn).toEqual(ago(58));
    expect(of('key_odd_dates', 2.9)?.createdOn).toBeUndefined();
  });
});
