import { describe, expect, test } from 'vitest';
import { pieceSize } from '../../src/report/in-pieces.ts';
import { renderFindingsJson, renderJson, renderKeysJson } from '../../src/report/json.ts';
import { readReportJson } from '../../src/report/read-json.ts';
import {
  aFinding,
  aListedKey,
  aReport,
  aReportKey,
  aViolation,
  aWaiver,
  gather,
  openedAt,
  stream,
} from './world.ts';

const esc = '\u001b';

describe('a report in JSON', () => {
  test('is the object that contracts promises, field by field', async () => {
    const unknown = {
      source: 'prod',
      keyId: 'key_down',
      rule: null,
      reason: 'timeout' as const,
      fields: [],
      detail: 'no whole answer in 10 s',
    };
    const unread = {
      ...{ source: 'prod', keyId: 'key_odd', rule: 'old' },
      ...{ reason: 'field-unreadable' as const, fields: ['createdOn'], detail: 'createdOn' },
    };
    const report = aReport({
      keys: [aReportKey()],
      violations: [aViolation()],
      unknowns: [unknown, unread],
      waivers: [aWaiver()],
    });
    const parsed = JSON.parse(await gather(renderJson(report)));
    expect(parsed).toEqual({
      schema: 'keysweep.report/1',
      sweep: {
        id: '019ab0de-7c1f-7d3e-9a55-0b1c2d3e4f50',
        trigger: 'schedule',
        schedule: 'nightly',
        dueAt: '2026-11-23T07:30:00.123Z',
        openedAt: '2026-11-23T07:30:00.123Z',
        closedAt: '2026-11-23T07:31:10.000Z',
        status: 'incomplete',
        scope: 'full',
        policy: { version: '2026-11', hash: report.sweep.policy.hash },
      },
      coverage: { tracked: 415, audited: 412, unknown: 3, partial: 1 },
      verdicts: { pass: 390, fail: 20, waived: 2, unknown: 3 },
      evidence: null,
      rules: [{ id: 'stale-45', type: 'stale', severity: 'high', controls: ['CIS AWS 4.0 1.12'] }],
      waivers: [
        {
          id: 'W-12',
          rule: 'stale-45',
          reason: 'seasonal job',
          requestedBy: 'ann',
          approvedBy: ['bob'],
          expires: '2027-02-01T00:00:00.000Z',
        },
      ],
      keys: [
        {
          source: 'prod',
          keyId: 'key_abc123',
          verdict: 'pass',
          name: 'Checkout',
          type: 'secret',
          scopes: ['customers:read'],
          createdOn: '2026-01-02T03:04:05.000Z',
          lastUsed: null,
          lastFour: '7dc0',
          owner: 'payments',
          environment: 'production',
        },
      ],
      violations: [
        {
          fingerprint: 'f'.repeat(64),
          rule: 'stale-45',
          type: 'stale',
          severity: 'high',
          status: 'open',
          source: 'prod',
          keyId: 'key_abc123',
          message: 'not used for 61 days; the limit is 45 days',
          facts: { idleDays: 61, allowedDays: 45 },
          controls: ['CIS AWS 4.0 1.12'],
          waiver: null,
          firstSeen: '2026-11-23T07:30:00.123Z',
        },
      ],
      unknowns: [unknown, unread],
    });
  });

  test('escapes what a terminal obeys in every one of many rows, and nothing else', async () => {
    const names = Array.from({ length: 500 }, (_, n) =>
      n % 7 === 0 ? `a\u202e\u009b${n}` : `é ${n}`,
    );
    const keys = names.map((name) => aReportKey({ name }));
    const text = await gather(renderJson(aReport({ keys })));
    expect(text).not.toMatch(/[\u007f-\u009f]|\p{Cf}/u);
    expect(text.match(/a\\u202e\\u009b/g)).toHaveLength(72);
    expect(text.match(/é/g)).toHaveLength(428);
    const parsed = JSON.parse(text).keys as { name: string }[];
    expect(parsed.map(({ name }) => name)).toEqual(names);
  });

  test('is read back as the report it was rendered from', async () => {
    const report = aReport({
      keys: [aReportKey()],
      violations: [aViolation()],
      waivers: [aWaiver()],
    });
    const text = await gather(renderJson(report));
    expect(await gather(renderJson(readReportJson(JSON.parse(text))))).toBe(text);
  });

  test('is counted as it was written, once it is read back', async () => {
    const waived = aViolation({ status: 'waived', waiver: 'W-12', keyId: 'key_waived' });
    const used = [new Date('2026-11-01T10:00:00Z'), null, undefined];
    const report = aReport({
      keys: used.map((lastUsed, n) => aReportKey({ keyId: `key_${n}`, lastUsed })),
      violations: [aViolation(), waived, aViolation()],
    });
    const read = readReportJson(JSON.parse(await gather(renderJson(report))));
    const { rule, severity } = waived;
    expect(await read.broken()).toEqual([
      { rule, severity, waiver: null, keys: 2 },
      { rule, severity, waiver: 'W-12', keys: 1 },
    ]);
    for await (const some of read.lastUses()) expect(some).toEqual(used);
  });

  test('is read from a program that knew no rules and waivers in it', () => {
    const { sweep, coverage, verdicts } = JSON.parse(JSON.stringify(aReport()));
    const older = { sweep, coverage, verdicts, keys: [], violations: [], unknowns: [] };
    expect(readReportJson(older)).toMatchObject({ rules: [], waivers: [] });
  });

  test('has every list, when there is nothing in it too', async () => {
    const parsed = JSON.parse(await gather(renderJson(aReport())));
    expect([parsed.keys, parsed.violations, parsed.unknowns]).toEqual([[], [], []]);
  });

  test('tells a key that was never used from one whose last use is unreadable', async () => {
    const keys = [aReportKey({ lastUsed: null }), aReportKey({ lastUsed: undefined })];
    const parsed = JSON.parse(await gather(renderJson(aReport({ keys }))));
    expect(parsed.keys[0].lastUsed).toBeNull();
    expect(parsed.keys[1]).not.toHaveProperty('lastUsed');
  });

  test('comes in pieces, so that its size does not matter', async () => {
    const keys = Array.from({ length: 2_000 }, (_, at) => aReportKey({ keyId: `key_${at}` }));
    const pieces: string[] = [];
    for await (const piece of renderJson(aReport({ keys }))) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(7);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(1.3 * pieceSize);
    expect(JSON.parse(pieces.join('')).keys).toHaveLength(2_000);
  });

  test('escapes what a terminal would obey or hide, and means the same', async () => {
    const name = `${esc}[2J\u009b31m\u202egnp\u2028\u{e0041} "quoted" \\ 支払い`;
    const text = await gather(renderJson(aReport({ keys: [aReportKey({ name })] })));
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\u2028/u);
    expect(text).toContain('支払い');
    expect(JSON.parse(text).keys[0].name).toBe(name);
  });

  test('is not bent by a name that looks like JSON or like a prototype', async () => {
    const keys = [aReportKey({ name: '"},{"keyId":"forged"', keyId: '__proto__' })];
    const parsed = JSON.parse(await gather(renderJson(aReport({ keys }))));
    expect(parsed.keys).toHaveLength(1);
    expect(parsed.keys[0].keyId).toBe('__proto__');
  });
});

describe('findings and keys in JSON', () => {
  test('findings add how they ended', async () => {
    const ended = aFinding({ status: 'resolved', resolution: 'fixed', resolvedAt: openedAt });
    const parsed = JSON.parse(await gather(renderFindingsJson(stream([ended]))));
    expect(parsed.schema).toBe('keysweep.findings/1');
    expect(parsed.findings[0]).toMatchObject({
      status: 'resolved',
      firstSeen: '2026-11-23T07:30:00.123Z',
      lastSeen: '2026-11-23T07:30:00.123Z',
      resolvedAt: '2026-11-23T07:30:00.123Z',
      resolution: 'fixed',
    });
  });

  test('keys say what the inventory says of them', async () => {
    const key = aListedKey({ verdict: null, observedAt: null, approvedScopes: [], tags: ['pci'] });
    const parsed = JSON.parse(await gather(renderKeysJson(stream([key]))));
    expect(parsed.schema).toBe('keysweep.keys/1');
    expect(parsed.keys[0]).toMatchObject({ verdict: null, approvedScopes: [], tags: ['pci'] });
  });
});
